package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Tensor;

/** {@code min(max(x + 3, 0), 6) / 6}. */
public record HardSigmoid() implements Unary {

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return x.add(3).relu6().div(6);
  }

  @Override
  public double apply(double x) {
    return Math.min(Math.max(x + 3, 0), 6) / 6;
  }

  @Override
  public double derivative(double x, double y) {
    return x > -3 && x < 3 ? 1.0 / 6 : 0;
  }
}
