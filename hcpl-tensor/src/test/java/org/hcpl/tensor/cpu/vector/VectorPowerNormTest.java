package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against the formula in double, over floats spread evenly in their bit patterns. */
class VectorPowerNormTest {
  /** A prime, so that all exponents and many mantissas are met: some 43,000 floats. */
  private static final int STRIDE = 100003;

  private static final double FLOOR = 1e-7;
  private static final float[] BETAS = {0.1f, 0.3f, 0.5f, 0.7f, 1, 1.3f, 2, 2.2f, 3};
  private static final float[] ALPHAS = {1, -1.5f, 0.7f, 1e-30f, 3e30f, 0};
  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    Math.nextUp(1f),
    Math.nextDown(1f),
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Math.nextDown(Float.MIN_NORMAL),
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  @Test
  void oneExponent() {
    float[] s = floats();
    for (float beta : BETAS) {
      for (float alpha : new float[] {1, -0.7f}) {
        double[] alphas = new double[1000];
        double[] betas = new double[1000];
        Arrays.fill(alphas, alpha);
        Arrays.fill(betas, beta);
        check("alpha " + alpha + ", beta " + beta, s, alphas, betas);
      }
    }
  }

  /** Rows of several blocks, of some vectors and a rest, and shorter than a vector. */
  @Test
  void exponentsPerChannel() {
    float[] s = floats();
    for (int width : new int[] {1, 5, 7, 64, 509, 1024, 2500}) {
      double[] alphas = new double[width];
      double[] betas = new double[width];
      for (int i = 0; i < width; i++) {
        alphas[i] = ALPHAS[i % ALPHAS.length];
        betas[i] = BETAS[i / ALPHAS.length % BETAS.length];
      }
      check(width + " channels", s, alphas, betas);
    }
  }

  /** Also exponents outside the domain, as the formula in double has them. */
  @Test
  void anyExponent() {
    float[] s = floats();
    float[] exponents = {
      0, 1e-30f, -1, -0.5f, 20, 120, 126, 1e5f, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN
    };
    for (float beta : exponents) {
      double[] betas = new double[256];
      double[] alphas = new double[256];
      Arrays.fill(alphas, 1.25);
      Arrays.fill(betas, beta);
      float[] y = new float[s.length];
      VectorPowerNorm.forward(new VectorPowerNorm.Parameters(alphas, betas), s, 0, y, 0, s.length);
      for (int i = 0; i < s.length; i++) {
        double expected = s[i] <= 0 ? 0 : 1.25 * Math.exp(beta * Math.log(s[i]));
        double bound = Math.abs(beta) > 10 ? 12 : 2;
        assertThat(Reference.ulps(expected, y[i])).as("%s^%s", s[i], beta).isLessThan(bound);
      }
    }
  }

  /** No bits differ before and after the loops are compiled, nor with what stands beside. */
  @Test
  void bitsAreThoseOfTheNumberAlone() {
    int n = 83;
    SplittableRandom random = new SplittableRandom(3);
    float[] s = Reference.random(random, n, -1, 2);
    System.arraycopy(SPECIAL, 0, s, 20, SPECIAL.length);
    float[] dy = Reference.random(random, n, -1, 1);
    double[] alphas = new double[n];
    double[] betas = new double[n];
    for (int i = 0; i < n; i++) {
      alphas[i] = ALPHAS[i % ALPHAS.length];
      betas[i] = BETAS[i % BETAS.length];
    }
    VectorPowerNorm.Parameters p = new VectorPowerNorm.Parameters(alphas, betas);
    float[] y = new float[n];
    float[] ds = new float[n];
    double[][] sums = new double[2][n];
    VectorPowerNorm.forward(p, s, 0, y, 0, n);
    VectorPowerNorm.gradient(p, s, 0, dy, 0, FLOOR, ds, 0, sums[0], sums[1], n);
    for (int i = 0; i < n; i++) {
      VectorPowerNorm.Parameters one =
          new VectorPowerNorm.Parameters(new double[] {alphas[i]}, new double[] {betas[i]});
      float[] single = new float[2];
      double[][] term = new double[2][1];
      VectorPowerNorm.forward(one, s, i, single, 0, 1);
      VectorPowerNorm.gradient(one, s, i, dy, i, FLOOR, single, 1, term[0], term[1], 1);
      assertThat(single).as("%s", s[i]).containsExactly(y[i], ds[i]);
      assertThat(term[0]).containsExactly(sums[0][i]);
      assertThat(term[1]).containsExactly(sums[1][i]);
    }
    float[] again = new float[n];
    float[] dsAgain = new float[n];
    double[][] sumsAgain = new double[2][n];
    for (int k = 0; k < 20_000; k++) {
      Arrays.fill(sumsAgain[0], 0);
      Arrays.fill(sumsAgain[1], 0);
      VectorPowerNorm.forward(p, s, 0, again, 0, n);
      VectorPowerNorm.gradient(p, s, 0, dy, 0, FLOOR, dsAgain, 0, sumsAgain[0], sumsAgain[1], n);
    }
    assertThat(again).isEqualTo(y);
    assertThat(dsAgain).isEqualTo(ds);
    assertThat(sumsAgain[0]).isEqualTo(sums[0]);
    assertThat(sumsAgain[1]).isEqualTo(sums[1]);
  }

  private static float[] floats() {
    int n = (int) ((1L << 32) / STRIDE);
    float[] s = new float[n + SPECIAL.length];
    for (int i = 0; i < n; i++) {
      s[i] = Float.intBitsToFloat((int) ((long) i * STRIDE));
    }
    System.arraycopy(SPECIAL, 0, s, n, SPECIAL.length);
    return s;
  }

  private static void check(String what, float[] s, double[] alphas, double[] betas) {
    int n = s.length;
    int width = alphas.length;
    VectorPowerNorm.Parameters p = new VectorPowerNorm.Parameters(alphas, betas);
    float[] dy = Reference.random(new SplittableRandom(1), n + 2, -1, 1);
    float[] y = new float[n + 3];
    VectorPowerNorm.forward(p, s, 0, y, 3, n);
    float[] ds = new float[n + 1];
    double[] sum = new double[width];
    double[] logSum = new double[width];
    double worst = 0;
    double worstSlope = 0;
    double worstSum = 0;
    double worstLogSum = 0;
    // A row at a time, so that a sum is one term.
    for (int from = 0; from < n; from += width) {
      int m = Math.min(width, n - from);
      Arrays.fill(sum, 0);
      Arrays.fill(logSum, 0);
      VectorPowerNorm.gradient(p, s, from, dy, from + 2, FLOOR, ds, from + 1, sum, logSum, m);
      for (int c = 0; c < m; c++) {
        int i = from + c;
        boolean off = s[i] <= 0;
        double power = off ? 0 : Math.exp(betas[c] * Math.log(s[i]));
        double weighted = off ? 0 : dy[i + 2] * power;
        double log = off ? 0 : Math.log(s[i]);
        double divisor = Math.min(Math.max(s[i], FLOOR), Float.MAX_VALUE);
        double slope = off ? 0 : weighted * alphas[c] * betas[c] / divisor;
        worst = Math.max(worst, Reference.ulps(off ? 0 : alphas[c] * power, y[i + 3]));
        worstSum = Math.max(worstSum, ulps(weighted, sum[c], 0));
        // What a denormal term may be off is what its products are off.
        double lost = Math.abs(weighted) < Float.MIN_NORMAL ? Float.MIN_VALUE : 0;
        worstLogSum = Math.max(worstLogSum, ulps(weighted * log, logSum[c], lost * Math.abs(log)));
        double lostSlope = lost * Math.abs(alphas[c] * betas[c]) / divisor;
        worstSlope = Math.max(worstSlope, ulps(slope, ds[i + 1], lostSlope));
      }
    }
    if (Boolean.getBoolean("hcpl.test.print")) {
      System.out.printf(
          "%s: values %.2f, slopes %.2f, sums %.2f and %.2f ulp%n",
          what, worst, worstSlope, worstSum, worstLogSum);
    }
    assertThat(worst).as("values, %s", what).isLessThan(2);
    assertThat(worstSlope).as("slopes, %s", what).isLessThan(4);
    assertThat(worstSum).as("terms of alpha, %s", what).isLessThan(2);
    assertThat(worstLogSum).as("terms of beta, %s", what).isLessThan(4);
  }

  /** Units in the last place of a float near the expected value, but for what may be lost. */
  private static double ulps(double expected, double found, double lost) {
    if (expected == found || Math.abs(expected - found) <= lost) {
      return 0;
    }
    // Sums are in double: a term may be there that no float could hold.
    boolean beyond = Math.abs(expected) > Float.MAX_VALUE && Double.isFinite(found);
    if (beyond) {
      return Math.abs(expected - found) / Math.abs(expected) * 0x1p23;
    }
    return Reference.ulps(expected, (float) found);
  }
}
