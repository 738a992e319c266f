package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.MAGIC;
import static org.hcpl.tensor.cpu.vector.VectorMath.MINUS_ONE;
import static org.hcpl.tensor.cpu.vector.VectorMath.ONE_BITS;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * x^y for a small y that is the same for all x: 1.3 ulp, in one loop.
 *
 * <p>With x = 2^e m and the factors c near 1/m of {@link Logarithms}, x^y = 2^p (1 + r)^y for p = y
 * e - y log2 c and r = c m - 1. The second power is a polynomial whose coefficients depend on y, so
 * that it need not wait for the first one nor pass through a logarithm: the processor looks ahead
 * some three vectors, and a loop takes a third of the time of one vector from end to end.
 *
 * <p>p stands in two parts, the first a multiple of 2^-16; 2^p is a power of two and a polynomial.
 */
final class ConstantPower implements VectorUnary.Loop {
  /** Exponents of a larger size need more coefficients. */
  static final float LARGEST = 4;

  /** Numbers of a stretch that holds others than the loop for ordinary ones takes. */
  private static final int STRETCH = 1024;

  /** Sizes of y log2 x up to which all factors are normal numbers. */
  private static final double LIMIT = 125;

  private static final int TERMS = 5;

  /** Bits of y and its multiples in the first part, behind the point. */
  private static final int POINT = 16;

  private static final int EXPONENT_BITS = 0xFF800000;
  private static final int MAGNITUDE = Integer.MAX_VALUE;
  private static final int NAN = 0x7FC00000;
  private final float exponent;

  /**
   * A vector each of the two parts of y 2^-23, of y, and of the coefficients of ((1 + r)^y - 1 - y
   * r) / r^2.
   */
  private final float[] constants = new float[(3 + TERMS) * L];

  /** The two parts of -y log2 c, by interval. */
  private final int[] high;

  private final int[] low;

  /** Added to the bits of x gives at most {@link #last} if x is within the limits, by overflow. */
  private final int first;

  private final int last;

  /** What a power of 0 is, what the sign of x adds to it, and to a power of a negative number. */
  private final int ofZero;

  private final int ofMinusZero;
  private final int ofNegative;

  /**
   * @param exponent not 0, at most {@link #LARGEST} in size
   */
  ConstantPower(float exponent) {
    this.exponent = exponent;
    double yHigh = Logarithms.multiple(exponent, POINT);
    constant(0, Math.scalb(yHigh, -23));
    constant(1, Math.scalb(exponent - yHigh, -23));
    constant(2, exponent);
    double[] terms =
        PiecewisePolynomial.interpolation(
            r -> (Math.expm1(exponent * Math.log1p(r)) / r - exponent) / r,
            1.0 / 64,
            3.0 / 64,
            TERMS);
    for (int k = 0; k < TERMS; k++) {
      constant(3 + k, terms[k]);
    }
    high = Logarithms.table(i -> Logarithms.multiple(exponent * Logarithms.log2(i), POINT));
    low =
        Logarithms.table(
            i -> {
              double all = exponent * Logarithms.log2(i);
              return all - Logarithms.multiple(all, POINT);
            });
    double reach = LIMIT / Math.abs(exponent);
    int least = Float.floatToRawIntBits((float) Math.max(Float.MIN_NORMAL, Math.pow(2, -reach)));
    int most = Float.floatToRawIntBits((float) Math.min(Float.MAX_VALUE, Math.pow(2, reach)));
    first = Integer.MIN_VALUE - least;
    last = Integer.MIN_VALUE + (most - least);
    boolean whole = exponent == Math.rint(exponent);
    int oddSign = whole && Math.abs(exponent) % 2 == 1 ? Integer.MIN_VALUE : 0;
    ofZero = exponent > 0 ? 0 : Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    ofMinusZero = oddSign;
    ofNegative = whole ? oddSign : NAN;
  }

  private void constant(int index, double value) {
    Arrays.fill(constants, index * L, (index + 1) * L, (float) value);
  }

  @Override
  public void run(float[] x, int xo, float[] y, int yo, int n) {
    int i = withinOrZero(x, xo, y, yo, within(x, xo, y, yo, 0, n), n);
    if (i == n) {
      return;
    }
    float[] base = new float[Math.min(STRETCH, n - i)];
    float[] power = new float[base.length];
    while (i < n) {
      int m = Math.min(base.length, n - i);
      ordinaryOr1(x, xo + i, base, m);
      within(base, 0, power, 0, 0, m);
      any(x, xo + i, power, y, yo + i, m);
      i = withinOrZero(x, xo, y, yo, i + m, n);
    }
  }

  /** Powers up to the first vector with a number beyond the limits, or n. */
  private int within(float[] x, int xo, float[] y, int yo, int from, int n) {
    FloatVector yHigh = FloatVector.fromArray(S, constants, 0);
    FloatVector yLow = FloatVector.fromArray(S, constants, L);
    FloatVector w0 = FloatVector.fromArray(S, constants, 2 * L);
    FloatVector w1 = FloatVector.fromArray(S, constants, 3 * L);
    FloatVector w2 = FloatVector.fromArray(S, constants, 4 * L);
    FloatVector w3 = FloatVector.fromArray(S, constants, 5 * L);
    FloatVector w4 = FloatVector.fromArray(S, constants, 6 * L);
    FloatVector w5 = FloatVector.fromArray(S, constants, 7 * L);
    for (int i = from; i < n; i += L) {
      IntVector bits = FloatVector.fromArray(S, x, xo + i).reinterpretAsInts();
      if (bits.add(first).compare(GT, last).anyTrue()) {
        return i;
      }
      IntVector t = bits.sub(Logarithms.LOWEST);
      IntVector interval = t.lanewise(ASHR, 19);
      IntVector e = t.and(EXPONENT_BITS);
      FloatVector e23 = (FloatVector) e.convert(I2F, 0);
      FloatVector m = bits.sub(e).reinterpretAsFloats();
      FloatVector r = m.fma(Logarithms.lookup(interval, Logarithms.FACTOR), MINUS_ONE);
      FloatVector p = e23.fma(yHigh, Logarithms.lookup(interval, high));
      FloatVector rest = e23.fma(yLow, Logarithms.lookup(interval, low));

      FloatVector shifted = p.add(MAGIC);
      FloatVector f = p.sub(shifted.sub(MAGIC)).add(rest);
      FloatVector f2 = f.mul(f);
      FloatVector q =
          f2.fma(f2.fma(Powers.E5, f.fma(Powers.E4, Powers.E3)), f.fma(Powers.E2, Powers.E1))
              .mul(f2);
      q = f.fma(VectorMath.LN2, q);
      FloatVector power =
          shifted.reinterpretAsInts().lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();

      FloatVector r2 = r.mul(r);
      FloatVector w = r2.fma(r2.fma(w5, r.fma(w4, w3)), r.fma(w2, w1)).mul(r2);
      w = r.fma(w0, w);
      q.fma(w, w).add(q).fma(power, power).intoArray(y, yo + i);
    }
    return n;
  }

  /**
   * {@link #within} that takes zeros, too, of which rectified features have many. Written out: one
   * loop for both takes half as long again for ordinary numbers from memory
   * (docs/benchmarks-memory-kernels.md).
   */
  private int withinOrZero(float[] x, int xo, float[] y, int yo, int from, int n) {
    FloatVector yHigh = FloatVector.fromArray(S, constants, 0);
    FloatVector yLow = FloatVector.fromArray(S, constants, L);
    FloatVector w0 = FloatVector.fromArray(S, constants, 2 * L);
    FloatVector w1 = FloatVector.fromArray(S, constants, 3 * L);
    FloatVector w2 = FloatVector.fromArray(S, constants, 4 * L);
    FloatVector w3 = FloatVector.fromArray(S, constants, 5 * L);
    FloatVector w4 = FloatVector.fromArray(S, constants, 6 * L);
    FloatVector w5 = FloatVector.fromArray(S, constants, 7 * L);
    IntVector ofPlusZero = IntVector.broadcast(VectorMath.I, ofZero);
    for (int i = from; i < n; i += L) {
      IntVector bits = FloatVector.fromArray(S, x, xo + i).reinterpretAsInts();
      VectorMask<Integer> zero = bits.compare(EQ, 0);
      if (bits.add(first).compare(GT, last).andNot(zero).anyTrue()) {
        return i;
      }
      IntVector t = bits.sub(Logarithms.LOWEST);
      IntVector interval = t.lanewise(ASHR, 19);
      IntVector e = t.and(EXPONENT_BITS);
      FloatVector e23 = (FloatVector) e.convert(I2F, 0);
      FloatVector m = bits.sub(e).reinterpretAsFloats();
      FloatVector r = m.fma(Logarithms.lookup(interval, Logarithms.FACTOR), MINUS_ONE);
      FloatVector p = e23.fma(yHigh, Logarithms.lookup(interval, high));
      FloatVector rest = e23.fma(yLow, Logarithms.lookup(interval, low));

      FloatVector shifted = p.add(MAGIC);
      FloatVector f = p.sub(shifted.sub(MAGIC)).add(rest);
      FloatVector f2 = f.mul(f);
      FloatVector q =
          f2.fma(f2.fma(Powers.E5, f.fma(Powers.E4, Powers.E3)), f.fma(Powers.E2, Powers.E1))
              .mul(f2);
      q = f.fma(VectorMath.LN2, q);
      FloatVector power =
          shifted.reinterpretAsInts().lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();

      FloatVector r2 = r.mul(r);
      FloatVector w = r2.fma(r2.fma(w5, r.fma(w4, w3)), r.fma(w2, w1)).mul(r2);
      w = r.fma(w0, w);
      IntVector ordinary = q.fma(w, w).add(q).fma(power, power).reinterpretAsInts();
      ordinary.blend(ofPlusZero, zero).reinterpretAsFloats().intoArray(y, yo + i);
    }
    return n;
  }

  /** Magnitudes of x, 1 for those beyond the limits. */
  private void ordinaryOr1(float[] x, int xo, float[] base, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i).abs();
      VectorMask<Integer> known = v.reinterpretAsInts().add(first).compare(LE, last);
      VectorMath.ONE.blend(v, known.cast(S)).intoArray(base, i);
    }
  }

  /** Powers of x from those of {@link #ordinaryOr1}. */
  private void any(float[] x, int xo, float[] power, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector bits = FloatVector.fromArray(S, x, xo + i).reinterpretAsInts();
      IntVector magnitude = bits.and(MAGNITUDE);
      IntVector sign = bits.lanewise(ASHR, 31);
      VectorMask<Integer> zero = magnitude.compare(EQ, 0);
      VectorMask<Integer> known = magnitude.add(first).compare(LE, last).or(zero);
      IntVector r = FloatVector.fromArray(S, power, i).reinterpretAsInts();
      r = r.or(sign.and(ofNegative)).blend(sign.and(ofMinusZero).or(ofZero), zero);
      r.reinterpretAsFloats().intoArray(power, i);
      if (!known.allTrue()) {
        others(x, xo + i, power, i);
      }
    }
    System.arraycopy(power, 0, y, yo, n);
  }

  private void others(float[] x, int xo, float[] power, int at) {
    for (int k = 0; k < L; k++) {
      int magnitude = Float.floatToRawIntBits(x[xo + k]) & MAGNITUDE;
      if (magnitude != 0 && magnitude + first > last) {
        power[at + k] = (float) Math.pow(x[xo + k], exponent);
      }
    }
  }
}
