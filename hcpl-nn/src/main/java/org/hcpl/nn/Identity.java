package org.hcpl.nn;

import org.hcpl.tensor.Tensor;

/** Returns its input. */
public final class Identity extends Module {
  @Override
  public Tensor forward(Tensor x) {
    return x;
  }
}
