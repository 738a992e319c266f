package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.fail;

/** Comparison of a kernel's floats with doubles. */
final class Close {
  /** Half a unit in the last place of a float near 1. */
  static final double EPS = Math.scalb(1.0, -24);

  private Close() {}

  /**
   * Each element within {@code roundings} roundings of its magnitude: {@code |actual - expected| <=
   * roundings * eps * magnitude}, where the magnitude of a sum is the sum of its absolute terms.
   */
  static void within(
      String what,
      double roundings,
      double[] expected,
      double[] magnitude,
      float[] actual,
      int offset) {
    for (int i = 0; i < expected.length; i++) {
      double bound = roundings * EPS * magnitude[i] + Float.MIN_VALUE;
      float a = actual[offset + i];
      boolean close =
          Double.isNaN(expected[i])
              ? Float.isNaN(a)
              : a == expected[i] || Math.abs(a - expected[i]) <= bound;
      if (!close) {
        fail("%s [%d]: %s, expected %s within %s", what, i, a, expected[i], bound);
      }
    }
  }

  /** The same with the expected value as its own magnitude. */
  static void within(String what, double roundings, double[] expected, float[] actual, int offset) {
    double[] magnitude = new double[expected.length];
    for (int i = 0; i < magnitude.length; i++) {
      magnitude[i] = Math.abs(expected[i]);
    }
    within(what, roundings, expected, magnitude, actual, offset);
  }
}
