package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorUnary.HEAVY;
import static org.hcpl.tensor.cpu.vector.VectorUnary.LIGHT;
import static org.hcpl.tensor.cpu.vector.VectorUnary.UNIT;

import java.util.Arrays;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.op.Gelu;
import org.hcpl.tensor.op.GeluTanh;

/**
 * Gradients of {@link VectorUnary}: {@code dx[dxo + i] = dy[dyo + i] * f'(...)} for {@code 0 <= i <
 * n}.
 *
 * <p>The first array of a method is the input {@code x} of the function or, where its name is
 * {@code y}, the output, from which the derivative is cheaper. Every method writes (does not
 * accumulate); {@code dx} may be {@code dy}.
 */
public final class VectorUnaryGrad {
  /** The derivative of gelu at -a; at a it is 1 minus that. */
  private static final PiecewisePolynomial GELU =
      new PiecewisePolynomial(a -> new Gelu().derivative(-a, 0), 0.375f, 0);

  private static final PiecewisePolynomial GELU_TANH =
      new PiecewisePolynomial(a -> new GeluTanh().derivative(-a, 0), 0.375f, 0);

  private VectorUnaryGrad() {}

  /** A loop over whole {@link VectorUnary#UNIT units}. */
  @FunctionalInterface
  interface Loop {
    void run(float[] v, int vo, float[] dy, int dyo, float[] dx, int dxo, int n);
  }

  /** Runs a loop over n elements in pieces of some {@code grain}, the rest in a unit of its own. */
  static void each(
      int grain, Loop loop, float[] v, int vo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        (n + UNIT - 1) / UNIT,
        grain / UNIT,
        (begin, end) -> {
          int from = begin * UNIT;
          int count = Math.min(n, end * UNIT) - from;
          int full = count / UNIT * UNIT;
          loop.run(v, vo + from, dy, dyo + from, dx, dxo + from, full);
          int rest = count - full;
          if (rest > 0) {
            float[] last = new float[2 * UNIT];
            System.arraycopy(v, vo + from + full, last, 0, rest);
            System.arraycopy(dy, dyo + from + full, last, UNIT, rest);
            loop.run(last, 0, last, UNIT, last, 0, UNIT);
            System.arraycopy(last, 0, dx, dxo + from + full, rest);
          }
        });
  }

  /** dy where x > 0, else 0; {@code y} serves as {@code x} as well. */
  public static void relu(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::relu;
    each(LIGHT, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy where x > 0, else slope * dy. */
  public static void leakyRelu(
      float slope, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = (v, vo, d, p, r, q, m) -> UnaryGradLoops.leakyRelu(slope, v, vo, d, p, r, q, m);
    each(LIGHT, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy s (1 + x (1 - s)) with s = sigmoid(x). */
  public static void silu(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::silu;
    each(HEAVY, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy (Phi(x) + x phi(x)). */
  public static void gelu(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = GELU::stepLess;
    each(HEAVY, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy times the derivative of the tanh form. */
  public static void geluTanh(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = GELU_TANH::stepLess;
    each(HEAVY, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** scale * dy where x > 0, else alpha e^x dy; elu has scale 1. */
  static void scaledElu(
      float scale,
      float alpha,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      int n) {
    Loop loop =
        (v, vo, d, p, r, q, m) -> UnaryGradLoops.scaledElu(scale, alpha, v, vo, d, p, r, q, m);
    each(HEAVY, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy y (1 - y). */
  public static void sigmoid(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::sigmoid;
    each(LIGHT, loop, y, yo, dy, dyo, dx, dxo, n);
  }

  /** dy (1 - y^2). */
  public static void tanh(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::tanh;
    each(LIGHT, loop, y, yo, dy, dyo, dx, dxo, n);
  }

  /** dy sigmoid(x). */
  public static void softplus(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::softplus;
    each(HEAVY, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy times the derivative of x tanh(softplus(x)). */
  public static void mish(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::mish;
    each(HEAVY, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy / 6 where -3 < x < 3, else 0. */
  public static void hardSigmoid(
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::hardSigmoid;
    each(LIGHT, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** 0 where x <= -3, dy where x >= 3, dy (x / 3 + 1/2) between. */
  public static void hardSwish(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::hardSwish;
    each(LIGHT, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy where 0 < x < 6, else 0; the function is {@link VectorUnary#clamp} to 0..6. */
  public static void relu6(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::relu6;
    each(LIGHT, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy where low <= x <= high, else 0. */
  public static void clamp(
      float low, float high, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = (v, vo, d, p, r, q, m) -> UnaryGradLoops.clamp(low, high, v, vo, d, p, r, q, m);
    each(LIGHT, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy y. */
  public static void exp(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::exp;
    each(LIGHT, loop, y, yo, dy, dyo, dx, dxo, n);
  }

  /** dy / x. */
  public static void log(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::log;
    each(LIGHT, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy 2/sqrt(pi) e^(-x^2). */
  public static void erf(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::erf;
    each(HEAVY, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy / (2 y). */
  public static void sqrt(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::sqrt;
    each(LIGHT, loop, y, yo, dy, dyo, dx, dxo, n);
  }

  /** -dy y^3 / 2. */
  public static void rsqrt(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::rsqrt;
    each(LIGHT, loop, y, yo, dy, dyo, dx, dxo, n);
  }

  /** dy sign(x), 0 at 0. */
  public static void abs(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::abs;
    each(LIGHT, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** 2 x dy. */
  public static void square(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Loop loop = UnaryGradLoops::square;
    each(LIGHT, loop, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy where x > 0, else alpha e^x dy. */
  public static void elu(
      float alpha, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    scaledElu(1f, alpha, x, xo, dy, dyo, dx, dxo, n);
  }

  /** Gradient of selu. */
  public static void selu(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    float alpha = VectorUnary.SELU_SCALE * VectorUnary.SELU_ALPHA;
    scaledElu(VectorUnary.SELU_SCALE, alpha, x, xo, dy, dyo, dx, dxo, n);
  }

  /** dy * exponent * x^(exponent - 1); 0 for the exponent 0. */
  public static void pow(
      float exponent, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    if (exponent == 0f) {
      Arrays.fill(dx, dxo, dxo + n, 0f);
    } else {
      VectorUnary.Loop power = VectorUnary.powLoop(exponent - 1f);
      Loop loop =
          (v, vo, d, p, r, q, m) -> UnaryGradLoops.pow(power, exponent, v, vo, d, p, r, q, m);
      each(HEAVY, loop, x, xo, dy, dyo, dx, dxo, n);
    }
  }
}
