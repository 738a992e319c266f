package org.hcpl.nn;

import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.PoolOptions;

/** The largest value of each window, {@code [N, H, W, C] -> [N, H', W', C]}. */
public final class MaxPool2d extends Module {
  private final PoolOptions options;

  public MaxPool2d(PoolOptions options) {
    this.options = options;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.maxPool2d(options);
  }
}
