package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** {@code scale * x + shift}. */
public record Affine(double scale, double shift) implements Unary, Primitive {
  @Override
  public double apply(double x) {
    return scale * x + shift;
  }

  @Override
  public double derivative(double x, double y) {
    return scale;
  }
}
