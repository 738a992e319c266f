package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** The natural logarithm. */
public record Log() implements Unary, Primitive {
  @Override
  public double apply(double x) {
    return Math.log(x);
  }

  @Override
  public double derivative(double x, double y) {
    return 1 / x;
  }
}
