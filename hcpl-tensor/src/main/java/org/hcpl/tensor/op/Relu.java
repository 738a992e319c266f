package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** {@code max(x, 0)}; derivative 0 at 0. */
public record Relu() implements Unary, Primitive {
  @Override
  public double apply(double x) {
    return Math.max(x, 0);
  }

  @Override
  public double derivative(double x, double y) {
    return x > 0 ? 1 : 0;
  }
}
