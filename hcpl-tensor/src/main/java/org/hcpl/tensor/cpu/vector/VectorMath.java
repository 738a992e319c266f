package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transcendental functions on vectors of floats: range reduction and a minimax polynomial each,
 * without calls and branches.
 *
 * <p>The polynomials are Remez fits made for this class in 40 digits with the relative error as
 * weight, then rounded to float. {@code VectorMathTest} measures the largest error of each function
 * against double arithmetic over its range and holds the bounds stated here, in units in the last
 * place of the true result (ulp).
 *
 * <p>No method here may grow large. HotSpot compiles it by itself before it compiles the loop that
 * calls it, and then does not inline it if its machine code is over 2,500 bytes (InlineSmallCode),
 * nor into a loop that has 18,000 nodes already (NodeCountInliningCutoff). Its vectors would go
 * through objects in memory, some twenty times slower. So functions that need more come in parts,
 * which a loop puts together; and constants are vectors in static fields, which costs the compiler
 * (and the interpreter) far less than a broadcast in each place.
 */
final class VectorMath {
  /**
   * The widest species that this machine runs well; every kernel of the package is written for it.
   */
  static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

  static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;

  /** Lanes of {@link #S}. */
  static final int L = S.length();

  static final FloatVector ZERO = c(0);
  static final FloatVector MINUS_ZERO = c(-0f);
  static final FloatVector HALF = c(0.5);
  static final FloatVector ONE = c(1);
  static final FloatVector MINUS_ONE = c(-1);
  static final FloatVector TWO = c(2);
  static final FloatVector THREE = c(3);
  static final FloatVector INFINITY = c(Double.POSITIVE_INFINITY);
  static final FloatVector MINUS_INFINITY = c(Double.NEGATIVE_INFINITY);

  static final FloatVector LN2 = c(Math.log(2));
  static final FloatVector LOG2E = c(1 / Math.log(2));

  /** 1.5 * 2^23: adding it rounds to an integer, which then stands in the low mantissa bits. */
  static final FloatVector MAGIC = c(12582912);

  static final IntVector MAGIC_BITS = IntVector.broadcast(I, 0x4B400000);
  static final IntVector ONE_BITS = IntVector.broadcast(I, 0x3F800000);
  private static final IntVector MAGNITUDE = IntVector.broadcast(I, 0x7FFFFFFF);
  private static final IntVector SIGN_BIT = IntVector.broadcast(I, 0x80000000);

  /**
   * ln 2 in two parts; the first has trailing zero bits, so that a product with an exponent is
   * exact.
   */
  private static final float LN2_FIRST = 0.693359375f;

  static final FloatVector LN2_HI = c(LN2_FIRST);
  static final FloatVector LN2_LO = c(Math.log(2) - LN2_FIRST);
  static final FloatVector MINUS_LN2_HI = c(-LN2_FIRST);
  static final FloatVector MINUS_LN2_LO = c(LN2_FIRST - Math.log(2));

  /**
   * (e^r - 1 - r) / r^2 = 1/2 + E1 r + ... for |r| <= ln(2)/2; the relative error in e^r - 1 is
   * 1.5e-8.
   */
  static final FloatVector E1 = c(0.16666545f);

  static final FloatVector E2 = c(0.041666292f);
  static final FloatVector E3 = c(0.0083663743f);
  static final FloatVector E4 = c(0.0013946049f);

  private static final FloatVector EXP_HIGHEST = c(88.73f);
  private static final FloatVector EXP_LOWEST = c(-104);
  static final FloatVector EXP_NORMAL = c(-87.33f);

  /** From here on the logistic function is 1 in float; e to its negative is a normal number. */
  static final FloatVector LOGISTIC_ONE = c(87.33f);

  private static final IntVector LOGISTIC_ONE_BITS = LOGISTIC_ONE.reinterpretAsInts();

  static final FloatVector MINUS_LOG2E = c(-1 / Math.log(2));
  static final FloatVector MINUS_E1 = c(-0.16666545f);
  static final FloatVector MINUS_E3 = c(-0.0083663743f);

  private static final FloatVector MIN_NORMAL = c(Float.MIN_NORMAL);

  static final FloatVector TWO_OVER_SQRT_PI = c(2 / Math.sqrt(Math.PI));
  private static final FloatVector TEN = c(10);
  private static final FloatVector TWENTY = c(20);
  private static final IntVector FORTY_BITS = c(40).reinterpretAsInts();
  private static final FloatVector NINETY = c(90);
  private static final FloatVector MINUS_NINETY = c(-90);
  static final FloatVector FOUR = c(4);

  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(S, 8, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(S, 4, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(S, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(S, 1, 1, true);

  private VectorMath() {}

  private static FloatVector c(double value) {
    return FloatVector.broadcast(S, (float) value);
  }

  /** e^r - 1: pairs of terms, since a chain of them would wait for each. */
  private static FloatVector expm1Reduced(FloatVector r) {
    FloatVector r2 = r.mul(r);
    FloatVector high = r2.fma(E4, r.fma(E3, E2));
    return high.fma(r2, r.fma(E1, HALF)).fma(r2, r);
  }

  /** x - n ln 2. */
  private static FloatVector reduced(FloatVector x, FloatVector n) {
    return n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, x));
  }

  /** 2^n from the sum {@code n + MAGIC}, for n in [-126, 127]. */
  private static FloatVector powerOfTwo(FloatVector shifted) {
    return shifted.reinterpretAsInts().lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
  }

  /**
   * {@code (y + y q) 2^n}: in two factors, so that results down to the smallest denormal are right.
   */
  static FloatVector scaled(FloatVector y, FloatVector q, IntVector n) {
    IntVector half = n.lanewise(ASHR, 1);
    FloatVector s1 = half.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats().mul(y);
    FloatVector s2 = n.sub(half).lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
    return q.fma(s1, s1).mul(s2);
  }

  /** e^x: 1 ulp; 0 under -104, infinity over 88.73, gradual underflow, NaN stays NaN. */
  static FloatVector exp(FloatVector x) {
    FloatVector shifted = x.fma(LOG2E, MAGIC);
    FloatVector r = reduced(x, shifted.sub(MAGIC));
    FloatVector y = scaled(ONE, expm1Reduced(r), shifted.reinterpretAsInts().sub(MAGIC_BITS));
    return y.blend(INFINITY, x.compare(GT, EXP_HIGHEST)).blend(ZERO, x.compare(LT, EXP_LOWEST));
  }

  /**
   * Whether any number of the two is farther than 87.33 from 0: e to it, or to its negative, is no
   * normal number. Loops leave such vectors, which are rare, to others and so need no limits.
   */
  static boolean beyond(FloatVector v, FloatVector w) {
    return farther(v, w, LOGISTIC_ONE_BITS);
  }

  /** The same for functions with the square of e to a number: whether any is farther than 40. */
  static boolean beyondSquare(FloatVector v, FloatVector w) {
    return farther(v, w, FORTY_BITS);
  }

  /**
   * Whether any number of the two is farther from 0 than the one with these bits, or NaN. As
   * integers their bits have the same order, and a larger of two that is one instruction.
   */
  private static boolean farther(FloatVector v, FloatVector w, IntVector limit) {
    IntVector vBits = v.reinterpretAsInts().and(MAGNITUDE);
    IntVector wBits = w.reinterpretAsInts().and(MAGNITUDE);
    return vBits.max(wBits).compare(GT, limit).anyTrue();
  }

  /** e^x for x <= 0 (up to 88 works): 1 ulp, except that results under 1.2e-38 become 0. */
  static FloatVector expFlush(FloatVector x) {
    FloatVector shifted = x.fma(LOG2E, MAGIC);
    FloatVector r = reduced(x, shifted.sub(MAGIC));
    FloatVector scale = powerOfTwo(shifted);
    return expm1Reduced(r).fma(scale, scale).blend(ZERO, x.compare(LT, EXP_NORMAL));
  }

  /** e^x - 1 for -87 <= x <= 88: 2 ulp. */
  private static FloatVector expm1Above(FloatVector x) {
    FloatVector shifted = x.fma(LOG2E, MAGIC);
    FloatVector r = reduced(x, shifted.sub(MAGIC));
    FloatVector scale = powerOfTwo(shifted);
    return expm1Reduced(r).fma(scale, scale.sub(ONE));
  }

  /**
   * 1 + e^-x for -87.3 <= x <= 87.3, by the series of e^-r with r = x - n ln 2. That is one product
   * with the nearest float to ln 2, so near that it costs an ulp at -30 and 4 at -87.
   */
  private static FloatVector onePlusExpNeg(FloatVector x) {
    FloatVector shifted = x.fma(MINUS_LOG2E, MAGIC);
    FloatVector r = shifted.sub(MAGIC).fma(LN2, x);
    FloatVector r2 = r.mul(r);
    FloatVector high = r2.fma(E4, r.fma(MINUS_E3, E2));
    FloatVector q = high.fma(r2, r.fma(MINUS_E1, HALF)).mul(r2).sub(r);
    FloatVector scale = powerOfTwo(shifted);
    return q.fma(scale, scale.add(ONE));
  }

  /** 1 / (1 + e^-x): 3 ulp, below -20 up to 6; under -87.3 the result is 0. */
  static FloatVector sigmoid(FloatVector x) {
    VectorMask<Float> low = x.compare(LT, EXP_NORMAL);
    FloatVector clipped = x.blend(EXP_NORMAL, low).blend(LOGISTIC_ONE, x.compare(GT, LOGISTIC_ONE));
    return ONE.div(onePlusExpNeg(clipped)).blend(ZERO, low);
  }

  /** x * sigmoid(x): 4 ulp, below -20 up to 7; -0 under -87.3. Infinity stays. */
  static FloatVector silu(FloatVector x) {
    VectorMask<Float> low = x.compare(LT, EXP_NORMAL);
    FloatVector clipped = x.blend(EXP_NORMAL, low).blend(LOGISTIC_ONE, x.compare(GT, LOGISTIC_ONE));
    return x.div(onePlusExpNeg(clipped)).blend(MINUS_ZERO, low);
  }

  /** Hyperbolic tangent: 3 ulp. */
  static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector m = expm1Above(a.add(a).blend(TWENTY, a.compare(GT, TEN)));
    return m.div(m.add(TWO))
        .reinterpretAsInts()
        .or(x.reinterpretAsInts().and(SIGN_BIT))
        .reinterpretAsFloats();
  }

  /** x limited to low..high, NaN stays NaN. */
  static FloatVector clamp(FloatVector x, FloatVector low, FloatVector high) {
    return x.blend(low, x.compare(LT, low)).blend(high, x.compare(GT, high));
  }

  /** x tanh(ln(1 + e^x)) = x n / (n + 2) with n = e^x (e^x + 2): no cancellation. */
  static FloatVector mish(FloatVector x) {
    FloatVector e = expFlush(clamp(x, MINUS_NINETY, TWENTY));
    FloatVector n = e.mul(e.add(TWO));
    return n.div(n.add(TWO)).mul(x).blend(MINUS_ZERO, x.compare(EQ, MINUS_INFINITY));
  }

  /** Derivative of {@link #mish}: n / (n + 2) + 4 x e^x (1 + e^x) / (n + 2)^2. */
  static FloatVector mishSlope(FloatVector x) {
    FloatVector v = clamp(x, MINUS_NINETY, TWENTY);
    FloatVector e = expFlush(v);
    FloatVector n = e.mul(e.add(TWO));
    FloatVector d = ONE.div(n.add(TWO));
    FloatVector inner = v.mul(FOUR).mul(e).mul(e.add(ONE));
    return inner.fma(d, n).mul(d);
  }

  /**
   * max(x, 0), NaN stays NaN. Compare and blend are two instructions; the vector maximum of the JDK
   * is five or more.
   */
  static FloatVector relu(FloatVector x) {
    return x.blend(ZERO, x.compare(LT, ZERO));
  }

  /** x clipped to -90..90, where the slope of silu is 0 and 1. */
  static FloatVector clip90(FloatVector x) {
    return clamp(x, MINUS_NINETY, NINETY);
  }

  /** d silu / dx = s (1 + x (1 - s)) from the {@link #clip90 clipped} x and s its sigmoid. */
  static FloatVector siluSlope(FloatVector x, FloatVector s) {
    return x.mul(ONE.sub(s)).fma(s, s);
  }

  /** d silu / dx. */
  static FloatVector siluSlope(FloatVector x) {
    FloatVector clipped = clip90(x);
    return siluSlope(clipped, sigmoid(clipped));
  }

  /** Where the power is 0 because x is, which rectified features often are. */
  static VectorMask<Float> powZero(FloatVector x, FloatVector y) {
    return x.reinterpretAsInts().compare(EQ, 0).cast(S).and(y.compare(GT, ZERO));
  }

  /**
   * The lanes that the power by logarithms does not handle: those where x or y is no ordinary
   * number, or x <= 0.
   */
  static VectorMask<Float> powOrdinary(FloatVector x, FloatVector y) {
    return x.compare(GE, MIN_NORMAL)
        .and(x.compare(LT, INFINITY))
        .and(y.abs().compare(LT, INFINITY));
  }

  /**
   * Adds up the lanes in a fixed tree. {@code reduceLanes} leaves the order open, and interpreted
   * and compiled code differ in it, so that a sum would change its last bits when the loop around
   * it is compiled.
   */
  static float sum(FloatVector v) {
    FloatVector t = v;
    if (L >= 16) {
      t = t.add(t.rearrange(BY_8));
    }
    if (L >= 8) {
      t = t.add(t.rearrange(BY_4));
    }
    if (L >= 4) {
      t = t.add(t.rearrange(BY_2));
    }
    return L >= 2 ? t.add(t.rearrange(BY_1)).lane(0) : t.lane(0);
  }
}
