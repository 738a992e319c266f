package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** The exponential function. */
public record Exp() implements Unary, Primitive {
  @Override
  public double apply(double x) {
    return Math.exp(x);
  }

  @Override
  public double derivative(double x, double y) {
    return y;
  }
}
