package org.hcpl.nn;

import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.PoolOptions;

/** The mean value of each window, {@code [N, H, W, C] -> [N, H', W', C]}. */
public final class AvgPool2d extends Module {
  private final PoolOptions options;

  public AvgPool2d(PoolOptions options) {
    this.options = options;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.avgPool2d(options);
  }
}
