package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class VectorUnaryTest {
  private static final int[] SIZES = {0, 1, 2, 5, 7, 11, 13, 16, 17, 31, 33, 64, 100, 20001};

  private interface Forward {
    void run(float[] x, int xo, float[] y, int yo, int n);
  }

  private interface Backward {
    void run(float[] v, int vo, float[] dy, int dyo, float[] dx, int dxo, int n);
  }

  private static void check(
      String name,
      Forward forward,
      Backward backward,
      boolean fromOutput,
      boolean positive,
      DoubleUnaryOperator truth) {
    for (int n : SIZES) {
      float[] x = Reference.normal(n + 1, n + 5);
      for (int i = 0; i < x.length; i++) {
        x[i] = positive ? Math.abs(x[i]) + 0.1f : x[i] * 2;
      }
      float[] y = new float[n + 4];
      java.util.Arrays.fill(y, 99f);
      forward.run(x, 3, y, 2, n);
      double[] expected = new double[n];
      for (int i = 0; i < n; i++) {
        expected[i] = truth.applyAsDouble(x[3 + i]);
      }
      // Exact bounds are VectorMathTest's; the gelus end where they are less than 3e-8.
      double[] size = new double[n];
      for (int i = 0; i < n; i++) {
        size[i] = Math.abs(expected[i]) + 0.03;
      }
      Close.within(name + " " + n, 16, expected, size, y, 2);
      assertThat(y[1]).isEqualTo(99f);
      assertThat(y[n + 2]).isEqualTo(99f);
      float[] inPlace = x.clone();
      forward.run(inPlace, 3, inPlace, 3, n);
      assertThat(java.util.Arrays.compare(inPlace, 3, n + 3, y, 2, n + 2)).isZero();
      if (backward == null) {
        continue;
      }
      float[] dy = Reference.normal(n + 7, n + 1);
      float[] dx = new float[n + 2];
      dx[n + 1] = 99f;
      backward.run(fromOutput ? y : x, fromOutput ? 2 : 3, dy, 1, dx, 1, n);
      double[] slope = new double[n];
      double[] magnitude = new double[n];
      for (int i = 0; i < n; i++) {
        slope[i] = dy[1 + i] * Reference.slope(truth, x[3 + i]);
        // The difference quotient is good to some 1e-9, a slope of small magnitude is a difference
        // of numbers near 1.
        magnitude[i] = Math.abs(slope[i]) + Math.abs(dy[1 + i]);
      }
      Close.within(name + " gradient " + n, 24, slope, magnitude, dx, 1);
      assertThat(dx[n + 1]).isEqualTo(99f);
    }
  }

  @Test
  void rectifiers() {
    check("relu", VectorUnary::relu, VectorUnaryGrad::relu, false, false, v -> Math.max(v, 0));
    check(
        "relu from y", VectorUnary::relu, VectorUnaryGrad::relu, true, false, v -> Math.max(v, 0));
    check(
        "leakyRelu",
        (x, xo, y, yo, n) -> VectorUnary.leakyRelu(0.125f, x, xo, y, yo, n),
        (x, xo, g, go, d, p, n) -> VectorUnaryGrad.leakyRelu(0.125f, x, xo, g, go, d, p, n),
        false,
        false,
        v -> v < 0 ? v / 8 : v);
    check(
        "elu",
        (x, xo, y, yo, n) -> VectorUnary.elu(0.5f, x, xo, y, yo, n),
        (x, xo, g, go, d, p, n) -> VectorUnaryGrad.elu(0.5f, x, xo, g, go, d, p, n),
        false,
        false,
        v -> v < 0 ? 0.5 * Math.expm1(v) : v);
    check(
        "selu",
        VectorUnary::selu,
        VectorUnaryGrad::selu,
        false,
        false,
        v ->
            1.0507009873554804934193349852946
                * (v < 0 ? 1.6732632423543772848170429916717 * Math.expm1(v) : v));
  }

  @Test
  void smoothActivations() {
    check("silu", VectorUnary::silu, VectorUnaryGrad::silu, false, false, Reference::silu);
    check("gelu", VectorUnary::gelu, VectorUnaryGrad::gelu, false, false, Reference::gelu);
    check(
        "geluTanh",
        VectorUnary::geluTanh,
        VectorUnaryGrad::geluTanh,
        false,
        false,
        Reference::geluTanh);
    check(
        "sigmoid", VectorUnary::sigmoid, VectorUnaryGrad::sigmoid, true, false, Reference::sigmoid);
    check("tanh", VectorUnary::tanh, VectorUnaryGrad::tanh, true, false, Math::tanh);
    check(
        "softplus",
        VectorUnary::softplus,
        VectorUnaryGrad::softplus,
        false,
        false,
        Reference::softplus);
    check("erf", VectorUnary::erf, VectorUnaryGrad::erf, false, false, Reference::erf);
  }

  @Test
  void limitedActivations() {
    check(
        "mish",
        VectorUnary::mish,
        VectorUnaryGrad::mish,
        false,
        false,
        v -> v * Math.tanh(Reference.softplus(v)));
    check(
        "hardSigmoid",
        VectorUnary::hardSigmoid,
        VectorUnaryGrad::hardSigmoid,
        false,
        false,
        v -> Math.min(Math.max(v + 3, 0), 6) / 6);
    check(
        "hardSwish",
        VectorUnary::hardSwish,
        VectorUnaryGrad::hardSwish,
        false,
        false,
        v -> v * Math.min(Math.max(v + 3, 0), 6) / 6);
    check(
        "clamp",
        (x, xo, y, yo, n) -> VectorUnary.clamp(-1, 2, x, xo, y, yo, n),
        (x, xo, g, go, d, p, n) -> VectorUnaryGrad.clamp(-1, 2, x, xo, g, go, d, p, n),
        false,
        false,
        v -> Math.min(Math.max(v, -1), 2));
    check(
        "relu6",
        (x, xo, y, yo, n) -> VectorUnary.clamp(0, 6, x, xo, y, yo, n),
        VectorUnaryGrad::relu6,
        false,
        false,
        v -> Math.min(Math.max(v, 0), 6));
  }

  @Test
  void powersAndLogarithms() {
    check("exp", VectorUnary::exp, VectorUnaryGrad::exp, true, false, Math::exp);
    check("log", VectorUnary::log, VectorUnaryGrad::log, false, true, Math::log);
    check("sqrt", VectorUnary::sqrt, VectorUnaryGrad::sqrt, true, true, Math::sqrt);
    check("rsqrt", VectorUnary::rsqrt, VectorUnaryGrad::rsqrt, true, true, v -> 1 / Math.sqrt(v));
    check("abs", VectorUnary::abs, VectorUnaryGrad::abs, false, false, Math::abs);
    check("neg", VectorUnary::neg, null, false, false, v -> -v);
    check("square", VectorUnary::square, VectorUnaryGrad::square, false, false, v -> v * v);
    for (float e : new float[] {2f, 0.5f, -0.5f, 1f, 3f, -1f, 0f, 1.7f}) {
      check(
          "pow " + e,
          (x, xo, y, yo, n) -> VectorUnary.pow(e, x, xo, y, yo, n),
          (x, xo, g, go, d, p, n) -> VectorUnaryGrad.pow(e, x, xo, g, go, d, p, n),
          false,
          true,
          v -> Math.pow(v, e));
    }
    check(
        "scaleShift",
        (x, xo, y, yo, n) -> VectorUnary.scaleShift(0.75f, 8f, x, xo, y, yo, n),
        null,
        false,
        true,
        v -> 0.75 * v + 8);
  }

  @Test
  void gradientsStayFiniteFarOut() {
    float[] x = {-1e30f, -200f, 200f, 1e30f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    float[] one = {1, 1, 1, 1, 1, 1};
    float[] dx = new float[6];
    float[] step = {0, 0, 1, 1, 1, 0};
    VectorUnaryGrad.silu(x, 0, one, 0, dx, 0, 6);
    assertThat(dx).containsExactly(step);
    VectorUnaryGrad.gelu(x, 0, one, 0, dx, 0, 6);
    assertThat(dx).containsExactly(step);
    VectorUnaryGrad.geluTanh(x, 0, one, 0, dx, 0, 6);
    assertThat(dx).containsExactly(step);
    VectorUnaryGrad.softplus(x, 0, one, 0, dx, 0, 6);
    assertThat(dx).containsExactly(step);
    VectorUnaryGrad.mish(x, 0, one, 0, dx, 0, 6);
    assertThat(dx).containsExactly(step);
    VectorUnaryGrad.elu(1, x, 0, one, 0, dx, 0, 6);
    assertThat(dx).containsExactly(step);
    VectorUnaryGrad.erf(x, 0, one, 0, dx, 0, 6);
    assertThat(dx).containsOnly(0);
  }

  private static final Forward[] FAR = {
    VectorUnary::exp,
    VectorUnary::sigmoid,
    VectorUnary::silu,
    VectorUnary::mish,
    (x, xo, y, yo, n) -> VectorUnary.pow(1.7f, x, xo, y, yo, n),
    (x, xo, y, yo, n) -> VectorUnary.pow(5, x, xo, y, yo, n),
    (x, xo, y, yo, n) -> VectorUnary.pow(-3, x, xo, y, yo, n),
    (x, xo, y, yo, n) -> ofOne(VectorUnaryGrad::softplus, x, xo, y, yo, n),
    (x, xo, y, yo, n) -> ofOne(VectorUnaryGrad::mish, x, xo, y, yo, n),
    (x, xo, y, yo, n) -> ofOne(VectorUnaryGrad::erf, x, xo, y, yo, n),
    (x, xo, y, yo, n) -> ofOne(VectorUnaryGrad::selu, x, xo, y, yo, n)
  };

  private static void ofOne(Backward f, float[] x, int xo, float[] y, int yo, int n) {
    float[] one = new float[n];
    java.util.Arrays.fill(one, 1);
    f.run(x, xo, one, 0, y, yo, n);
  }

  @Test
  void aNumberBeyondTheLimitsLeavesItsNeighboursAlone() {
    for (Forward f : FAR) {
      float[] far = {
        -1e30f, -104, -88, 87.5f, 88.7f, 89, 1e30f, Float.NEGATIVE_INFINITY, Float.NaN
      };
      float[] x = Reference.normal(3, 1000);
      for (int i = 0; i < far.length; i++) {
        x[i * i * 12 + i] = far[i];
      }
      float[] y = new float[x.length];
      f.run(x, 0, y, 0, x.length);
      float[] alone = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        f.run(x, i, alone, i, 1);
      }
      assertThat(y).containsExactly(alone);
      float[] inPlace = x.clone();
      f.run(inPlace, 0, inPlace, 0, x.length);
      assertThat(inPlace).containsExactly(alone);
    }
  }
}
