package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.LT;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.ONE;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;
import static org.hcpl.tensor.cpu.vector.VectorMath.THREE;
import static org.hcpl.tensor.cpu.vector.VectorMath.ZERO;

import jdk.incubator.vector.FloatVector;

/**
 * The loops of {@link VectorUnary}: {@code n} elements, a multiple of the lanes, serial.
 *
 * <p>Each function has its own loop: one loop that is handed a function would box its vectors as
 * soon as two functions met in it.
 */
final class UnaryLoops {
  private static final FloatVector SIX = FloatVector.broadcast(S, 6f);
  private static final FloatVector SIXTH = FloatVector.broadcast(S, 1f / 6f);

  /** Floats of a block between the halves of a function that is too long for one loop. */
  static final int BLOCK = 1024;

  private UnaryLoops() {}

  static void relu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = VectorMath.relu(v);
      r.intoArray(y, yo + i);
    }
  }

  static void leakyRelu(float slope, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector factor = FloatVector.broadcast(S, slope);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = v.blend(v.mul(factor), v.compare(LT, ZERO));
      r.intoArray(y, yo + i);
    }
  }

  static void silu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = VectorMath.silu(v);
      r.intoArray(y, yo + i);
    }
  }

  static void geluTanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = VectorMath.geluTanh(v);
      r.intoArray(y, yo + i);
    }
  }

  static void scaledElu(float scale, float alpha, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector above = FloatVector.broadcast(S, scale);
    FloatVector below = FloatVector.broadcast(S, alpha);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = v.mul(above).blend(VectorMath.expm1(v).mul(below), v.compare(LT, ZERO));
      r.intoArray(y, yo + i);
    }
  }

  static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = VectorMath.sigmoid(v);
      r.intoArray(y, yo + i);
    }
  }

  static void tanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = VectorMath.tanh(v);
      r.intoArray(y, yo + i);
    }
  }

  static void softplus(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = VectorMath.softplus(v);
      r.intoArray(y, yo + i);
    }
  }

  static void mish(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = VectorMath.mish(v);
      r.intoArray(y, yo + i);
    }
  }

  static void hardSigmoid(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = VectorMath.clamp(v.add(THREE), ZERO, SIX).mul(SIXTH);
      r.intoArray(y, yo + i);
    }
  }

  static void hardSwish(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = VectorMath.clamp(v.add(THREE), ZERO, SIX).mul(SIXTH).mul(v);
      r.intoArray(y, yo + i);
    }
  }

  static void clamp(float low, float high, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector from = FloatVector.broadcast(S, low);
    FloatVector to = FloatVector.broadcast(S, high);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = VectorMath.clamp(v, from, to);
      r.intoArray(y, yo + i);
    }
  }

  static void exp(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = VectorMath.exp(v);
      r.intoArray(y, yo + i);
    }
  }

  static void log(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector w = VectorMath.normalised(v);
      FloatVector e = VectorMath.exponent(w);
      FloatVector r = VectorMath.logLimits(v, VectorMath.log(v, e, VectorMath.fraction(w)));
      r.intoArray(y, yo + i);
    }
  }

  static void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = v.sqrt();
      r.intoArray(y, yo + i);
    }
  }

  static void rsqrt(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = ONE.div(v.sqrt());
      r.intoArray(y, yo + i);
    }
  }

  static void abs(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = v.abs();
      r.intoArray(y, yo + i);
    }
  }

  static void neg(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = v.neg();
      r.intoArray(y, yo + i);
    }
  }

  static void square(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = v.mul(v);
      r.intoArray(y, yo + i);
    }
  }

  static void scaleShift(float scale, float shift, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector a = FloatVector.broadcast(S, scale);
    FloatVector b = FloatVector.broadcast(S, shift);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = v.fma(a, b);
      r.intoArray(y, yo + i);
    }
  }

  static void gelu(float[] x, int xo, float[] y, int yo, int n) {
    float[] e = new float[Math.min(n, BLOCK)];
    for (int b = 0; b < n; b += BLOCK) {
      int m = Math.min(BLOCK, n - b);
      gaussian(x, xo + b, e, m);
      geluOf(x, xo + b, e, y, yo + b, m);
    }
  }

  /** {@code e = gaussian(geluArgument(x))}, the first half of gelu and its gradient. */
  static void gaussian(float[] x, int xo, float[] e, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector a = VectorMath.geluArgument(FloatVector.fromArray(S, x, xo + i));
      VectorMath.gaussian(a).intoArray(e, i);
    }
  }

  private static void geluOf(float[] x, int xo, float[] e, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = VectorMath.geluArgument(v);
      FloatVector tail = VectorMath.normalTail(a, FloatVector.fromArray(S, e, i));
      VectorMath.gelu(v, a, tail).intoArray(y, yo + i);
    }
  }

  static void erf(float[] x, int xo, float[] y, int yo, int n) {
    float[] tail = new float[Math.min(n, BLOCK)];
    for (int b = 0; b < n; b += BLOCK) {
      int m = Math.min(BLOCK, n - b);
      erfc(x, xo + b, tail, m);
      erfOf(x, xo + b, tail, y, yo + b, m);
    }
  }

  private static void erfc(float[] x, int xo, float[] tail, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector t = VectorMath.erfArgument(FloatVector.fromArray(S, x, xo + i));
      VectorMath.expFlush(t.mul(t).neg()).mul(VectorMath.scaledErfc(t)).intoArray(tail, i);
    }
  }

  private static void erfOf(float[] x, int xo, float[] tail, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      VectorMath.erf(v, FloatVector.fromArray(S, tail, i)).intoArray(y, yo + i);
    }
  }

  /**
   * x^y with either of them the same for all: {@code step} is 0 for an operand of one vector and
   * the lanes otherwise.
   */
  static void pow(
      float[] x, int xo, int xStep, float[] y, int yo, int yStep, float[] z, int zo, int n) {
    float[] ln = new float[Math.min(n, BLOCK)];
    float[] lnLow = new float[ln.length];
    float[] result = new float[ln.length];
    for (int b = 0; b < n; b += BLOCK) {
      int m = Math.min(BLOCK, n - b);
      int p = xo + b / L * xStep;
      int q = yo + b / L * yStep;
      logarithm(x, p, xStep, ln, lnLow, m);
      power(ln, lnLow, y, q, yStep, result, m);
      // z may be x or y: the operands are looked at once more before it is written.
      special(x, p, xStep, y, q, yStep, result, m);
      System.arraycopy(result, 0, z, zo + b, m);
    }
  }

  private static void logarithm(float[] x, int xo, int xStep, float[] ln, float[] lnLow, int n) {
    for (int i = 0, p = xo; i < n; i += L, p += xStep) {
      FloatVector v = FloatVector.fromArray(S, x, p);
      FloatVector e = VectorMath.exponent(v);
      FloatVector f = VectorMath.fraction(v);
      FloatVector s = f.div(f.add(VectorMath.TWO));
      FloatVector high = VectorMath.lnHigh(e, s);
      FloatVector low = VectorMath.lnLow(e, s, VectorMath.quotientLow(f, s));
      FloatVector sum = high.add(low);
      sum.intoArray(ln, i);
      high.sub(sum).add(low).intoArray(lnLow, i);
    }
  }

  private static void power(
      float[] ln, float[] lnLow, float[] y, int yo, int yStep, float[] z, int n) {
    for (int i = 0, q = yo; i < n; i += L, q += yStep) {
      FloatVector high = FloatVector.fromArray(S, ln, i);
      FloatVector v = FloatVector.fromArray(S, y, q);
      FloatVector p = v.mul(high);
      FloatVector low = VectorMath.productLow(v, high, FloatVector.fromArray(S, lnLow, i), p);
      VectorMath.expSum(p, low).intoArray(z, i);
    }
  }

  private static void special(
      float[] x, int xo, int xStep, float[] y, int yo, int yStep, float[] z, int n) {
    for (int i = 0, p = xo, q = yo; i < n; i += L, p += xStep, q += yStep) {
      FloatVector a = FloatVector.fromArray(S, x, p);
      FloatVector b = FloatVector.fromArray(S, y, q);
      if (VectorMath.powSpecial(a, b).anyTrue()) {
        scalarPow(x, p, y, q, z, i);
      }
    }
  }

  /** One vector whose operands are no ordinary numbers, or negative, lane by lane. */
  private static void scalarPow(float[] x, int xo, float[] y, int yo, float[] z, int zo) {
    for (int k = 0; k < L; k++) {
      float a = x[xo + k];
      float b = y[yo + k];
      if (!(a >= Float.MIN_NORMAL && a < Float.POSITIVE_INFINITY && Float.isFinite(b))) {
        z[zo + k] = (float) Math.pow(a, b);
      }
    }
  }
}
