package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** The absolute value; derivative 0 at 0. */
public record Abs() implements Unary, Primitive {
  @Override
  public double apply(double x) {
    return Math.abs(x);
  }

  @Override
  public double derivative(double x, double y) {
    return Math.signum(x);
  }
}
