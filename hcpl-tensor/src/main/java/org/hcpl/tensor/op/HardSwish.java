package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Tensor;

/** {@code x * min(max(x + 3, 0), 6) / 6} (Howard et al. 2019). */
public record HardSwish() implements Unary {

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return x.mul(x.hardSigmoid());
  }

  @Override
  public double apply(double x) {
    return x * Math.min(Math.max(x + 3, 0), 6) / 6;
  }

  @Override
  public double derivative(double x, double y) {
    return x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1;
  }
}
