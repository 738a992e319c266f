package org.hcpl.train.atlas;

/**
 * Smooth steps and falloffs, from tables and exact arithmetic so that they are the same anywhere.
 */
final class Falloff {
  private static final int STEPS = 256;
  private static final int RANGE = 20;
  private static final double[] TABLE = new double[STEPS * RANGE + 2];

  static {
    for (int i = 0; i < TABLE.length; i++) {
      TABLE[i] = StrictMath.exp(-(double) i / STEPS);
    }
  }

  private Falloff() {}

  /** exp(-x) for x &ge; 0, to 2e-6; 1 below 0. */
  static double exp(double x) {
    if (x <= 0) {
      return 1;
    }
    if (x >= RANGE) {
      return 0;
    }
    double at = x * STEPS;
    int i = (int) at;
    return TABLE[i] + (at - i) * (TABLE[i + 1] - TABLE[i]);
  }

  /** exp(-(x/sigma)^2 / 2). */
  static double gauss(double x, double sigma) {
    return exp(x * x / (2 * sigma * sigma));
  }

  /** 0 below {@code from}, 1 above {@code to}, a cubic between. */
  static double step(double x, double from, double to) {
    double t = Math.max(0, Math.min(1, (x - from) / (to - from)));
    return t * t * (3 - 2 * t);
  }
}
