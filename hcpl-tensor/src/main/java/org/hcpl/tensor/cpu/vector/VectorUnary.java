package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;

import java.util.Arrays;
import java.util.Map;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.op.Erf;
import org.hcpl.tensor.op.Gelu;
import org.hcpl.tensor.op.GeluTanh;

/**
 * Elementwise functions of one array: {@code y[yo + i] = f(x[xo + i])} for {@code 0 <= i < n}.
 *
 * <p>Every method writes (does not accumulate) and may work in place ({@code y == x} with equal
 * offsets). Accuracies are those of {@link VectorMath}, or stated here.
 */
public final class VectorUnary {
  /** Elements of one piece of work where memory decides; a piece takes some ten microseconds. */
  static final int LIGHT = 1 << 16;

  /** Elements of one piece of work where arithmetic decides. */
  static final int HEAVY = 1 << 13;

  /** Elements that a loop takes at a time. */
  static final int UNIT = 2 * L;

  static final float SELU_ALPHA = 1.6732632423543772f;
  static final float SELU_SCALE = 1.0507009873554805f;

  private static final PiecewisePolynomial ERF =
      new PiecewisePolynomial(new Erf()::apply, 0.28125f, 1);

  /** {@code max(x, 0) - gelu(x)}, which is even. */
  private static final PiecewisePolynomial GELU =
      new PiecewisePolynomial(a -> -new Gelu().apply(-a), 0.375f, 0);

  private static final PiecewisePolynomial GELU_TANH =
      new PiecewisePolynomial(a -> -new GeluTanh().apply(-a), 0.375f, 0);

  /** Powers without logarithms, by exponent. */
  private static final Map<Float, Loop> SIMPLE_POWERS =
      Map.of(
          0f, (x, xo, y, yo, n) -> Arrays.fill(y, yo, yo + n, 1f),
          1f, (x, xo, y, yo, n) -> UnaryLoops.scaleShift(1f, -0f, x, xo, y, yo, n),
          2f, UnaryLoops::square,
          3f, UnaryLoops::cube,
          -1f, UnaryLoops::reciprocal,
          -2f, UnaryLoops::reciprocalSquare,
          0.5f, UnaryLoops::powHalf,
          -0.5f, UnaryLoops::powMinusHalf,
          1.5f, UnaryLoops::powOneAndHalf);

  private VectorUnary() {}

  /** A loop over whole {@link #UNIT units}. */
  @FunctionalInterface
  interface Loop {
    void run(float[] x, int xo, float[] y, int yo, int n);
  }

  /** Runs a loop over n elements in pieces of some {@code grain}. */
  static void each(int grain, Loop loop, float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        (n + UNIT - 1) / UNIT,
        grain / UNIT,
        (begin, end) -> {
          int from = begin * UNIT;
          run(loop, x, xo + from, y, yo + from, Math.min(n, end * UNIT) - from);
        });
  }

  /**
   * Runs a loop over n elements here. What is left over the last whole unit is done with the unit
   * that ends there, or in place with one of its own: a second, masked copy of the loop's body
   * would double what must be compiled before it is fast.
   */
  static void run(Loop loop, float[] x, int xo, float[] y, int yo, int n) {
    int full = n / UNIT * UNIT;
    loop.run(x, xo, y, yo, full);
    int rest = n - full;
    if (rest > 0 && full > 0 && x != y) {
      loop.run(x, xo + n - UNIT, y, yo + n - UNIT, UNIT);
    } else if (rest > 0) {
      float[] last = new float[UNIT];
      System.arraycopy(x, xo + full, last, 0, rest);
      loop.run(last, 0, last, 0, UNIT);
      System.arraycopy(last, 0, y, yo + full, rest);
    }
  }

  /** max(x, 0); NaN stays NaN. */
  public static void relu(float[] x, int xo, float[] y, int yo, int n) {
    each(LIGHT, UnaryLoops::relu, x, xo, y, yo, n);
  }

  /** x for x >= 0, slope * x below. */
  public static void leakyRelu(float slope, float[] x, int xo, float[] y, int yo, int n) {
    Loop loop = (a, ao, b, bo, m) -> UnaryLoops.leakyRelu(slope, a, ao, b, bo, m);
    each(LIGHT, loop, x, xo, y, yo, n);
  }

  /** x * sigmoid(x). */
  public static void silu(float[] x, int xo, float[] y, int yo, int n) {
    each(HEAVY, UnaryLoops::silu, x, xo, y, yo, n);
  }

  /**
   * x * Phi(x), the exact form by the error function: 2 ulp; 0 below -5.75, where it is under 3e-8.
   */
  public static void gelu(float[] x, int xo, float[] y, int yo, int n) {
    each(HEAVY, GELU::reluLess, x, xo, y, yo, n);
  }

  /**
   * The tanh form of gelu: x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))); 2 ulp for x > -3, 0 below
   * -5.75.
   */
  public static void geluTanh(float[] x, int xo, float[] y, int yo, int n) {
    each(HEAVY, GELU_TANH::reluLess, x, xo, y, yo, n);
  }

  /** x for x >= 0, alpha (e^x - 1) below. */
  public static void elu(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    scaledElu(1f, alpha, x, xo, y, yo, n);
  }

  /**
   * scale * elu(x, alpha) with the constants of self-normalising networks (Klambauer et al. 2017).
   */
  public static void selu(float[] x, int xo, float[] y, int yo, int n) {
    scaledElu(SELU_SCALE, SELU_SCALE * SELU_ALPHA, x, xo, y, yo, n);
  }

  /** scale * x for x >= 0, alpha (e^x - 1) below: elu and selu. */
  static void scaledElu(float scale, float alpha, float[] x, int xo, float[] y, int yo, int n) {
    Loop loop = (a, ao, b, bo, m) -> UnaryLoops.scaledElu(scale, alpha, a, ao, b, bo, m);
    each(HEAVY, loop, x, xo, y, yo, n);
  }

  /** 1 / (1 + e^-x). */
  public static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    each(HEAVY, UnaryLoops::sigmoid, x, xo, y, yo, n);
  }

  /** Hyperbolic tangent. */
  public static void tanh(float[] x, int xo, float[] y, int yo, int n) {
    each(HEAVY, UnaryLoops::tanh, x, xo, y, yo, n);
  }

  /** ln(1 + e^x): 2 ulp. */
  public static void softplus(float[] x, int xo, float[] y, int yo, int n) {
    each(HEAVY, UnaryLoops::softplus, x, xo, y, yo, n);
  }

  /** x * tanh(softplus(x)). */
  public static void mish(float[] x, int xo, float[] y, int yo, int n) {
    each(HEAVY, UnaryLoops::mish, x, xo, y, yo, n);
  }

  /** min(max(x + 3, 0), 6) / 6. */
  public static void hardSigmoid(float[] x, int xo, float[] y, int yo, int n) {
    each(LIGHT, UnaryLoops::hardSigmoid, x, xo, y, yo, n);
  }

  /** x * min(max(x + 3, 0), 6) / 6. */
  public static void hardSwish(float[] x, int xo, float[] y, int yo, int n) {
    each(LIGHT, UnaryLoops::hardSwish, x, xo, y, yo, n);
  }

  /** x limited to low..high; NaN stays NaN. */
  public static void clamp(float low, float high, float[] x, int xo, float[] y, int yo, int n) {
    Loop loop = (a, ao, b, bo, m) -> UnaryLoops.clamp(low, high, a, ao, b, bo, m);
    each(LIGHT, loop, x, xo, y, yo, n);
  }

  /** e^x. */
  public static void exp(float[] x, int xo, float[] y, int yo, int n) {
    each(HEAVY, UnaryLoops::exp, x, xo, y, yo, n);
  }

  /** Natural logarithm: 1 ulp; -infinity at 0, NaN below. */
  public static void log(float[] x, int xo, float[] y, int yo, int n) {
    each(HEAVY, Logarithms::log, x, xo, y, yo, n);
  }

  /** Error function: 3 ulp. */
  public static void erf(float[] x, int xo, float[] y, int yo, int n) {
    each(HEAVY, ERF::odd, x, xo, y, yo, n);
  }

  /** Square root. */
  public static void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    each(LIGHT, UnaryLoops::sqrt, x, xo, y, yo, n);
  }

  /** 1 / sqrt(x). */
  public static void rsqrt(float[] x, int xo, float[] y, int yo, int n) {
    each(LIGHT, UnaryLoops::rsqrt, x, xo, y, yo, n);
  }

  /** Absolute value. */
  public static void abs(float[] x, int xo, float[] y, int yo, int n) {
    each(LIGHT, UnaryLoops::abs, x, xo, y, yo, n);
  }

  /** -x. */
  public static void neg(float[] x, int xo, float[] y, int yo, int n) {
    each(LIGHT, UnaryLoops::neg, x, xo, y, yo, n);
  }

  /** x^2. */
  public static void square(float[] x, int xo, float[] y, int yo, int n) {
    each(LIGHT, UnaryLoops::square, x, xo, y, yo, n);
  }

  /** scale * x + shift, rounded once. */
  public static void scaleShift(
      float scale, float shift, float[] x, int xo, float[] y, int yo, int n) {
    Loop loop = (a, ao, b, bo, m) -> UnaryLoops.scaleShift(scale, shift, a, ao, b, bo, m);
    each(LIGHT, loop, x, xo, y, yo, n);
  }

  /**
   * x^exponent for a constant exponent: 2 ulp (3 ulp for exponents over 10 in size), exact for 1
   * and 0, correctly rounded for 2, 0.5 and -1. Zeros, negative numbers, infinities and NaN follow
   * {@link Math#pow}.
   */
  public static void pow(float exponent, float[] x, int xo, float[] y, int yo, int n) {
    each(HEAVY, powLoop(exponent), x, xo, y, yo, n);
  }

  /** x^exponent, serial. */
  static Loop powLoop(float exponent) {
    Loop simple = SIMPLE_POWERS.get(exponent + 0f);
    if (simple != null) {
      return simple;
    } else if (Math.abs(exponent) <= ConstantPower.LARGEST) {
      return new ConstantPower(exponent);
    }
    float[] exponents = UnaryLoops.block(exponent);
    return (x, xo, y, yo, n) -> Powers.pow(x, xo, 1, exponents, 0, 0, y, yo, n);
  }

  /** {@code y = scale * x} of a run, serial. */
  static void scaleRun(float scale, float[] x, int xo, float[] y, int yo, int n) {
    BinaryRows.vectorScalar(BinaryOp.MUL, x, xo, scale, y, yo, n);
  }
}
