package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** {@code min(max(x, 0), 6)}; derivative 0 at 0 and 6. */
public record Relu6() implements Unary, Primitive {

  @Override
  public double apply(double x) {
    return Math.min(Math.max(x, 0), 6);
  }

  @Override
  public double derivative(double x, double y) {
    return x > 0 && x < 6 ? 1 : 0;
  }
}
