package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.hcpl.tensor.cpu.vector.VectorMath.HALF;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.ONE;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;
import static org.hcpl.tensor.cpu.vector.VectorMath.THREE;
import static org.hcpl.tensor.cpu.vector.VectorMath.ZERO;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
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

  /** Floats of a block between the passes of a function that is too long for one loop. */
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
        (v, vo, w, wo, from, to) -> logistic(1, -0f, v, vo, w, wo, from, to),
        UnaryLoops::siluOfAny,
        x,
        xo,
        y,
        yo,
        n);
  }

  /**
   * {@code (slope x + constant) / (1 + e^-x)} up to numbers beyond the limits: {@link
   * VectorMath#silu} for 1 and -0, {@link VectorMath#sigmoid} for 0 and 1. Written out: with over
   * 325 bytes of code HotSpot compiles it by itself and not into its callers, where calls of
   * helpers were at times so deep that their vectors went through memory, which made
   * EfficientNet-B0 a fifth slower in three of six processes.
   */
  private static int logistic(
      float slope, float constant, float[] x, int xo, float[] y, int yo, int from, int n) {
    FloatVector a = FloatVector.broadcast(S, slope);
    FloatVector b = FloatVector.broadcast(S, constant);
    for (int i = from; i < n; i += 2 * L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector w = FloatVector.fromArray(S, x, xo + i + L);
      if (VectorMath.beyond(v, w)) {
        return i;
      }
      FloatVector vShifted = v.fma(VectorMath.MINUS_LOG2E, VectorMath.MAGIC);
      FloatVector vn = vShifted.sub(VectorMath.MAGIC);
      FloatVector vr = vn.fma(VectorMath.LN2_LO, vn.fma(VectorMath.LN2_HI, v));
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

      FloatVector wShifted = w.fma(VectorMath.MINUS_LOG2E, VectorMath.MAGIC);
      FloatVector wn = wShifted.sub(VectorMath.MAGIC);
      FloatVector wr = wn.fma(VectorMath.LN2_LO, wn.fma(VectorMath.LN2_HI, w));
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

      v.fma(a, b).div(vq.fma(vs, vs.add(ONE))).intoArray(y, yo + i);
      w.fma(a, b).div(wq.fma(ws, ws.add(ONE))).intoArray(y, yo + i + L);
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
        (v, vo, w, wo, from, to) -> logistic(0, 1, v, vo, w, wo, from, to),
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
   * One of several passes over a block of a function that is too long for one loop: from the
   * operands a and b (which not all have) and what the passes before left in s and t, each a block,
   * to these or the result c.
   */
  @FunctionalInterface
  interface Pass {
    void run(float[] a, int ao, float[] b, int bo, float[] s, float[] t, float[] c, int co, int n);
  }

  /**
   * The passes over blocks of n elements that stay in the first-level cache. With three or more of
   * them HotSpot compiles each by itself. It would compile one or two into this loop, of which the
   * last operations then have no room, and pass their vectors through memory.
   *
   * @param aStep 0 for an operand of one block that is the same for all blocks, otherwise 1
   * @param bStep likewise
   */
  static void passes(
      Pass[] passes,
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] c,
      int co,
      int n) {
    float[] s = new float[Math.min(n, BLOCK)];
    float[] t = new float[s.length];
    for (int at = 0; at < n; at += BLOCK) {
      int m = Math.min(BLOCK, n - at);
      for (Pass pass : passes) {
        pass.run(a, ao + at * aStep, b, bo + at * bStep, s, t, c, co + at, m);
      }
    }
  }

  private static final Pass[] POW = {
    (a, ao, b, bo, s, t, c, co, n) -> Logarithms.log2(a, ao, s, t, n),
    (a, ao, b, bo, s, t, c, co, n) -> Logarithms.exp2(b, bo, s, t, n),
    (a, ao, b, bo, s, t, c, co, n) -> powers(a, ao, b, bo, s, c, co, n)
  };

  /**
   * x^y with either of them the same for all: {@code step} is then 0, and it has {@link #BLOCK}
   * floats; otherwise 1.
   */
  static void pow(
      float[] x, int xo, int xStep, float[] y, int yo, int yStep, float[] z, int zo, int n) {
    passes(POW, x, xo, xStep, y, yo, yStep, z, zo, n);
  }

  /** A block of one value, for {@link #pow}. */
  static float[] block(float value) {
    float[] block = new float[BLOCK];
    Arrays.fill(block, value);
    return block;
  }

  /** Copies z, the powers of ordinary numbers, to c, which may be a or b, with those of others. */
  private static void powers(
      float[] a, int ao, float[] b, int bo, float[] z, float[] c, int co, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector x = FloatVector.fromArray(S, a, ao + i);
      FloatVector y = FloatVector.fromArray(S, b, bo + i);
      VectorMask<Float> zero = VectorMath.powZero(x, y);
      if (!VectorMath.powOrdinary(x, y).or(zero).allTrue()) {
        scalarPow(a, ao + i, b, bo + i, z, i);
      }
      FloatVector.fromArray(S, z, i).blend(ZERO, zero).intoArray(c, co + i);
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
