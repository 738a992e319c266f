package org.hcpl.tensor.cpu.vector;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/** Scalar double functions and arrays that the kernels are compared with. */
final class Reference {
  private Reference() {}

  /**
   * Error function by its positive series for small arguments and the continued fraction of erfc
   * otherwise.
   */
  static double erf(double x) {
    return Math.abs(x) < 2 ? series(x) : Math.copySign(1 - erfc(Math.abs(x)), x);
  }

  /** 1 - erf(x) without cancellation. */
  static double erfc(double x) {
    if (x < 2) {
      return 1 - erf(x);
    }
    double f = 0;
    for (int k = 120; k >= 1; k--) {
      f = k / 2.0 / (x + f);
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + f);
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  static double sigmoid(double x) {
    return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
  }

  static double normalCdf(double x) {
    return x < 0 ? erfc(-x / Math.sqrt(2)) / 2 : 1 - erfc(x / Math.sqrt(2)) / 2;
  }

  static double gelu(double x) {
    return Double.isInfinite(x) ? Math.max(x, -0.0) : x * normalCdf(x);
  }

  static double geluTanh(double x) {
    double inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    return Double.isInfinite(x) ? Math.max(x, -0.0) : x * sigmoid(2 * inner);
  }

  static double silu(double x) {
    return x == Double.NEGATIVE_INFINITY ? -0.0 : x * sigmoid(x);
  }

  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** The symmetric difference quotient in double. */
  static double slope(DoubleUnaryOperator f, double x) {
    double h = 1e-6 * Math.max(1, Math.abs(x));
    return (f.applyAsDouble(x + h) - f.applyAsDouble(x - h)) / (2 * h);
  }

  static float[] random(SplittableRandom random, int n, double from, double to) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (from + (to - from) * random.nextDouble());
    }
    return x;
  }

  static float[] normal(long seed, int n) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /**
   * The error of {@code actual} in units in the last place of the float nearest to {@code
   * expected}.
   */
  static double ulps(double expected, float actual) {
    float nearest = (float) expected;
    if (Float.isNaN(nearest) || Float.isNaN(actual)) {
      return Float.isNaN(nearest) && Float.isNaN(actual) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (Float.isInfinite(nearest) || Float.isInfinite(actual)) {
      return nearest == actual ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(actual - expected) / Math.ulp(nearest);
  }
}
