package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** {@code x^exponent}, as {@link Math#pow}. */
public record PowScalar(double exponent) implements Unary, Primitive {
  @Override
  public double apply(double x) {
    return exponent == 2 ? x * x : Math.pow(x, exponent);
  }

  @Override
  public double derivative(double x, double y) {
    if (exponent == 0) {
      return 0; // Not 0 * infinity at x = 0.
    }
    return exponent == 2 ? 2 * x : exponent * Math.pow(x, exponent - 1);
  }
}
