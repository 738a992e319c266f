package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.hcpl.tensor.cpu.vector.VectorMath.FOUR;
import static org.hcpl.tensor.cpu.vector.VectorMath.HALF;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.ONE;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;
import static org.hcpl.tensor.cpu.vector.VectorMath.THREE;
import static org.hcpl.tensor.cpu.vector.VectorMath.TWO;
import static org.hcpl.tensor.cpu.vector.VectorMath.TWO_OVER_SQRT_PI;
import static org.hcpl.tensor.cpu.vector.VectorMath.ZERO;

import jdk.incubator.vector.FloatVector;

/**
 * The loops of {@link VectorUnaryGrad}: {@code n} elements, a multiple of {@link VectorUnary#UNIT},
 * serial.
 */
final class UnaryGradLoops {
  private static final FloatVector SIX = FloatVector.broadcast(S, 6f);
  private static final FloatVector SIXTH = FloatVector.broadcast(S, 1f / 6f);
  private static final FloatVector THIRD = FloatVector.broadcast(S, 1f / 3f);
  private static final FloatVector MINUS_THREE = FloatVector.broadcast(S, -3f);
  private static final FloatVector MINUS_HALF = FloatVector.broadcast(S, -0.5f);

  private UnaryGradLoops() {}

  /** A loop that returns where it met numbers beyond its limits, or n. */
  @FunctionalInterface
  private interface Within {
    int run(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int from, int n);
  }

  /** Like that of {@link UnaryLoops}. */
  private static void ordinary(
      Within within,
      VectorUnaryGrad.Loop any,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      int n) {
    int i = within.run(x, xo, dy, dyo, dx, dxo, 0, n);
    while (i < n) {
      any.run(x, xo + i, dy, dyo + i, dx, dxo + i, VectorUnary.UNIT);
      i = within.run(x, xo, dy, dyo, dx, dxo, i + VectorUnary.UNIT, n);
    }
  }

  static void relu(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = ZERO.blend(g, v.compare(GT, ZERO));
      r.intoArray(dx, dxo + i);
    }
  }

  static void leakyRelu(
      float slope, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    FloatVector factor = FloatVector.broadcast(S, slope);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = g.mul(factor).blend(g, v.compare(GT, ZERO));
      r.intoArray(dx, dxo + i);
    }
  }

  static void silu(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    ordinary(UnaryGradLoops::siluWithin, UnaryGradLoops::siluOfAny, x, xo, dy, dyo, dx, dxo, n);
  }

  /**
   * The slope of silu up to numbers beyond the limits; written out like the logistic itself, whose
   * results in a block and a second pass take half as long again.
   */
  private static int siluWithin(
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int from, int n) {
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
      FloatVector vPower =
          vShifted
              .reinterpretAsInts()
              .lanewise(LSHL, 23)
              .add(VectorMath.ONE_BITS)
              .reinterpretAsFloats();
      FloatVector vs = ONE.div(vq.fma(vPower, vPower.add(ONE)));

      FloatVector wShifted = w.fma(VectorMath.MINUS_LOG2E, VectorMath.MAGIC);
      FloatVector wr = wShifted.sub(VectorMath.MAGIC).fma(VectorMath.LN2, w);
      FloatVector wr2 = wr.mul(wr);
      FloatVector wq =
          wr2.fma(VectorMath.E4, wr.fma(VectorMath.MINUS_E3, VectorMath.E2))
              .fma(wr2, wr.fma(VectorMath.MINUS_E1, HALF))
              .mul(wr2)
              .sub(wr);
      FloatVector wPower =
          wShifted
              .reinterpretAsInts()
              .lanewise(LSHL, 23)
              .add(VectorMath.ONE_BITS)
              .reinterpretAsFloats();
      FloatVector ws = ONE.div(wq.fma(wPower, wPower.add(ONE)));

      FloatVector vSlope = v.mul(ONE.sub(vs)).fma(vs, vs);
      FloatVector wSlope = w.mul(ONE.sub(ws)).fma(ws, ws);
      FloatVector vg = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector wg = FloatVector.fromArray(S, dy, dyo + i + L);
      vSlope.mul(vg).intoArray(dx, dxo + i);
      wSlope.mul(wg).intoArray(dx, dxo + i + L);
    }
    return n;
  }

  private static void siluOfAny(
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      VectorMath.siluSlope(FloatVector.fromArray(S, x, xo + i)).mul(g).intoArray(dx, dxo + i);
    }
  }

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
    ordinary(
        (v, vo, g, go, d, p, from, to) -> eluWithin(scale, alpha, v, vo, g, go, d, p, from, to),
        (v, vo, g, go, d, p, m) -> eluOfAny(scale, alpha, v, vo, g, go, d, p, m),
        x,
        xo,
        dy,
        dyo,
        dx,
        dxo,
        n);
  }

  /** {@link #eluOfAny} up to numbers beyond the limits; written out like silu's. */
  private static int eluWithin(
      float scale,
      float alpha,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      int from,
      int n) {
    FloatVector above = FloatVector.broadcast(S, scale);
    FloatVector below = FloatVector.broadcast(S, alpha);
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
      FloatVector ve = vq.fma(vs, vs);

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

      FloatVector vg = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector wg = FloatVector.fromArray(S, dy, dyo + i + L);
      ve.mul(below).blend(above, v.compare(GT, ZERO)).mul(vg).intoArray(dx, dxo + i);
      we.mul(below).blend(above, w.compare(GT, ZERO)).mul(wg).intoArray(dx, dxo + i + L);
    }
    return n;
  }

  private static void eluOfAny(
      float scale,
      float alpha,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      int n) {
    FloatVector above = FloatVector.broadcast(S, scale);
    FloatVector below = FloatVector.broadcast(S, alpha);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = VectorMath.expFlush(v).mul(below).blend(above, v.compare(GT, ZERO)).mul(g);
      r.intoArray(dx, dxo + i);
    }
  }

  static void sigmoid(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, y, yo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = ONE.sub(v).mul(v).mul(g);
      r.intoArray(dx, dxo + i);
    }
  }

  static void tanh(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, y, yo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = v.neg().fma(v, ONE).mul(g);
      r.intoArray(dx, dxo + i);
    }
  }

  static void softplus(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    ordinary(
        UnaryGradLoops::softplusWithin, UnaryGradLoops::softplusOfAny, x, xo, dy, dyo, dx, dxo, n);
  }

  /** The logistic times dy up to numbers beyond the limits; written out like silu's. */
  private static int softplusWithin(
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int from, int n) {
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

      FloatVector vg = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector wg = FloatVector.fromArray(S, dy, dyo + i + L);
      ONE.div(vq.fma(vs, vs.add(ONE))).mul(vg).intoArray(dx, dxo + i);
      ONE.div(wq.fma(ws, ws.add(ONE))).mul(wg).intoArray(dx, dxo + i + L);
    }
    return n;
  }

  private static void softplusOfAny(
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      VectorMath.sigmoid(FloatVector.fromArray(S, x, xo + i)).mul(g).intoArray(dx, dxo + i);
    }
  }

  static void mish(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    ordinary(UnaryGradLoops::mishWithin, UnaryGradLoops::mishOfAny, x, xo, dy, dyo, dx, dxo, n);
  }

  /** {@link VectorMath#mishSlope} up to numbers beyond the limits; written out like silu's. */
  private static int mishWithin(
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int from, int n) {
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
      FloatVector vd = ONE.div(vm.add(TWO));

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
      FloatVector wd = ONE.div(wm.add(TWO));

      FloatVector vg = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector wg = FloatVector.fromArray(S, dy, dyo + i + L);
      FloatVector vInner = v.mul(FOUR).mul(ve).mul(ve.add(ONE));
      FloatVector wInner = w.mul(FOUR).mul(we).mul(we.add(ONE));
      vInner.fma(vd, vm).mul(vd).mul(vg).intoArray(dx, dxo + i);
      wInner.fma(wd, wm).mul(wd).mul(wg).intoArray(dx, dxo + i + L);
    }
    return n;
  }

  private static void mishOfAny(
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      VectorMath.mishSlope(FloatVector.fromArray(S, x, xo + i)).mul(g).intoArray(dx, dxo + i);
    }
  }

  static void hardSigmoid(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = ZERO.blend(g.mul(SIXTH), v.abs().compare(LT, THREE));
      r.intoArray(dx, dxo + i);
    }
  }

  static void hardSwish(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r =
          v.fma(THIRD, HALF)
              .mul(g)
              .blend(g, v.compare(GE, THREE))
              .blend(ZERO, v.compare(LE, MINUS_THREE));
      r.intoArray(dx, dxo + i);
    }
  }

  static void relu6(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = ZERO.blend(g, v.compare(GT, ZERO).and(v.compare(LT, SIX)));
      r.intoArray(dx, dxo + i);
    }
  }

  static void clamp(
      float low, float high, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    FloatVector from = FloatVector.broadcast(S, low);
    FloatVector to = FloatVector.broadcast(S, high);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = ZERO.blend(g, v.compare(GE, from).and(v.compare(LE, to)));
      r.intoArray(dx, dxo + i);
    }
  }

  static void exp(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, y, yo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = g.mul(v);
      r.intoArray(dx, dxo + i);
    }
  }

  static void log(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = g.div(v);
      r.intoArray(dx, dxo + i);
    }
  }

  static void erf(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    ordinary(UnaryGradLoops::erfWithin, UnaryGradLoops::erfOfAny, x, xo, dy, dyo, dx, dxo, n);
  }

  /** 2/sqrt(pi) e^(-x^2) up to numbers beyond the limits; written out like silu's. */
  private static int erfWithin(
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int from, int n) {
    for (int i = from; i < n; i += 2 * L) {
      FloatVector vRoot = FloatVector.fromArray(S, x, xo + i);
      FloatVector wRoot = FloatVector.fromArray(S, x, xo + i + L);
      FloatVector v = vRoot.mul(vRoot).neg();
      FloatVector w = wRoot.mul(wRoot).neg();
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
      FloatVector ve = vq.fma(vs, vs);

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

      FloatVector vg = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector wg = FloatVector.fromArray(S, dy, dyo + i + L);
      ve.mul(TWO_OVER_SQRT_PI).mul(vg).intoArray(dx, dxo + i);
      we.mul(TWO_OVER_SQRT_PI).mul(wg).intoArray(dx, dxo + i + L);
    }
    return n;
  }

  private static void erfOfAny(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = VectorMath.expFlush(v.mul(v).neg()).mul(TWO_OVER_SQRT_PI).mul(g);
      r.intoArray(dx, dxo + i);
    }
  }

  static void sqrt(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, y, yo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = g.mul(HALF).div(v);
      r.intoArray(dx, dxo + i);
    }
  }

  static void rsqrt(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, y, yo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = v.mul(v).mul(v).mul(MINUS_HALF).mul(g);
      r.intoArray(dx, dxo + i);
    }
  }

  static void abs(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = g.blend(g.neg(), v.compare(LT, ZERO)).blend(ZERO, v.compare(EQ, ZERO));
      r.intoArray(dx, dxo + i);
    }
  }

  static void square(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector r = v.add(v).mul(g);
      r.intoArray(dx, dxo + i);
    }
  }

  /** {@code dx = scale f(x) dy} with f a power, by blocks that stay in the first-level cache. */
  static void pow(
      VectorUnary.Loop power,
      float scale,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      int n) {
    float[] slope = new float[Math.min(n, UnaryLoops.BLOCK)];
    for (int at = 0; at < n; at += UnaryLoops.BLOCK) {
      int m = Math.min(UnaryLoops.BLOCK, n - at);
      power.run(x, xo + at, slope, 0, m);
      scaledProduct(scale, slope, dy, dyo + at, dx, dxo + at, m);
    }
  }

  private static void scaledProduct(
      float scale, float[] slope, float[] dy, int dyo, float[] dx, int dxo, int n) {
    FloatVector factor = FloatVector.broadcast(S, scale);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, slope, i);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      v.mul(factor).mul(g).intoArray(dx, dxo + i);
    }
  }
}
