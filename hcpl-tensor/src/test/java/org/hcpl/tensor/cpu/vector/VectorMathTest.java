package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The largest errors of the vector functions, over floats spread evenly in their bit patterns. */
class VectorMathTest {
  private interface Function {
    void run(float[] x, int xo, float[] y, int yo, int n);
  }

  /** A prime, so that all exponents and many mantissas are met: some 400,000 floats. */
  private static final int STRIDE = 10007;

  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    88.72f,
    88.73f,
    -87.4f,
    -103.9f,
    -104.1f
  };

  private static float[] floats(float from, float to) {
    int n = (int) ((1L << 32) / STRIDE);
    float[] x = new float[n + SPECIAL.length];
    int count = 0;
    for (int i = 0; i < n; i++) {
      float v = Float.intBitsToFloat((int) ((long) i * STRIDE));
      if (v >= from && v <= to) {
        x[count++] = v;
      }
    }
    for (float v : SPECIAL) {
      if (!(v < from) && !(v > to)) {
        x[count++] = v;
      }
    }
    return java.util.Arrays.copyOf(x, count);
  }

  /**
   * The largest error in ulp; where the true result is tiny, {@code floor} bounds the error
   * instead.
   */
  private static double worst(
      String name, Function f, DoubleUnaryOperator truth, float from, float to, float floor) {
    float[] x = floats(from, to);
    float[] y = new float[x.length];
    f.run(x, 0, y, 0, x.length);
    double worst = 0;
    float at = 0;
    for (int i = 0; i < x.length; i++) {
      double expected = truth.applyAsDouble(x[i]);
      double error = Reference.ulps(expected, y[i]);
      if (error > worst && !(Math.abs(y[i] - expected) <= floor)) {
        worst = error;
        at = x[i];
      }
    }
    if (Boolean.getBoolean("hcpl.test.print")) {
      System.out.println(name + ": " + worst + " ulp at " + at);
    }
    return worst;
  }

  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float TINY = Float.MIN_NORMAL;

  @Test
  void expAndLog() {
    assertThat(worst("exp", VectorUnary::exp, Math::exp, -INF, INF, 0)).isLessThan(1.1);
    assertThat(worst("log", VectorUnary::log, Math::log, -INF, INF, 0)).isLessThan(1.1);
    assertThat(
            worst(
                "elu",
                (x, xo, y, yo, n) -> VectorUnary.elu(1, x, xo, y, yo, n),
                v -> v < 0 ? Math.expm1(v) : v,
                -INF,
                INF,
                0))
        .isLessThan(2);
  }

  @Test
  void sigmoidal() {
    assertThat(worst("sigmoid", VectorUnary::sigmoid, Reference::sigmoid, -INF, INF, TINY))
        .isLessThan(3);
    assertThat(worst("silu", VectorUnary::silu, Reference::silu, -INF, INF, 100 * TINY))
        .isLessThan(4);
    assertThat(worst("tanh", VectorUnary::tanh, Math::tanh, -INF, INF, 0)).isLessThan(3);
    assertThat(worst("softplus", VectorUnary::softplus, Reference::softplus, -INF, INF, TINY))
        .isLessThan(2.5);
  }

  @Test
  void errorFunctions() {
    assertThat(worst("erf", VectorUnary::erf, Reference::erf, -INF, INF, 0)).isLessThan(2.5);
    // Below -5.75 both gelus are 0, where the truth is less than the floor.
    assertThat(worst("gelu", VectorUnary::gelu, Reference::gelu, -INF, INF, 3e-8f)).isLessThan(1.1);
    assertThat(worst("gelu near", VectorUnary::gelu, Reference::gelu, -5, INF, 0)).isLessThan(2.5);
    assertThat(worst("geluTanh", VectorUnary::geluTanh, Reference::geluTanh, -INF, INF, 3e-8f))
        .isLessThan(1.1);
    assertThat(worst("geluTanh near", VectorUnary::geluTanh, Reference::geluTanh, -3, INF, 0))
        .isLessThan(2);
  }

  @Test
  void powers() {
    for (float exponent : new float[] {3f, -1f, 1.5f, 0.1f, -7.25f, 0.45f, 40f, 0f}) {
      Function f = (x, xo, y, yo, n) -> VectorUnary.pow(exponent, x, xo, y, yo, n);
      assertThat(worst("pow " + exponent, f, v -> Math.pow(v, exponent), -INF, INF, 0))
          .isLessThan(Math.abs(exponent) < 10 ? 1.3 : 3);
    }
  }

  @Test
  void algebraic() {
    assertThat(worst("sqrt", VectorUnary::sqrt, Math::sqrt, -INF, INF, 0)).isLessThan(0.51);
    assertThat(worst("rsqrt", VectorUnary::rsqrt, v -> 1 / Math.sqrt(v), -INF, INF, 0))
        .isLessThan(1.6);
    assertThat(worst("relu", VectorUnary::relu, v -> v < 0 ? 0 : v, -INF, INF, 0)).isZero();
  }
}
