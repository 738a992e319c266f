package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** The square root; its derivative at 0 is infinite. */
public record Sqrt() implements Unary, Primitive {
  @Override
  public double apply(double x) {
    return Math.sqrt(x);
  }

  @Override
  public double derivative(double x, double y) {
    return 0.5 / y;
  }
}
