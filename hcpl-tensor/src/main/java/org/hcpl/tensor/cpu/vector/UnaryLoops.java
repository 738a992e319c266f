package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.LT;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.ONE;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;
import static org.hcpl.tensor.cpu.vector.VectorMath.THREE;
import static org.hcpl.tensor.cpu.vector.VectorMath.ZERO;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The loops of {@link VectorUnary}: {@code n} elements, a multiple of the lanes, serial.
 *
 * <p>Each function has its own loop: one loop that is handed a function would box its vectors as
 * soon as two functions met in it.
 */
final class UnaryLoops {
  private static final FloatVector SIX = FloatVector.broadcast(S, 6f);
  private static final FloatVector SIXTH = FloatVector.broadcast(S, 1f / 6f);

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

  static void gelu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = VectorMath.geluArgument(v);
      FloatVector tail = VectorMath.normalTail(a, VectorMath.gaussian(a));
      FloatVector r = VectorMath.gelu(v, a, tail);
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

  static void erf(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector t = VectorMath.erfArgument(v);
      FloatVector tail = VectorMath.expFlush(t.mul(t).neg()).mul(VectorMath.scaledErfc(t));
      FloatVector r = VectorMath.erf(v, tail);
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

  /**
   * x^y with either of them the same for all: {@code step} is 0 for an operand of one vector and
   * the lanes otherwise.
   */
  static void pow(
      float[] x, int xo, int xStep, float[] y, int yo, int yStep, float[] z, int zo, int n) {
    for (int i = 0, p = xo, q = yo; i < n; i += L, p += xStep, q += yStep) {
      FloatVector a = FloatVector.fromArray(S, x, p);
      FloatVector b = FloatVector.fromArray(S, y, q);
      FloatVector e = VectorMath.exponent(a);
      FloatVector f = VectorMath.fraction(a);
      FloatVector s = f.div(f.add(VectorMath.TWO));
      FloatVector high = VectorMath.lnHigh(e, s);
      FloatVector low = VectorMath.lnLow(e, s, VectorMath.quotientLow(f, s));
      FloatVector ln = high.add(low);
      FloatVector lnLow = high.sub(ln).add(low);
      FloatVector product = b.mul(ln);
      FloatVector rest = VectorMath.productLow(b, ln, lnLow, product);
      FloatVector result = VectorMath.expSum(product, rest);
      VectorMask<Float> special = VectorMath.powSpecial(a, b);
      if (special.anyTrue()) {
        result = VectorMath.powScalar(a, b, result, special);
      }
      result.intoArray(z, zo + i);
    }
  }
}
