package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;
import static org.hcpl.tensor.cpu.vector.VectorUnary.HEAVY;
import static org.hcpl.tensor.cpu.vector.VectorUnary.LIGHT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.hcpl.tensor.cpu.Parallel;

/**
 * Gradients of {@link VectorUnary}: {@code dx[dxo + i] = dy[dyo + i] * f'(...)} for {@code 0 <= i <
 * n}.
 *
 * <p>The first array of a method is the input {@code x} of the function or, where its name is
 * {@code y}, the output, from which the derivative is cheaper. Every method writes (does not
 * accumulate); {@code dx} may be {@code dy}.
 */
public final class VectorUnaryGrad {
  private static final float TWO_OVER_SQRT_PI = 1.12837917f;

  private VectorUnaryGrad() {}

  /** dy where x > 0, else 0; {@code y} serves as {@code x} as well. */
  public static void relu(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.blend(0f, v.compare(GT, 0f).not()).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.blend(0f, v.compare(GT, 0f).not()).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy where x > 0, else slope * dy. */
  public static void leakyRelu(
      float slope, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.blend(g.mul(slope), v.compare(GT, 0f).not()).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.blend(g.mul(slope), v.compare(GT, 0f).not()).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy s (1 + x (1 - s)) with s = sigmoid(x). */
  public static void silu(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            VectorMath.siluSlope(v).mul(g).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            VectorMath.siluSlope(v).mul(g).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy (Phi(x) + x phi(x)). */
  public static void gelu(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            VectorMath.geluSlope(v).mul(g).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            VectorMath.geluSlope(v).mul(g).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy times the derivative of the tanh form. */
  public static void geluTanh(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            VectorMath.geluTanhSlope(v).mul(g).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            VectorMath.geluTanhSlope(v).mul(g).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** scale * dy where x > 0, else alpha e^x dy; elu has scale 1. */
  public static void scaledElu(
      float scale,
      float alpha,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.mul(VectorMath.expFlush(v).mul(alpha).blend(scale, v.compare(GT, 0f)))
                .intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.mul(VectorMath.expFlush(v).mul(alpha).blend(scale, v.compare(GT, 0f)))
                .intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy y (1 - y). */
  public static void sigmoid(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, y, yo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.mul(v.mul(v.neg().add(1f))).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, y, yo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.mul(v.mul(v.neg().add(1f))).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy (1 - y^2). */
  public static void tanh(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, y, yo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.mul(v.neg().fma(v, FloatVector.broadcast(S, 1f))).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, y, yo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.mul(v.neg().fma(v, FloatVector.broadcast(S, 1f))).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy sigmoid(x). */
  public static void softplus(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.mul(VectorMath.sigmoid(v)).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.mul(VectorMath.sigmoid(v)).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy y. */
  public static void exp(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, y, yo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.mul(v).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, y, yo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.mul(v).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy / x. */
  public static void log(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.div(v).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.div(v).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy 2/sqrt(pi) e^(-x^2). */
  public static void erf(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.mul(VectorMath.expFlush(v.mul(v).neg()).mul(TWO_OVER_SQRT_PI)).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.mul(VectorMath.expFlush(v.mul(v).neg()).mul(TWO_OVER_SQRT_PI))
                .intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy / (2 y). */
  public static void sqrt(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, y, yo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.mul(0.5f).div(v).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, y, yo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.mul(0.5f).div(v).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** -dy y^3 / 2. */
  public static void rsqrt(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, y, yo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.mul(v.mul(v).mul(v).mul(-0.5f)).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, y, yo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.mul(v.mul(v).mul(v).mul(-0.5f)).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy sign(x), 0 at 0. */
  public static void abs(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.blend(g.neg(), v.compare(LT, 0f)).blend(0f, v.compare(EQ, 0f)).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.blend(g.neg(), v.compare(LT, 0f))
                .blend(0f, v.compare(EQ, 0f))
                .intoArray(dx, dxo + i, m);
          }
        });
  }

  /** 2 x dy. */
  public static void square(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.mul(v.add(v)).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.mul(v.add(v)).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy times the derivative of x tanh(softplus(x)). */
  public static void mish(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            VectorMath.mishSlope(v).mul(g).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            VectorMath.mishSlope(v).mul(g).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy / 6 where -3 < x < 3, else 0. */
  public static void hardSigmoid(
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.mul(1f / 6f).blend(0f, v.abs().compare(LT, 3f).not()).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.mul(1f / 6f).blend(0f, v.abs().compare(LT, 3f).not()).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** 0 where x <= -3, dy where x >= 3, dy (x / 3 + 1/2) between. */
  public static void hardSwish(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.mul(v.mul(1f / 3f).add(0.5f))
                .blend(g, v.compare(GE, 3f))
                .blend(0f, v.compare(LE, -3f))
                .intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.mul(v.mul(1f / 3f).add(0.5f))
                .blend(g, v.compare(GE, 3f))
                .blend(0f, v.compare(LE, -3f))
                .intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy where 0 < x < 6, else 0; the function is {@link VectorUnary#clamp} to 0..6. */
  public static void relu6(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.blend(0f, v.compare(GT, 0f).and(v.compare(LT, 6f)).not()).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.blend(0f, v.compare(GT, 0f).and(v.compare(LT, 6f)).not()).intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy where low <= x <= high, else 0. */
  public static void clamp(
      float low, float high, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            g.blend(0f, v.compare(GE, low).and(v.compare(LE, high)).not()).intoArray(dx, dxo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i, m);
            g.blend(0f, v.compare(GE, low).and(v.compare(LE, high)).not())
                .intoArray(dx, dxo + i, m);
          }
        });
  }

  /** dy * alpha e^x below 0, dy above. */
  public static void elu(
      float alpha, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    scaledElu(1f, alpha, x, xo, dy, dyo, dx, dxo, n);
  }

  /** Gradient of selu. */
  public static void selu(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    scaledElu(
        VectorUnary.SELU_SCALE,
        VectorUnary.SELU_SCALE * VectorUnary.SELU_ALPHA,
        x,
        xo,
        dy,
        dyo,
        dx,
        dxo,
        n);
  }

  /** dy * exponent * x^(exponent - 1); 0 for the exponent 0. */
  public static void pow(
      float exponent, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    if (exponent == 0f) {
      java.util.Arrays.fill(dx, dxo, dxo + n, 0f);
      return;
    }
    FloatVector b = FloatVector.broadcast(S, exponent - 1f);
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector result = VectorMath.pow(v, b);
            VectorMask<Float> special = VectorMath.powSpecial(v, b);
            if (special.anyTrue()) {
              result = VectorMath.powScalar(v, b, result, special);
            }
            FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
            result.mul(exponent).mul(g).intoArray(dx, dxo + i);
          }
          for (; i < end; i++) {
            dx[dxo + i] = dy[dyo + i] * exponent * (float) Math.pow(x[xo + i], exponent - 1f);
          }
        });
  }
}
