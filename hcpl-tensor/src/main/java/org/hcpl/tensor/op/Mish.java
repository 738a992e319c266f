package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Tensor;

/** {@code x * tanh(softplus(x))} (Misra 2019). */
public record Mish() implements Unary {
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return x.mul(x.softplus().tanh());
  }

  @Override
  public double apply(double x) {
    return x * Math.tanh(softplus(x));
  }

  @Override
  public double derivative(double x, double y) {
    double t = Math.tanh(softplus(x));
    return t + x * (1 - t * t) / (1 + Math.exp(-x));
  }
}
