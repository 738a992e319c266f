package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** x itself: where an operation takes an activation, none. */
public record Identity() implements Unary, Primitive {
  @Override
  public double apply(double x) {
    return x;
  }

  @Override
  public double derivative(double x, double y) {
    return 1;
  }
}
