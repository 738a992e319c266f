package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Tensor;

/** The logistic function {@code 1 / (1 + exp(-x))}. */
public record Sigmoid() implements Unary {
  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return x.neg().exp().add(1).reciprocal();
  }

  @Override
  public double apply(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Override
  public double derivative(double x, double y) {
    return y * (1 - y);
  }
}
