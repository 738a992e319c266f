package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.F2I;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.MAGIC;
import static org.hcpl.tensor.cpu.vector.VectorMath.MINUS_ONE;
import static org.hcpl.tensor.cpu.vector.VectorMath.ONE;
import static org.hcpl.tensor.cpu.vector.VectorMath.ONE_BITS;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;
import static org.hcpl.tensor.cpu.vector.VectorMath.ZERO;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Powers x^y = 2^(y log2 x) of arrays, serial: 2 ulp for exponents up to 10 in size, 3 ulp at 40,
 * 71 ulp at 1000. Zeros, negative numbers, infinities and NaN follow {@link Math#pow}.
 *
 * <p>The base-2 logarithm comes in two parts, by the tables of {@link Logarithms}: h, a multiple of
 * 2^-15, whose product with y is exact in two floats, and the rest, at most 1/10.
 */
final class Powers {
  /** Numbers of a stretch that holds others than the loop for ordinary ones takes. */
  private static final int STRETCH = 256;

  /** Up to this size of y log2 x the power is a normal number. */
  private static final FloatVector LIMIT = c(126);

  /** The same for y ln x, less what the loop's own y log2 x may be off. */
  private static final double FAR = 125.999 * Math.log(2);

  /** (2^f - 1 - f ln 2) / f^2 for |f| <= 1/2; relative error of 2^f 3e-9. */
  static final FloatVector E1 = c(0.240226475347);

  static final FloatVector E2 = c(0.0555036209758);
  static final FloatVector E3 = c(0.00961852756887);
  static final FloatVector E4 = c(0.00133902518301);
  static final FloatVector E5 = c(0.000153210249926);

  private static final FloatVector NAN = c(Double.NaN);
  private static final FloatVector WHOLE = c(1 << 24);

  private Powers() {}

  private static FloatVector c(double value) {
    return FloatVector.broadcast(S, (float) value);
  }

  /**
   * {@code z = x^y} for n elements, a multiple of the lanes; z may be x or y.
   *
   * @param xStep 0 if x is the same for all, and then a block of {@link UnaryLoops#BLOCK} equal
   *     numbers; otherwise 1
   * @param yStep likewise
   */
  static void pow(
      float[] x, int xo, int xStep, float[] y, int yo, int yStep, float[] z, int zo, int n) {
    int i = within(x, xo, xStep, y, yo, yStep, z, zo, 0, n);
    float[] base = new float[i < n ? STRETCH : 0];
    float[] exponent = new float[base.length];
    float[] power = new float[base.length];
    while (i < n) {
      int m = Math.min(STRETCH, n - i);
      ordinaryOr1(x, xo + i * xStep, y, yo + i * yStep, base, exponent, m);
      anyWithin(base, exponent, power, m);
      signs(x, xo + i * xStep, y, yo + i * yStep, power, m);
      System.arraycopy(power, 0, z, zo + i, m);
      i = within(x, xo, xStep, y, yo, yStep, z, zo, i + m, n);
    }
  }

  /**
   * Powers up to the first vector with a base that is no ordinary number or a result beyond the
   * limits, or n.
   */
  private static int within(
      float[] x,
      int xo,
      int xStep,
      float[] y,
      int yo,
      int yStep,
      float[] z,
      int zo,
      int from,
      int n) {
    for (int i = from; i < n; i += L) {
      IntVector bits = FloatVector.fromArray(S, x, xo + i * xStep).reinterpretAsInts();
      FloatVector v = FloatVector.fromArray(S, y, yo + i * yStep);
      IntVector t = bits.sub(Logarithms.LOWEST);
      IntVector e = t.lanewise(ASHR, 23);
      FloatVector m = bits.sub(e.lanewise(LSHL, 23)).reinterpretAsFloats();
      IntVector interval = t.lanewise(ASHR, 19);
      FloatVector r = m.fma(Logarithms.lookup(interval, Logarithms.FACTOR), MINUS_ONE);
      FloatVector r2 = r.mul(r);
      FloatVector b =
          r2.fma(Logarithms.B4, Logarithms.B3.fma(r, Logarithms.B2))
              .fma(r2, Logarithms.B1.fma(r, Logarithms.B0));
      FloatVector rest =
          r.fma(Logarithms.LOG2E_LO, Logarithms.lookup(interval, Logarithms.LOG2_LO));
      FloatVector low = r.fma(Logarithms.LOG2E_HI, b.fma(r2, rest));
      FloatVector high =
          ((FloatVector) e.convert(I2F, 0)).add(Logarithms.lookup(interval, Logarithms.LOG2_HI));

      FloatVector p = v.mul(high);
      FloatVector pLow = v.fma(low, v.fma(high, p.neg()));
      FloatVector sum = p.add(pLow);
      FloatVector shifted = sum.add(MAGIC);
      FloatVector f = p.sub(shifted.sub(MAGIC)).add(pLow);
      FloatVector f2 = f.mul(f);
      FloatVector q = f2.fma(f2.fma(E5, f.fma(E4, E3)), f.fma(E2, E1)).mul(f2);
      q = f.fma(VectorMath.LN2, q);
      FloatVector power =
          shifted.reinterpretAsInts().lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      VectorMask<Integer> good = bits.add(Logarithms.ORDINARY).compare(LT, -1 << 24);
      if (!good.cast(S).and(sum.abs().compare(LT, LIMIT)).allTrue()) {
        return i;
      }
      q.fma(power, power).intoArray(z, zo + i);
    }
    return n;
  }

  /** Operands for the magnitudes of x, 1 for those that are not ordinary. */
  private static void ordinaryOr1(
      float[] x, int xo, float[] y, int yo, float[] base, float[] exponent, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i).abs();
      FloatVector w = FloatVector.fromArray(S, y, yo + i);
      ONE.blend(v, VectorMath.powOrdinary(v, w)).intoArray(base, i);
      ONE.blend(w, w.abs().compare(LT, VectorMath.INFINITY)).intoArray(exponent, i);
    }
  }

  /**
   * Powers of ordinary numbers: those beyond the limits number by number, their neighbours as
   * everywhere.
   */
  private static void anyWithin(float[] base, float[] exponent, float[] power, int n) {
    int i = within(base, 0, 1, exponent, 0, 1, power, 0, 0, n);
    while (i < n) {
      float[] far = new float[L];
      for (int k = 0; k < L; k++) {
        if (!(Math.abs(exponent[i + k] * Math.log(base[i + k])) < FAR)) {
          far[k] = base[i + k];
          base[i + k] = 1;
        }
      }
      within(base, 0, 1, exponent, 0, 1, power, 0, i, i + L);
      for (int k = 0; k < L; k++) {
        if (far[k] != 0) {
          power[i + k] = (float) Math.pow(far[k], exponent[i + k]);
        }
      }
      i = within(base, 0, 1, exponent, 0, 1, power, 0, i + L, n);
    }
  }

  /** Powers of x from those of their magnitudes, in place. */
  private static void signs(float[] x, int xo, float[] y, int yo, float[] power, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector w = FloatVector.fromArray(S, y, yo + i);
      IntVector whole = (IntVector) w.convert(F2I, 0);
      VectorMask<Float> broken = ((FloatVector) whole.convert(I2F, 0)).compare(NE, w);
      VectorMask<Float> negative = v.compare(LT, ZERO);
      IntVector odd = whole.lanewise(LSHL, 31).and(v.reinterpretAsInts());
      FloatVector r =
          FloatVector.fromArray(S, power, i)
              .reinterpretAsInts()
              .or(odd)
              .reinterpretAsFloats()
              .blend(NAN, negative.and(broken));
      VectorMask<Float> zero = VectorMath.powZero(v, w);
      r.blend(ZERO, zero).intoArray(power, i);
      VectorMask<Float> known =
          VectorMath.powOrdinary(v.abs(), w).and(w.abs().compare(LT, WHOLE)).or(zero);
      if (!known.allTrue()) {
        for (int k = 0; k < L; k++) {
          if (!known.laneIsSet(k)) {
            power[i + k] = (float) Math.pow(x[xo + i + k], y[yo + i + k]);
          }
        }
      }
    }
  }
}
