package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
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
 */
final class VectorMath {
  /**
   * The widest species that this machine runs well; every kernel of the package is written for it.
   */
  static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

  /** Lanes of {@link #S}. */
  static final int L = S.length();

  private static final float LOG2E = 1.44269504f;

  /** 1.5 * 2^23: adding it rounds to an integer, which then stands in the low mantissa bits. */
  private static final float MAGIC = 12582912f;

  private static final int MAGIC_BITS = 0x4B400000;
  private static final int ONE_BITS = 0x3F800000;

  /**
   * ln 2 in two parts; the first has 10 trailing zero bits, so that a product with an exponent is
   * exact.
   */
  private static final float LN2_HI = 0.693359375f;

  private static final float LN2_LO = -2.12194440e-4f;

  private static final float MIN_NORMAL = 1.17549435e-38f;
  private static final float SQRT_HALF = 0.70710678f;
  private static final float INV_SQRT2 = 0.70710678f;
  private static final float TWO_OVER_SQRT_PI_LESS_1 = 0.1283791671f;
  private static final float INV_SQRT_2PI = 0.39894228f;
  private static final float SQRT_2_OVER_PI = 0.79788456f;
  private static final float GELU_CUBIC = 0.044715f;

  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(S, 8, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(S, 4, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(S, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(S, 1, 1, true);

  private VectorMath() {}

  private static FloatVector c(float value) {
    return FloatVector.broadcast(S, value);
  }

  /** (e^r - 1 - r) / r^2 for |r| <= ln(2)/2; the relative error in e^r - 1 is 1.5e-8. */
  private static FloatVector expTail(FloatVector r) {
    return r.fma(0.0013946049f, 0.0083663743f)
        .fma(r, c(0.041666292f))
        .fma(r, c(0.16666545f))
        .fma(r, c(0.5f));
  }

  private static FloatVector reduced(FloatVector x, FloatVector n) {
    return n.lanewise(FMA, c(-LN2_LO), n.fma(c(-LN2_HI), x));
  }

  /** 2^n from the sum {@code n + MAGIC}, for n in [-126, 127]. */
  private static FloatVector powerOfTwo(FloatVector shifted) {
    return shifted.reinterpretAsInts().lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
  }

  /** e^x: 1 ulp; 0 under -104, infinity over 88.73, gradual underflow, NaN stays NaN. */
  static FloatVector exp(FloatVector x) {
    FloatVector shifted = x.fma(LOG2E, MAGIC);
    FloatVector n = shifted.sub(MAGIC);
    FloatVector r = reduced(x, n);
    FloatVector p = expTail(r).fma(r.mul(r), r).add(1f);
    // 2^n in two factors, so that results down to the smallest denormal are right.
    IntVector ni = shifted.reinterpretAsInts().sub(MAGIC_BITS);
    IntVector half = ni.lanewise(ASHR, 1);
    FloatVector s1 = half.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
    FloatVector s2 = ni.sub(half).lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
    FloatVector y = p.mul(s1).mul(s2);
    y = y.blend(Float.POSITIVE_INFINITY, x.compare(GT, 88.73f));
    return y.blend(0f, x.compare(LT, -104f));
  }

  /** e^x for x <= 0 (up to 88 works): 1 ulp, except that results under 1.2e-38 become 0. */
  static FloatVector expFlush(FloatVector x) {
    FloatVector shifted = x.fma(LOG2E, MAGIC);
    FloatVector r = reduced(x, shifted.sub(MAGIC));
    FloatVector p = expTail(r).fma(r.mul(r), r).add(1f);
    return p.mul(powerOfTwo(shifted)).blend(0f, x.compare(LT, -87.33f));
  }

  /** e^x - 1: 2 ulp for x <= 88; -1 far below. */
  static FloatVector expm1(FloatVector x) {
    FloatVector shifted = x.fma(LOG2E, MAGIC);
    FloatVector r = reduced(x, shifted.sub(MAGIC));
    FloatVector q = expTail(r).fma(r.mul(r), r);
    FloatVector scale = powerOfTwo(shifted);
    return q.fma(scale, scale.sub(1f)).blend(-1f, x.compare(LT, -20f));
  }

  /** ln x: 1 ulp; -infinity at 0, NaN below 0, denormals exact. */
  static FloatVector log(FloatVector x) {
    VectorMask<Float> denormal = x.compare(LT, MIN_NORMAL);
    FloatVector v = x.mul(c(1f).blend(8388608f, denormal));
    IntVector bits = v.reinterpretAsInts();
    // Subtracting the bits of sqrt(1/2) splits x = 2^e * m with m in [sqrt(1/2), sqrt(2)).
    int origin = Float.floatToRawIntBits(SQRT_HALF);
    IntVector offset = bits.sub(origin);
    IntVector ei = offset.lanewise(ASHR, 23);
    FloatVector m = bits.sub(ei.lanewise(LSHL, 23)).reinterpretAsFloats();
    FloatVector e = toFloat(ei).sub(c(0f).blend(23f, denormal));
    FloatVector f = m.sub(1f);
    FloatVector f2 = f.mul(f);
    FloatVector q =
        f.fma(-0.07871435f, 0.12880969f)
            .fma(f, c(-0.13123618f))
            .fma(f, c(0.14181167f))
            .fma(f, c(-0.16625172f))
            .fma(f, c(0.20002294f))
            .fma(f, c(-0.2500079f))
            .fma(f, c(0.33333316f));
    FloatVector y = q.mul(f).fma(f2, e.mul(LN2_LO));
    y = f2.fma(c(-0.5f), y);
    y = e.fma(c(LN2_HI), f.add(y));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
    y = y.blend(Float.NaN, x.compare(LT, 0f));
    // Infinity stays; NaN fails every comparison and was never a number in the arithmetic either
    // way.
    return y.blend(x, x.compare(EQ, Float.POSITIVE_INFINITY).or(x.compare(EQ, x).not()));
  }

  private static FloatVector toFloat(IntVector i) {
    return (FloatVector) i.convert(I2F, 0);
  }

  /** ln(1 + e) for e in [0, 1]: 2 ulp. */
  static FloatVector log1pUnit(FloatVector e) {
    FloatVector s = e.div(e.add(2f));
    FloatVector s2 = s.mul(s);
    FloatVector r = s2.fma(0.1397537f, 0.14007987f).fma(s2, c(0.20010252f)).fma(s2, c(0.33333218f));
    return r.mul(s2).fma(s, s).mul(2f);
  }

  /** 1 / (1 + e^-x): 3 ulp; under -87.3 the result is 0. */
  static FloatVector sigmoid(FloatVector x) {
    FloatVector e = expFlush(x.abs().neg());
    FloatVector upper = c(1f).div(e.add(1f));
    return upper.blend(e.mul(upper), x.compare(LT, 0f));
  }

  /** x * sigmoid(x): 4 ulp. Infinity stays, minus infinity becomes -0. */
  static FloatVector silu(FloatVector x) {
    FloatVector y = x.mul(sigmoid(x));
    return y.blend(-0f, x.compare(EQ, Float.NEGATIVE_INFINITY));
  }

  /** Hyperbolic tangent: 3 ulp. */
  static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector m = expm1(a.add(a).blend(20f, a.compare(GT, 10f)));
    FloatVector y = m.div(m.add(2f));
    return copySign(y, x);
  }

  private static FloatVector copySign(FloatVector magnitude, FloatVector sign) {
    IntVector bit = sign.reinterpretAsInts().and(0x80000000);
    return magnitude.reinterpretAsInts().or(bit).reinterpretAsFloats();
  }

  /** x limited to low..high, NaN stays NaN. */
  static FloatVector clamp(FloatVector x, float low, float high) {
    return x.blend(low, x.compare(LT, low)).blend(high, x.compare(GT, high));
  }

  /** x tanh(ln(1 + e^x)) = x n / (n + 2) with n = e^x (e^x + 2): no cancellation. */
  static FloatVector mish(FloatVector x) {
    FloatVector v = clamp(x, -100f, 20f);
    FloatVector e = expFlush(v);
    FloatVector n = e.mul(e.add(2f));
    FloatVector y = n.div(n.add(2f)).mul(x);
    return y.blend(-0f, x.compare(EQ, Float.NEGATIVE_INFINITY));
  }

  /** Derivative of {@link #mish}: n / (n + 2) + 4 x e^x (1 + e^x) / (n + 2)^2. */
  static FloatVector mishSlope(FloatVector x) {
    FloatVector v = clamp(x, -100f, 20f);
    FloatVector e = expFlush(v);
    FloatVector n = e.mul(e.add(2f));
    FloatVector d = c(1f).div(n.add(2f));
    FloatVector inner = v.mul(4f).mul(e).mul(e.add(1f));
    return inner.mul(d).add(n).mul(d);
  }

  /** ln(1 + e^x): 2 ulp. */
  static FloatVector softplus(FloatVector x) {
    FloatVector tail = log1pUnit(expFlush(x.abs().neg()));
    return relu(x).add(tail);
  }

  /**
   * max(x, 0), NaN stays NaN. Compare and blend are two instructions; the vector maximum of the JDK
   * is five or more.
   */
  static FloatVector relu(FloatVector x) {
    return x.blend(0f, x.compare(LT, 0f));
  }

  /**
   * e^(t^2) * erfc(t) for 0 <= t <= 10.1 with u = (t - 3) / (t + 3); relative error 1.4e-9 before
   * rounding.
   */
  private static FloatVector scaledErfc(FloatVector t) {
    FloatVector u = t.sub(3f).div(t.add(3f));
    return u.fma(5.5865358e-5f, 2.876004e-5f)
        .fma(u, c(-5.9462705e-4f))
        .fma(u, c(7.1578449e-4f))
        .fma(u, c(0.0042689191f))
        .fma(u, c(-0.024394238f))
        .fma(u, c(0.071665853f))
        .fma(u, c(-0.15011579f))
        .fma(u, c(0.2456038f))
        .fma(u, c(-0.32623357f))
        .fma(u, c(0.17900115f));
  }

  /** Error function: 2 ulp. */
  static FloatVector erf(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector s = x.mul(x);
    FloatVector p =
        s.fma(7.958675e-5f, -8.0429693e-4f)
            .fma(s, c(0.0051922221f))
            .fma(s, c(-0.02685599f))
            .fma(s, c(0.11283642f))
            .fma(s, c(-0.37612632f));
    FloatVector small = p.fma(s, c(TWO_OVER_SQRT_PI_LESS_1)).fma(x, x);
    FloatVector t = a.blend(4.2f, a.compare(GT, 4.2f));
    FloatVector q = expFlush(t.mul(t).neg()).mul(scaledErfc(t));
    FloatVector large = copySign(c(1f).sub(q), x);
    return small.blend(large, a.compare(GE, 1f));
  }

  /** x * Phi(x) with the normal distribution function: 4 ulp, in the negative tail too. */
  static FloatVector gelu(FloatVector x) {
    FloatVector a = x.abs();
    a = a.blend(14f, a.compare(GT, 14f));
    FloatVector y = copySign(a, x).mul(lowerTail(a));
    // For x > 0: x * (1 - tail).
    return y.blend(x.sub(y), x.compare(GT, 0f));
  }

  /** Phi(-a) = erfc(a / sqrt 2) / 2 for 0 <= a <= 14. */
  private static FloatVector lowerTail(FloatVector a) {
    FloatVector h = a.mul(0.5f);
    FloatVector s = h.mul(a);
    FloatVector low = h.fma(a, s.neg());
    FloatVector e = expFlush(s.neg());
    e = e.sub(e.mul(low));
    return scaledErfc(a.mul(INV_SQRT2)).mul(e).mul(0.5f);
  }

  /** d gelu / dx = Phi(x) + x phi(x). */
  static FloatVector geluSlope(FloatVector x) {
    FloatVector a = x.abs();
    a = a.blend(14f, a.compare(GT, 14f));
    FloatVector tail = lowerTail(a);
    FloatVector cdf = tail.blend(c(1f).sub(tail), x.compare(GT, 0f));
    FloatVector clipped = copySign(a, x);
    FloatVector density = expFlush(a.mul(a).mul(-0.5f)).mul(INV_SQRT_2PI);
    return clipped.fma(density, cdf);
  }

  /**
   * x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), written as x * sigmoid(2 ...), which loses
   * nothing in the tail.
   */
  static FloatVector geluTanh(FloatVector x) {
    FloatVector y = x.mul(sigmoid(geluArgument(x)));
    return y.blend(-0f, x.compare(LT, -20f));
  }

  private static FloatVector geluArgument(FloatVector x) {
    FloatVector s = x.mul(x);
    return s.fma(2f * SQRT_2_OVER_PI * GELU_CUBIC, 2f * SQRT_2_OVER_PI).mul(x);
  }

  /** Derivative of {@link #geluTanh}. */
  static FloatVector geluTanhSlope(FloatVector x) {
    FloatVector v = x.blend(20f, x.compare(GT, 20f)).blend(-20f, x.compare(LT, -20f));
    FloatVector g = sigmoid(geluArgument(v));
    FloatVector inner = v.mul(v).fma(6f * SQRT_2_OVER_PI * GELU_CUBIC, 2f * SQRT_2_OVER_PI);
    return v.mul(inner).mul(c(1f).sub(g)).fma(g, g);
  }

  /** d silu / dx = s (1 + x (1 - s)). */
  static FloatVector siluSlope(FloatVector x) {
    FloatVector v = x.blend(90f, x.compare(GT, 90f)).blend(-90f, x.compare(LT, -90f));
    FloatVector s = sigmoid(v);
    return v.mul(c(1f).sub(s)).fma(s, s);
  }

  /**
   * x^y for finite positive normal x and finite y: 2 ulp, with gradual underflow. The logarithm is
   * carried in two floats, so that a large exponent does not magnify its rounding. Other lanes
   * ({@link #powSpecial}) hold rubbish.
   */
  static FloatVector pow(FloatVector x, FloatVector y) {
    IntVector bits = x.reinterpretAsInts();
    IntVector ei = bits.sub(Float.floatToRawIntBits(SQRT_HALF)).lanewise(ASHR, 23);
    FloatVector m = bits.sub(ei.lanewise(LSHL, 23)).reinterpretAsFloats();
    FloatVector e = toFloat(ei);
    // ln m = 2 atanh(s), s = f / (2 + f), with the rounding errors of the sum and of the quotient
    // kept in sLow.
    FloatVector f = m.sub(1f);
    FloatVector d = f.add(2f);
    FloatVector dLow = f.sub(d.sub(2f));
    FloatVector s = f.div(d);
    FloatVector sLow = s.neg().fma(d, f).sub(s.mul(dLow)).div(d);
    FloatVector s2 = s.mul(s);
    FloatVector tail =
        s2.fma(0.117840275f, 0.14269087f)
            .fma(s2, c(0.2000016f))
            .fma(s2, c(0.33333334f))
            .mul(s2)
            .mul(s);
    FloatVector low = tail.add(sLow).mul(2f);
    FloatVector s1 = s.add(s);
    FloatVector base = e.mul(LN2_HI);
    FloatVector hi = base.add(s1);
    // Exact error of the sum, whichever of the two is larger.
    FloatVector part = hi.sub(base);
    FloatVector sumLow = base.sub(hi.sub(part)).add(s1.sub(part));
    low = low.add(sumLow).add(e.mul(LN2_LO));
    FloatVector ln = hi.add(low);
    FloatVector lnLow = hi.sub(ln).add(low);
    FloatVector p = y.mul(ln);
    FloatVector pLow = y.fma(ln, p.neg()).add(y.mul(lnLow));
    FloatVector clipped = p.blend(100f, p.compare(GT, 100f)).blend(-120f, p.compare(LT, -120f));
    pLow = pLow.blend(0f, p.compare(EQ, clipped).not());
    return expSum(clipped, pLow);
  }

  /** e^(x + low) for |x| <= 120 and a tiny low. */
  private static FloatVector expSum(FloatVector x, FloatVector low) {
    FloatVector shifted = x.fma(LOG2E, MAGIC);
    FloatVector r = reduced(x, shifted.sub(MAGIC)).add(low);
    FloatVector p = expTail(r).fma(r.mul(r), r).add(1f);
    IntVector ni = shifted.reinterpretAsInts().sub(MAGIC_BITS);
    IntVector half = ni.lanewise(ASHR, 1);
    FloatVector s1 = half.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
    FloatVector s2 = ni.sub(half).lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
    return p.mul(s1).mul(s2);
  }

  /** The lanes that {@link #pow} does not handle. */
  static VectorMask<Float> powSpecial(FloatVector x, FloatVector y) {
    VectorMask<Float> ordinary =
        x.compare(GE, MIN_NORMAL)
            .and(x.compare(LT, Float.POSITIVE_INFINITY))
            .and(y.abs().compare(LT, Float.POSITIVE_INFINITY));
    return ordinary.not();
  }

  /** Replaces the {@code special} lanes of {@code result} by {@link Math#pow}. */
  static FloatVector powScalar(
      FloatVector x, FloatVector y, FloatVector result, VectorMask<Float> special) {
    float[] xs = x.toArray();
    float[] ys = y.toArray();
    float[] out = result.toArray();
    for (int i = 0; i < L; i++) {
      if (special.laneIsSet(i)) {
        out[i] = (float) Math.pow(xs[i], ys[i]);
      }
    }
    return FloatVector.fromArray(S, out, 0);
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
