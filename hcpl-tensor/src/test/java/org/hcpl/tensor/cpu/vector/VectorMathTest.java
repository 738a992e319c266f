package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.hcpl.tensor.op.Mish;
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
    assertThat(worst("sigmoid", VectorUnary::sigmoid, Reference::sigmoid, -20, INF, TINY))
        .isLessThan(3);
    assertThat(worst("far sigmoid", VectorUnary::sigmoid, Reference::sigmoid, -INF, INF, TINY))
        .isLessThan(6);
    assertThat(worst("silu", VectorUnary::silu, Reference::silu, -20, INF, 0)).isLessThan(4);
    assertThat(worst("far silu", VectorUnary::silu, Reference::silu, -INF, INF, 100 * TINY))
        .isLessThan(7);
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
    float[] exponents = {
      3f, -1f, 1.5f, 0.1f, -7.25f, 0.45f, 40f, 0f, 1f, 2f, 0.5f, -2f, 4f, -4f, 1.7f, 2.2f, -3.9f,
      0.01f, -1e-30f, 5f, -1e20f, INF, -INF, Float.NaN
    };
    for (float exponent : exponents) {
      Function f = (x, xo, y, yo, n) -> VectorUnary.pow(exponent, x, xo, y, yo, n);
      double bound = Math.abs(exponent) < 10 ? 1.3 : 3;
      assertThat(worst("pow " + exponent, f, v -> Math.pow(v, exponent), -INF, INF, 0))
          .isLessThan(bound);
    }
    assertThat(
            worst(
                "pow -0.5",
                (x, xo, y, yo, n) -> VectorUnary.pow(-0.5f, x, xo, y, yo, n),
                v -> Math.pow(v, -0.5),
                -INF,
                INF,
                0))
        .isLessThan(1.6);
  }

  /** The derivatives, of which far ones are 0 below 1.2e-38. */
  @Test
  void slopes() {
    Function softplus = slope(VectorUnaryGrad::softplus);
    assertThat(worst("softplus gradient", softplus, Reference::sigmoid, -20, INF, TINY))
        .isLessThan(3);
    assertThat(worst("far softplus gradient", softplus, Reference::sigmoid, -INF, INF, TINY))
        .isLessThan(6);
    assertThat(
            worst(
                "erf gradient",
                slope(VectorUnaryGrad::erf),
                v -> 2 / Math.sqrt(Math.PI) * Math.exp(-v * v),
                -3,
                3,
                0))
        .isLessThan(10);
    assertThat(
            worst(
                "elu gradient",
                slope((x, xo, g, go, d, p, n) -> VectorUnaryGrad.elu(0.5f, x, xo, g, go, d, p, n)),
                v -> v > 0 ? 1 : 0.5 * Math.exp(v),
                -INF,
                INF,
                TINY))
        .isLessThan(1.1);
    assertThat(worst("mish", VectorUnary::mish, new Mish()::apply, -1e30f, INF, 100 * TINY))
        .isLessThan(5);
    assertThat(
            worst(
                "mish gradient",
                slope(VectorUnaryGrad::mish),
                v -> new Mish().derivative(v, 0),
                -1e30f,
                1e30f,
                3e-7f))
        .isLessThan(5);
  }

  private interface Backward {
    void run(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n);
  }

  private static Function slope(Backward backward) {
    return (x, xo, y, yo, n) -> {
      float[] one = new float[n];
      java.util.Arrays.fill(one, 1);
      backward.run(x, xo, one, 0, y, yo, n);
    };
  }

  @Test
  void signsOfPowersAreThoseOfMath() {
    float[] bases = {0f, -0f, INF, -INF, -2f, -3.5f, -1e-30f, -1e30f, 1f, -1f};
    for (float exponent : new float[] {1, 2, 3, -1, -2, -3, 5, 7, 0.5f, -0.5f, 1.5f, 1.7f, 9.5f}) {
      float[] y = new float[bases.length];
      float[] same = new float[bases.length];
      VectorUnary.pow(exponent, bases, 0, y, 0, bases.length);
      VectorBinary.scalarRight(BinaryOp.POW, bases, 0, exponent, same, 0, bases.length);
      float[] exponents = new float[bases.length];
      java.util.Arrays.fill(exponents, exponent);
      float[] pairs = new float[bases.length];
      VectorBinary.same(BinaryOp.POW, bases, 0, exponents, 0, pairs, 0, bases.length);
      for (int i = 0; i < bases.length; i++) {
        float expected = (float) Math.pow(bases[i], exponent);
        for (float found : new float[] {y[i], same[i], pairs[i]}) {
          assertThat(Math.copySign(1, found) == Math.copySign(1, expected) || Float.isNaN(expected))
              .as("%s^%s", bases[i], exponent)
              .isTrue();
          assertThat(Reference.ulps(expected, found)).as("%s^%s", bases[i], exponent).isLessThan(3);
        }
      }
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
