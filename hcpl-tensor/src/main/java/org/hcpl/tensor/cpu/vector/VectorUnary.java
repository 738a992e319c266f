package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.LT;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.hcpl.tensor.cpu.Parallel;

/**
 * Elementwise functions of one array: {@code y[yo + i] = f(x[xo + i])} for {@code 0 <= i < n}.
 *
 * <p>Every method writes (does not accumulate) and may work in place ({@code y == x} with equal
 * offsets). Each has its own loop: a loop shared through a function object would box its vectors as
 * soon as two functions met in it. Accuracies are those of {@link VectorMath}.
 */
public final class VectorUnary {
  /** Elements of one piece of work where memory decides; a piece takes some ten microseconds. */
  static final int LIGHT = 1 << 16;

  /** Elements of one piece of work where arithmetic decides. */
  static final int HEAVY = 1 << 13;

  static final float SELU_ALPHA = 1.6732632423543772f;
  static final float SELU_SCALE = 1.0507009873554805f;

  private VectorUnary() {}

  /** max(x, 0); NaN stays NaN. */
  public static void relu(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(n, LIGHT, (begin, end) -> reluRun(x, xo + begin, y, yo + begin, end - begin));
  }

  /** {@link #relu} of a run, serial. */
  static void reluRun(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      VectorMath.relu(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      VectorMath.relu(FloatVector.fromArray(S, x, xo + i, m)).intoArray(y, yo + i, m);
    }
  }

  /** x for x >= 0, slope * x below. */
  public static void leakyRelu(float slope, float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.blend(v.mul(slope), v.compare(LT, 0f)).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.blend(v.mul(slope), v.compare(LT, 0f)).intoArray(y, yo + i, m);
          }
        });
  }

  /** x * sigmoid(x). */
  public static void silu(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(n, HEAVY, (begin, end) -> siluRun(x, xo + begin, y, yo + begin, end - begin));
  }

  /** {@link #silu} of a run, serial. */
  static void siluRun(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      VectorMath.silu(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      VectorMath.silu(FloatVector.fromArray(S, x, xo + i, m)).intoArray(y, yo + i, m);
    }
  }

  /** x * Phi(x), the exact form by the error function. */
  public static void gelu(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMath.gelu(v).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMath.gelu(v).intoArray(y, yo + i, m);
          }
        });
  }

  /** The tanh form of gelu: x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). */
  public static void geluTanh(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMath.geluTanh(v).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMath.geluTanh(v).intoArray(y, yo + i, m);
          }
        });
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

  /** scale * x for x >= 0, alpha (e^x - 1) below. */
  static void scaledElu(float scale, float alpha, float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.mul(scale)
                .blend(VectorMath.expm1(v).mul(alpha), v.compare(LT, 0f))
                .intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.mul(scale)
                .blend(VectorMath.expm1(v).mul(alpha), v.compare(LT, 0f))
                .intoArray(y, yo + i, m);
          }
        });
  }

  /** 1 / (1 + e^-x). */
  public static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMath.sigmoid(v).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMath.sigmoid(v).intoArray(y, yo + i, m);
          }
        });
  }

  /** Hyperbolic tangent. */
  public static void tanh(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMath.tanh(v).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMath.tanh(v).intoArray(y, yo + i, m);
          }
        });
  }

  /** ln(1 + e^x). */
  public static void softplus(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMath.softplus(v).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMath.softplus(v).intoArray(y, yo + i, m);
          }
        });
  }

  /** e^x. */
  public static void exp(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMath.exp(v).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMath.exp(v).intoArray(y, yo + i, m);
          }
        });
  }

  /** Natural logarithm; -infinity at 0, NaN below. */
  public static void log(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMath.log(v).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMath.log(v).intoArray(y, yo + i, m);
          }
        });
  }

  /** Error function. */
  public static void erf(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMath.erf(v).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMath.erf(v).intoArray(y, yo + i, m);
          }
        });
  }

  /** x * tanh(softplus(x)). */
  public static void mish(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        HEAVY,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMath.mish(v).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMath.mish(v).intoArray(y, yo + i, m);
          }
        });
  }

  /** min(max(x + 3, 0), 6) / 6. */
  public static void hardSigmoid(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMath.clamp(v.add(3f), 0f, 6f).mul(1f / 6f).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMath.clamp(v.add(3f), 0f, 6f).mul(1f / 6f).intoArray(y, yo + i, m);
          }
        });
  }

  /** x * min(max(x + 3, 0), 6) / 6. */
  public static void hardSwish(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMath.clamp(v.add(3f), 0f, 6f).mul(1f / 6f).mul(v).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMath.clamp(v.add(3f), 0f, 6f).mul(1f / 6f).mul(v).intoArray(y, yo + i, m);
          }
        });
  }

  /** x limited to low..high; NaN stays NaN. */
  public static void clamp(float low, float high, float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMath.clamp(v, low, high).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMath.clamp(v, low, high).intoArray(y, yo + i, m);
          }
        });
  }

  /** Square root. */
  public static void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.sqrt().intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.sqrt().intoArray(y, yo + i, m);
          }
        });
  }

  /** 1 / sqrt(x). */
  public static void rsqrt(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector.broadcast(S, 1f).div(v.sqrt()).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector.broadcast(S, 1f).div(v.sqrt()).intoArray(y, yo + i, m);
          }
        });
  }

  /** Absolute value. */
  public static void abs(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.abs().intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.abs().intoArray(y, yo + i, m);
          }
        });
  }

  /** -x. */
  public static void neg(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.neg().intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.neg().intoArray(y, yo + i, m);
          }
        });
  }

  /** x^2. */
  public static void square(float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.mul(v).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.mul(v).intoArray(y, yo + i, m);
          }
        });
  }

  /** scale * x + shift, rounded once. */
  public static void scaleShift(
      float scale, float shift, float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        LIGHT,
        (begin, end) -> {
          int i = begin;
          for (int full = begin + S.loopBound(end - begin); i < full; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.fma(scale, shift).intoArray(y, yo + i);
          }
          if (i < end) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.fma(scale, shift).intoArray(y, yo + i, m);
          }
        });
  }

  /**
   * x^exponent for a constant exponent: exact forms for 2, 1, 0.5, -0.5, -1 and 0, otherwise 2 ulp.
   * Zeros, negative numbers, infinities and NaN follow {@link Math#pow}.
   */
  public static void pow(float exponent, float[] x, int xo, float[] y, int yo, int n) {
    if (exponent == 2f) {
      square(x, xo, y, yo, n);
    } else if (exponent == 0.5f) {
      sqrt(x, xo, y, yo, n);
    } else if (exponent == -0.5f) {
      rsqrt(x, xo, y, yo, n);
    } else if (exponent == 1f) {
      scaleShift(1f, 0f, x, xo, y, yo, n);
    } else {
      FloatVector b = FloatVector.broadcast(S, exponent);
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
              result.intoArray(y, yo + i);
            }
            for (; i < end; i++) {
              y[yo + i] = (float) Math.pow(x[xo + i], exponent);
            }
          });
    }
  }

  /** {@code y = scale * x} of a run, serial. */
  static void scaleRun(float scale, float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector.fromArray(S, x, xo + i).mul(scale).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromArray(S, x, xo + i, m).mul(scale).intoArray(y, yo + i, m);
    }
  }
}
