package org.hcpl.train.atlas;

import java.util.SplittableRandom;

/**
 * A stream of random numbers of which every bit is fixed by its seed on any Java version: only
 * {@code SplittableRandom.nextDouble()} and {@code split()} are used, all else is derived here with
 * {@link StrictMath}.
 */
final class Draws {
  private static final int TABLE = 1 << 12;

  /** Quantiles of the normal distribution at (i + 1/2) / TABLE. */
  private static final float[] QUANTILES = quantiles();

  private final SplittableRandom random;

  private Draws(SplittableRandom random) {
    this.random = random;
  }

  /** The stream of an item of a seed; streams of different items are independent. */
  static Draws of(long seed, long item) {
    // Weyl steps keep (seed, item) and (seed + 1, item - 1) apart; the constructor mixes the bits.
    return new Draws(new SplittableRandom(seed * 0x9E3779B97F4A7C15L + item * 0xD1B54A32D192ED03L));
  }

  Draws split() {
    return new Draws(random.split());
  }

  /** In 0 (inclusive) to 1 (exclusive). */
  double uniform() {
    return random.nextDouble();
  }

  double uniform(double from, double to) {
    return from + (to - from) * random.nextDouble();
  }

  /** In 0 (inclusive) to bound (exclusive). */
  int below(int bound) {
    return (int) (random.nextDouble() * bound);
  }

  /** From least to most, both inclusive. */
  int between(int least, int most) {
    return least + below(most - least + 1);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  double angle() {
    return uniform(0, 2 * StrictMath.PI);
  }

  /** Standard normal, within +-3.7. */
  double gaussian() {
    return QUANTILES[(int) (random.nextDouble() * TABLE)];
  }

  /** A count of mean {@code mean}. */
  double poisson(double mean) {
    if (mean <= 0) {
      return 0;
    }
    if (mean > 16) {
      return Math.max(0, StrictMath.rint(mean + gaussian() * Math.sqrt(mean)));
    }
    double limit = Falloff.exp(mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit && count < 100) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }

  private static float[] quantiles() {
    float[] table = new float[TABLE];
    // Integrates the density from the median outwards; the trapezoid rule with steps of 1e-4 is
    // exact to 1e-9, far below what a table of 4096 steps resolves.
    double step = 1e-4;
    double area = 0.5;
    double z = 0;
    double density = 1 / StrictMath.sqrt(2 * StrictMath.PI);
    double last = density;
    for (int i = TABLE / 2; i < TABLE; i++) {
      double wanted = (i + 0.5) / TABLE;
      while (area < wanted) {
        z += step;
        double next = density * StrictMath.exp(-z * z / 2);
        area += step * (last + next) / 2;
        last = next;
      }
      table[i] = (float) z;
      table[TABLE - 1 - i] = (float) -z;
    }
    return table;
  }
}
