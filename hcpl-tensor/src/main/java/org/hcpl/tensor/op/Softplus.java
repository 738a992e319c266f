package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** {@code log(1 + exp(x))}, exact to the last digit far to both sides. */
public record Softplus() implements Unary, Primitive {

  @Override
  public double apply(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  @Override
  public double derivative(double x, double y) {
    return 1 / (1 + Math.exp(-x));
  }
}
