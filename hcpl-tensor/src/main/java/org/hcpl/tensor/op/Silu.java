package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Tensor;

/** {@code x * sigmoid(x)} (Elfwing et al. 2018; also called swish). */
public record Silu() implements Unary {
  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return x.mul(x.sigmoid());
  }

  @Override
  public double apply(double x) {
    return x / (1 + Math.exp(-x));
  }

  @Override
  public double derivative(double x, double y) {
    double s = 1 / (1 + Math.exp(-x));
    return s * (1 + x * (1 - s));
  }
}
