package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static org.hcpl.tensor.cpu.vector.VectorMath.I;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.LN2_HI;
import static org.hcpl.tensor.cpu.vector.VectorMath.LN2_LO;
import static org.hcpl.tensor.cpu.vector.VectorMath.MINUS_ONE;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Logarithms of ordinary numbers (positive, normal, finite) by tables of 16 entries, which one
 * permutation of a vector of 16 lanes looks up, and what {@link Powers} need of them.
 *
 * <p>x = 2^e m with m in [23/32, 23/16). The interval of m, one of 16 that are 1/32 wide below 1
 * and 1/16 above, gives a factor c near 1/m, and ln x = e ln 2 - ln c + ln(1 + r) with r = c m - 1,
 * |r| &lt;= 1/16. Beside 1, c is 1: nothing cancels there.
 */
final class Logarithms {
  private static final int ENTRIES = 16;

  /** Bits of 23/32. */
  static final int LOWEST = 0x3F380000;

  /** Added to the bits of an ordinary number it gives one under -1 &lt;&lt; 24, by overflow. */
  static final int ORDINARY = Integer.MIN_VALUE - 0x00800000;

  static final int[] FACTOR = table(Logarithms::factor);
  private static final int[] LN_HI = table(i -> multiple(-Math.log(factor(i)), 15));
  private static final int[] LN_LO =
      table(i -> -Math.log(factor(i)) - multiple(-Math.log(factor(i)), 15));
  static final int[] LOG2_HI = table(i -> multiple(log2(i), 15));
  static final int[] LOG2_LO = table(i -> log2(i) - multiple(log2(i), 15));

  /** (ln(1 + r) - r) / r^2 for -1/32 <= r <= 1/16; relative error of ln(1 + r) 6e-9. */
  private static final FloatVector A0 = c(-0.49999997);

  private static final FloatVector A1 = c(0.33334178);
  private static final FloatVector A2 = c(-0.25012314);
  private static final FloatVector A3 = c(0.19021256);

  /** The same with a relative error of 1.2e-10, over ln 2. */
  static final FloatVector B0 = c(-0.5 / Math.log(2));

  static final FloatVector B1 = c(0.33333337 / Math.log(2));
  static final FloatVector B2 = c(-0.25001213 / Math.log(2));
  static final FloatVector B3 = c(0.20005143 / Math.log(2));
  static final FloatVector B4 = c(-0.15626156 / Math.log(2));
  static final FloatVector LOG2E_HI = c(1 / Math.log(2));
  static final FloatVector LOG2E_LO = c(1 / Math.log(2) - (float) (1 / Math.log(2)));

  private Logarithms() {}

  private static FloatVector c(double value) {
    return FloatVector.broadcast(S, (float) value);
  }

  static int[] table(IntToDoubleFunction entry) {
    int[] bits = new int[Math.max(ENTRIES, L)];
    for (int i = 0; i < ENTRIES; i++) {
      bits[i] = Float.floatToRawIntBits((float) entry.applyAsDouble(i));
    }
    return bits;
  }

  /** A float near 1/m in the middle of interval i. */
  private static double factor(int i) {
    if (i == 8 || i == 9) {
      return 1;
    }
    double middle = i < 9 ? (23.5 + i) / 32 : (16.5 + i - 9) / 16;
    return (float) (1 / middle);
  }

  static double log2(int i) {
    return -Math.log(factor(i)) / Math.log(2);
  }

  /** The multiple of 2^-bits next to a value: sums of these with e ln 2 are exact. */
  static double multiple(double value, int bits) {
    return Math.scalb(Math.rint(Math.scalb(value, bits)), -bits);
  }

  static FloatVector lookup(IntVector index, int[] table) {
    IntVector lane = index.and(Math.min(ENTRIES, L) - 1);
    IntVector found = lane.selectFrom(IntVector.fromArray(I, table, 0));
    for (int from = L; from < ENTRIES; from += L) {
      IntVector part = lane.selectFrom(IntVector.fromArray(I, table, from));
      found = found.blend(part, index.and(ENTRIES - 1).compare(GE, from));
    }
    return found.reinterpretAsFloats();
  }

  /** ln x: 1 ulp. */
  static void log(float[] x, int xo, float[] y, int yo, int n) {
    int i = ordinary(x, xo, y, yo, 0, n);
    while (i < n) {
      others(x, xo + i, y, yo + i);
      i = ordinary(x, xo, y, yo, i + L, n);
    }
  }

  /** One vector that holds other than ordinary numbers, which are few: these one by one. */
  private static void others(float[] x, int xo, float[] y, int yo) {
    float[] v = Arrays.copyOfRange(x, xo, xo + L);
    float[] lanes = v.clone();
    for (int k = 0; k < L; k++) {
      lanes[k] = isOrdinary(v[k]) ? v[k] : 1;
    }
    ordinary(lanes, 0, y, yo, 0, L);
    for (int k = 0; k < L; k++) {
      if (v[k] == 0) {
        y[yo + k] = Float.NEGATIVE_INFINITY;
      } else if (!isOrdinary(v[k])) {
        y[yo + k] = (float) Math.log(v[k]);
      }
    }
  }

  private static boolean isOrdinary(float x) {
    return x >= Float.MIN_NORMAL && x < Float.POSITIVE_INFINITY;
  }

  /** Logarithms up to the first vector that holds other than ordinary numbers, or n. */
  private static int ordinary(float[] x, int xo, float[] y, int yo, int from, int n) {
    for (int i = from; i < n; i += L) {
      IntVector bits = FloatVector.fromArray(S, x, xo + i).reinterpretAsInts();
      if (bits.add(ORDINARY).compare(GE, -1 << 24).anyTrue()) {
        return i;
      }
      IntVector t = bits.sub(LOWEST);
      IntVector e = t.lanewise(ASHR, 23);
      FloatVector m = bits.sub(e.lanewise(LSHL, 23)).reinterpretAsFloats();
      IntVector interval = t.lanewise(ASHR, 19);
      FloatVector power = (FloatVector) e.convert(I2F, 0);
      FloatVector r = m.fma(lookup(interval, FACTOR), MINUS_ONE);
      FloatVector r2 = r.mul(r);
      FloatVector q = r2.fma(A3.fma(r, A2), A1.fma(r, A0));
      FloatVector high = power.fma(LN2_HI, lookup(interval, LN_HI));
      FloatVector low = power.fma(LN2_LO, lookup(interval, LN_LO));
      high.add(q.fma(r2, low).add(r)).intoArray(y, yo + i);
    }
    return n;
  }
}
