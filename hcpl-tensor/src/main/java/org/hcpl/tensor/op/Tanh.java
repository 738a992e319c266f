package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** The hyperbolic tangent. */
public record Tanh() implements Unary, Primitive {
  @Override
  public double apply(double x) {
    return Math.tanh(x);
  }

  @Override
  public double derivative(double x, double y) {
    return 1 - y * y;
  }
}
