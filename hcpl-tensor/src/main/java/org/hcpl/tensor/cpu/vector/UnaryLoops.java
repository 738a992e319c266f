package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.hcpl.tensor.cpu.vector.VectorMath.HALF;
import static org.hcpl.tensor.cpu.vector.VectorMath.INFINITY;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.MINUS_INFINITY;
import static org.hcpl.tensor.cpu.vector.VectorMath.ONE;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;
import static org.hcpl.tensor.cpu.vector.VectorMath.THREE;
import static org.hcpl.tensor.cpu.vector.VectorMath.TWO;
import static org.hcpl.tensor.cpu.vector.VectorMath.ZERO;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * The loops of {@link VectorUnary}: {@code n} elements, a multiple of {@link VectorUnary#UNIT},
 * serial. Functions with an exponential take two vectors at a time, side by side: the processor
 * looks ahead too little to begin the next one while it waits for the last.
 *
 * <p>Each function has its own loop: one loop that is handed a function would box its vectors as
 * soon as two functions met in it.
 */
final class UnaryLoops {
  private static final FloatVector SIX = FloatVector.broadcast(S, 6f);
  private static final FloatVector SIXTH = FloatVector.broadcast(S, 1f / 6f);

  private static final int BITS_OF_ONE = Float.floatToRawIntBits(1);

  /** Floats that stay in the first-level cache between one loop and the next. */
  static final int BLOCK = 1024;

  private UnaryLoops() {}

  /** A loop that returns where it met numbers {@link VectorMath#beyond beyond} its limits, or n. */
  @FunctionalInterface
  private interface Within {
    int run(float[] x, int xo, float[] y, int yo, int from, int n);
  }

  /**
   * Ordinary numbers by a loop for these, a unit that holds others by a loop for all. Not by a
   * branch in one loop: once taken, it had both compiled into one, in some processes four times as
   * slow.
   */
  private static void ordinary(
      Within within, VectorUnary.Loop any, float[] x, int xo, float[] y, int yo, int n) {
    int i = within.run(x, xo, y, yo, 0, n);
    while (i < n) {
      any.run(x, xo + i, y, yo + i, VectorUnary.UNIT);
      i = within.run(x, xo, y, yo, i + VectorUnary.UNIT, n);
    }
  }

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
    ordinary(
        (v, vo, w, wo, from, to) -> logistic(-1, 0, v, vo, w, wo, from, to),
        UnaryLoops::siluOfAny,
        x,
        xo,
        y,
        yo,
        n);
  }

  /**
   * {@code numerator / (1 + e^-x)} up to numbers beyond the limits, where the bits of the numerator
   * are {@code bits(x) & of | or}: {@link VectorMath#silu} where that is x, {@link
   * VectorMath#sigmoid} where it is 1.
   *
   * <p>Written out: with over 325 bytes of code HotSpot compiles it by itself and not into its
   * callers, where calls of helpers were at times so deep that their vectors went through memory,
   * which made EfficientNet-B0 a fifth slower in three of six processes.
   */
  private static int logistic(
      int of, int or, float[] x, int xo, float[] y, int yo, int from, int n) {
    IntVector ofX = IntVector.broadcast(VectorMath.I, of);
    IntVector orBits = IntVector.broadcast(VectorMath.I, or);
    for (int i = from; i < n; i += 2 * L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector w = FloatVector.fromArray(S, x, xo + i + L);
      if (VectorMath.beyond(v, w)) {
        return i;
      }
      FloatVector vShifted = v.fma(VectorMath.MINUS_LOG2E, VectorMath.MAGIC);
      FloatVector vr = vShifted.sub(VectorMath.MAGIC).fma(VectorMath.LN2, v);
      FloatVector vr2 = vr.mul(vr);
      FloatVector vq =
          vr2.fma(VectorMath.E4, vr.fma(VectorMath.MINUS_E3, VectorMath.E2))
              .fma(vr2, vr.fma(VectorMath.MINUS_E1, HALF))
              .mul(vr2)
              .sub(vr);
      FloatVector vs =
          vShifted
              .reinterpretAsInts()
              .lanewise(LSHL, 23)
              .add(VectorMath.ONE_BITS)
              .reinterpretAsFloats();
      FloatVector vTop = v.reinterpretAsInts().and(ofX).or(orBits).reinterpretAsFloats();

      FloatVector wShifted = w.fma(VectorMath.MINUS_LOG2E, VectorMath.MAGIC);
      FloatVector wr = wShifted.sub(VectorMath.MAGIC).fma(VectorMath.LN2, w);
      FloatVector wr2 = wr.mul(wr);
      FloatVector wq =
          wr2.fma(VectorMath.E4, wr.fma(VectorMath.MINUS_E3, VectorMath.E2))
              .fma(wr2, wr.fma(VectorMath.MINUS_E1, HALF))
              .mul(wr2)
              .sub(wr);
      FloatVector ws =
          wShifted
              .reinterpretAsInts()
              .lanewise(LSHL, 23)
              .add(VectorMath.ONE_BITS)
              .reinterpretAsFloats();
      FloatVector wTop = w.reinterpretAsInts().and(ofX).or(orBits).reinterpretAsFloats();

      vTop.div(vq.fma(vs, vs.add(ONE))).intoArray(y, yo + i);
      wTop.div(wq.fma(ws, ws.add(ONE))).intoArray(y, yo + i + L);
    }
    return n;
  }

  private static void siluOfAny(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMath.silu(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
    }
  }

  /** {@code 1 - e^-a}. */
  private static final PiecewisePolynomial ELU =
      new PiecewisePolynomial(a -> -Math.expm1(-a), 1.125f, 1);

  static void scaledElu(float scale, float alpha, float[] x, int xo, float[] y, int yo, int n) {
    ELU.twoSided(scale, -alpha, x, xo, y, yo, n);
  }

  static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    ordinary(
        (v, vo, w, wo, from, to) -> logistic(0, BITS_OF_ONE, v, vo, w, wo, from, to),
        UnaryLoops::sigmoidOfAny,
        x,
        xo,
        y,
        yo,
        n);
  }

  private static void sigmoidOfAny(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMath.sigmoid(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
    }
  }

  static void tanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += 2 * L) {
      FloatVector v = VectorMath.tanh(FloatVector.fromArray(S, x, xo + i));
      FloatVector w = VectorMath.tanh(FloatVector.fromArray(S, x, xo + i + L));
      v.intoArray(y, yo + i);
      w.intoArray(y, yo + i + L);
    }
  }

  /** {@code max(x, 0) - ln(1 + e^x)}, which is even. */
  private static final PiecewisePolynomial SOFTPLUS =
      new PiecewisePolynomial(a -> -Math.log1p(Math.exp(-a)), 1.125f, 0);

  /** Below -16 softplus is e^x; such numbers are few. */
  static void softplus(float[] x, int xo, float[] y, int yo, int n) {
    for (int at = 0; at < n; at += BLOCK) {
      int m = Math.min(BLOCK, n - at);
      boolean far = SOFTPLUS.anyBelowLast(x, xo + at, m);
      float[] v = far ? Arrays.copyOfRange(x, xo + at, xo + at + m) : x;
      SOFTPLUS.reluLess(x, xo + at, y, yo + at, m);
      for (int i = 0; far && i < m; i++) {
        if (v[i] < -SOFTPLUS.lastSegment()) {
          y[yo + at + i] = (float) Math.exp(v[i]);
        }
      }
    }
  }

  static void mish(float[] x, int xo, float[] y, int yo, int n) {
    ordinary(UnaryLoops::mishWithin, UnaryLoops::mishOfAny, x, xo, y, yo, n);
  }

  /** {@link VectorMath#mish} up to numbers beyond the limits; written out like the logistic. */
  private static int mishWithin(float[] x, int xo, float[] y, int yo, int from, int n) {
    for (int i = from; i < n; i += 2 * L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector w = FloatVector.fromArray(S, x, xo + i + L);
      if (VectorMath.beyondSquare(v, w)) {
        return i;
      }
      FloatVector vShifted = v.fma(VectorMath.LOG2E, VectorMath.MAGIC);
      FloatVector vn = vShifted.sub(VectorMath.MAGIC);
      FloatVector vr = vn.fma(VectorMath.MINUS_LN2_LO, vn.fma(VectorMath.MINUS_LN2_HI, v));
      FloatVector vr2 = vr.mul(vr);
      FloatVector vq =
          vr2.fma(VectorMath.E4, vr.fma(VectorMath.E3, VectorMath.E2))
              .fma(vr2, vr.fma(VectorMath.E1, HALF))
              .fma(vr2, vr);
      FloatVector vs =
          vShifted
              .reinterpretAsInts()
              .lanewise(LSHL, 23)
              .add(VectorMath.ONE_BITS)
              .reinterpretAsFloats();
      FloatVector ve = vq.fma(vs, vs);
      FloatVector vm = ve.mul(ve.add(TWO));

      FloatVector wShifted = w.fma(VectorMath.LOG2E, VectorMath.MAGIC);
      FloatVector wn = wShifted.sub(VectorMath.MAGIC);
      FloatVector wr = wn.fma(VectorMath.MINUS_LN2_LO, wn.fma(VectorMath.MINUS_LN2_HI, w));
      FloatVector wr2 = wr.mul(wr);
      FloatVector wq =
          wr2.fma(VectorMath.E4, wr.fma(VectorMath.E3, VectorMath.E2))
              .fma(wr2, wr.fma(VectorMath.E1, HALF))
              .fma(wr2, wr);
      FloatVector ws =
          wShifted
              .reinterpretAsInts()
              .lanewise(LSHL, 23)
              .add(VectorMath.ONE_BITS)
              .reinterpretAsFloats();
      FloatVector we = wq.fma(ws, ws);
      FloatVector wm = we.mul(we.add(TWO));

      vm.div(vm.add(TWO)).mul(v).intoArray(y, yo + i);
      wm.div(wm.add(TWO)).mul(w).intoArray(y, yo + i + L);
    }
    return n;
  }

  private static void mishOfAny(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMath.mish(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
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
    ordinary(UnaryLoops::expWithin, UnaryLoops::expOfAny, x, xo, y, yo, n);
  }

  /** {@link VectorMath#exp} up to numbers beyond the limits; written out like the logistic. */
  private static int expWithin(float[] x, int xo, float[] y, int yo, int from, int n) {
    for (int i = from; i < n; i += 2 * L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector w = FloatVector.fromArray(S, x, xo + i + L);
      if (VectorMath.beyond(v, w)) {
        return i;
      }
      FloatVector vShifted = v.fma(VectorMath.LOG2E, VectorMath.MAGIC);
      FloatVector vn = vShifted.sub(VectorMath.MAGIC);
      FloatVector vr = vn.fma(VectorMath.MINUS_LN2_LO, vn.fma(VectorMath.MINUS_LN2_HI, v));
      FloatVector vr2 = vr.mul(vr);
      FloatVector vq =
          vr2.fma(VectorMath.E4, vr.fma(VectorMath.E3, VectorMath.E2))
              .fma(vr2, vr.fma(VectorMath.E1, HALF))
              .fma(vr2, vr);
      FloatVector vs =
          vShifted
              .reinterpretAsInts()
              .lanewise(LSHL, 23)
              .add(VectorMath.ONE_BITS)
              .reinterpretAsFloats();

      FloatVector wShifted = w.fma(VectorMath.LOG2E, VectorMath.MAGIC);
      FloatVector wn = wShifted.sub(VectorMath.MAGIC);
      FloatVector wr = wn.fma(VectorMath.MINUS_LN2_LO, wn.fma(VectorMath.MINUS_LN2_HI, w));
      FloatVector wr2 = wr.mul(wr);
      FloatVector wq =
          wr2.fma(VectorMath.E4, wr.fma(VectorMath.E3, VectorMath.E2))
              .fma(wr2, wr.fma(VectorMath.E1, HALF))
              .fma(wr2, wr);
      FloatVector ws =
          wShifted
              .reinterpretAsInts()
              .lanewise(LSHL, 23)
              .add(VectorMath.ONE_BITS)
              .reinterpretAsFloats();

      vq.fma(vs, vs).intoArray(y, yo + i);
      wq.fma(ws, ws).intoArray(y, yo + i + L);
    }
    return n;
  }

  private static void expOfAny(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMath.exp(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
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

  /** x^0.5 as {@link Math#pow} has it: infinity at -infinity, 0 at -0. */
  static void powHalf(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = v.add(ZERO).sqrt();
      r.blend(INFINITY, v.compare(EQ, MINUS_INFINITY)).intoArray(y, yo + i);
    }
  }

  /** x^-0.5 as {@link Math#pow} has it: 0 at -infinity, infinity at -0. */
  static void powMinusHalf(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = ONE.div(v.add(ZERO).sqrt());
      r.blend(ZERO, v.compare(EQ, MINUS_INFINITY)).intoArray(y, yo + i);
    }
  }

  /** x^1.5 = x s with s the root, and what the roundings of s and of the product took away. */
  static void powOneAndHalf(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector s = v.sqrt();
      FloatVector product = v.mul(s);
      FloatVector half = s.mul(HALF);
      FloatVector lost = half.fma(s.neg().fma(s, v), v.fma(s, product.neg()));
      FloatVector r = product.blend(product.add(lost), product.compare(LT, INFINITY));
      r.blend(INFINITY, v.compare(EQ, MINUS_INFINITY)).intoArray(y, yo + i);
    }
  }

  static void reciprocal(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      ONE.div(v).intoArray(y, yo + i);
    }
  }

  /** x^-2 = r^2 with r = 1/x, and what the rounding of r took away. */
  static void reciprocalSquare(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector r = ONE.div(v);
      FloatVector square = r.mul(r);
      FloatVector lost = r.neg().fma(v, ONE);
      FloatVector all = square.fma(lost.add(lost), square);
      VectorMask<Float> finite = square.compare(GT, ZERO).and(square.compare(LT, INFINITY));
      square.blend(all, finite).intoArray(y, yo + i);
    }
  }

  static void cube(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      v.mul(v).mul(v).intoArray(y, yo + i);
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

  /** A block of one value, for {@link Powers#pow}. */
  static float[] block(float value) {
    float[] block = new float[BLOCK];
    Arrays.fill(block, value);
    return block;
  }
}
