package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** The error function {@code 2/sqrt(pi) * integral of exp(-t^2) from 0 to x}. */
public record Erf() implements Unary, Primitive {
  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

  /**
   * By the Taylor series for small arguments and the continued fraction for large ones (Abramowitz
   * and Stegun 7.1.5, 7.1.14).
   */
  @Override
  public double apply(double x) {
    double a = Math.abs(x);
    if (Double.isNaN(x)) {
      return x;
    }
    if (a > 6) {
      return Math.signum(x);
    }
    if (a < 2.5) {
      double term = x;
      double sum = x;
      for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
        term *= -x * x / n;
        sum += term / (2 * n + 1);
      }
      return TWO_OVER_ROOT_PI * sum;
    }
    double fraction = a;
    for (int n = 60; n >= 1; n--) {
      fraction = a + n / 2.0 / fraction;
    }
    return Math.signum(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * fraction));
  }

  @Override
  public double derivative(double x, double y) {
    return TWO_OVER_ROOT_PI * Math.exp(-x * x);
  }
}
