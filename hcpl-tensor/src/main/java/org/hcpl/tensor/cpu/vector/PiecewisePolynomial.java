package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.XOR;
import static org.hcpl.tensor.cpu.vector.VectorMath.I;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.MAGIC;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;
import static org.hcpl.tensor.cpu.vector.VectorMath.ZERO;

import java.util.function.DoubleUnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * A smooth function f(a) of a &gt;= 0 that soon reaches its limit, as 16 polynomials of degree 7
 * over segments of equal width, and the loops that apply it to |x|.
 *
 * <p>A vector of 16 lanes holds one coefficient of all segments, so that one permutation looks up
 * 16 of them; shorter vectors take several. This is a third of the work of a formula with an
 * exponential and a quotient.
 *
 * <p>Segment i is centred on {@code i width}: f = c0 + u (c1 + u (c2 + ...)), u the distance from
 * the centre. Segment 0 has its centre at 0, where c0 is f(0) itself: what vanishes at 0 keeps its
 * relative accuracy there. The polynomials interpolate at Chebyshev's nodes, in double.
 *
 * <p>The loops differ in their last lines only: one loop for the values, which go to a block of
 * memory, and a short one for the rest took a quarter longer.
 *
 * <p>Loops run over n elements, a multiple of the lanes, and may work in place.
 */
final class PiecewisePolynomial {
  private static final int SEGMENTS = 16;
  private static final int DEGREE = 7;

  /** Numbers whose values stay in the first-level cache. */
  private static final int BLOCK = 1024;

  private static final int SIGN = 0x80000000;

  /** Bits of one coefficient each, by segment. */
  private final int[] c0;

  private final int[] c1;
  private final int[] c2;
  private final int[] c3;
  private final int[] c4;
  private final int[] c5;
  private final int[] c6;
  private final int[] c7;
  private final float width;
  private final float end;

  /**
   * @param f the function, accurate in double
   * @param width of a segment; f is approximated up to the end of the last, some 15.3 widths
   * @param limit what f reaches; the last segment leads there
   */
  PiecewisePolynomial(DoubleUnaryOperator f, float width, double limit) {
    this.width = width;
    // The last segment ends a power of two from its centre, before the half that rounds to 16.
    float reach = Float.intBitsToFloat(Float.floatToRawIntBits(width * 0.499f) & 0x7F800000);
    this.end = (SEGMENTS - 1) * width + reach;
    int[][] bits = new int[DEGREE + 1][Math.max(SEGMENTS, L)];
    for (int segment = 0; segment < SEGMENTS; segment++) {
      float[] c = rounded(segment == 0 ? first(f) : coefficients(segment, f, limit));
      if (segment == SEGMENTS - 1) {
        endAt(limit, reach, c);
      }
      for (int k = 0; k <= DEGREE; k++) {
        bits[k][segment] = Float.floatToRawIntBits(c[k]);
      }
    }
    c0 = bits[0];
    c1 = bits[1];
    c2 = bits[2];
    c3 = bits[3];
    c4 = bits[4];
    c5 = bits[5];
    c6 = bits[6];
    c7 = bits[7];
  }

  /** f(0) and the polynomial of (f(u) - f(0)) / u. */
  private double[] first(DoubleUnaryOperator f) {
    double f0 = f.applyAsDouble(0);
    double[] slope =
        interpolation(u -> (f.applyAsDouble(u) - f0) / u, width / 4, width / 4, DEGREE);
    double[] c = new double[DEGREE + 1];
    c[0] = f0;
    System.arraycopy(slope, 0, c, 1, DEGREE);
    return c;
  }

  private double[] coefficients(int segment, DoubleUnaryOperator f, double limit) {
    double centre = (double) segment * width;
    double step = segment == SEGMENTS - 1 ? limit - f.applyAsDouble(end) : 0;
    double from = -width / 2.0;
    double length = end - centre - from;
    return interpolation(
        u -> f.applyAsDouble(centre + u) + step * (u - from) / length, 0, width / 2, DEGREE + 1);
  }

  /** Has the polynomial be {@code limit} at {@code reach}, by which a product is exact. */
  private static void endAt(double limit, float reach, float[] c) {
    float inner = c[DEGREE];
    for (int k = DEGREE - 1; k > 0; k--) {
      inner = Math.fma(inner, reach, c[k]);
    }
    c[0] = (float) (limit - (double) inner * reach);
  }

  private static float[] rounded(double[] values) {
    float[] floats = new float[values.length];
    for (int k = 0; k < values.length; k++) {
      floats[k] = (float) values[k];
    }
    return floats;
  }

  /**
   * Coefficients of u^0, u^1, ... of the polynomial through n Chebyshev nodes of [middle - half,
   * middle + half], by Newton's divided differences.
   */
  static double[] interpolation(DoubleUnaryOperator f, double middle, double half, int n) {
    double[] node = new double[n];
    double[] difference = new double[n];
    for (int k = 0; k < n; k++) {
      node[k] = middle + half * Math.cos((2 * k + 1) * Math.PI / (2 * n));
      difference[k] = f.applyAsDouble(node[k]);
    }
    for (int order = 1; order < n; order++) {
      for (int k = n - 1; k >= order; k--) {
        difference[k] = (difference[k] - difference[k - 1]) / (node[k] - node[k - order]);
      }
    }
    double[] c = new double[n];
    for (int k = n - 1; k >= 0; k--) {
      // c = c (u - node[k]) + difference[k]
      for (int power = n - 1; power > 0; power--) {
        c[power] = c[power - 1] - node[k] * c[power];
      }
      c[0] = difference[k] - node[k] * c[0];
    }
    return c;
  }

  /** A loop over numbers in the L segments from the first on, which leaves the rest of y alone. */
  @FunctionalInterface
  private interface Part {
    void run(int first, float[] x, int xo, float[] dy, int dyo, float[] y, int yo, int n);
  }

  /**
   * A species of fewer than 16 lanes goes over a block once for each part of the segments: lookups
   * in several vectors, one after the other, are more than HotSpot compiles into one loop.
   */
  private static void run(
      Part part, float[] x, int xo, float[] dy, int dyo, float[] y, int yo, int n) {
    if (L >= SEGMENTS) {
      part.run(0, x, xo, dy, dyo, y, yo, n);
      return;
    }
    float[] block = new float[2 * BLOCK];
    for (int at = 0; at < n; at += BLOCK) {
      int m = Math.min(BLOCK, n - at);
      System.arraycopy(x, xo + at, block, 0, m);
      System.arraycopy(dy, dyo + at, block, BLOCK, m);
      for (int first = 0; first < SEGMENTS; first += L) {
        part.run(first, block, 0, block, BLOCK, y, yo + at, m);
      }
    }
  }

  /** {@code y = sign(x) f(|x|)}. */
  void odd(float[] x, int xo, float[] y, int yo, int n) {
    run(this::odd, x, xo, x, xo, y, yo, n);
  }

  private void odd(int first, float[] x, int xo, float[] dy, int dyo, float[] y, int yo, int n) {
    FloatVector last = FloatVector.broadcast(S, end);
    FloatVector perWidth = FloatVector.broadcast(S, 1 / width);
    FloatVector back = FloatVector.broadcast(S, -width);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = v.abs();
      a = a.blend(last, a.compare(GT, last));
      FloatVector shifted = a.fma(perWidth, MAGIC);
      FloatVector u = shifted.sub(MAGIC).fma(back, a);
      IntVector segment = shifted.reinterpretAsInts().and(SEGMENTS - 1);
      if (absent(first, segment)) {
        continue;
      }
      IntVector s = segment.and(L - 1);
      FloatVector f = at(s, c7, first).fma(u, at(s, c6, first)).fma(u, at(s, c5, first));
      f = f.fma(u, at(s, c4, first)).fma(u, at(s, c3, first)).fma(u, at(s, c2, first));
      f = f.fma(u, at(s, c1, first)).fma(u, at(s, c0, first));
      IntVector sign = v.reinterpretAsInts().and(SIGN);
      FloatVector r = f.reinterpretAsInts().or(sign).reinterpretAsFloats();
      store(r, segment, first, y, yo + i);
    }
  }

  /** {@code y = max(x, 0) - f(|x|)}. */
  void reluLess(float[] x, int xo, float[] y, int yo, int n) {
    run(this::reluLess, x, xo, x, xo, y, yo, n);
  }

  private void reluLess(
      int first, float[] x, int xo, float[] dy, int dyo, float[] y, int yo, int n) {
    FloatVector last = FloatVector.broadcast(S, end);
    FloatVector perWidth = FloatVector.broadcast(S, 1 / width);
    FloatVector back = FloatVector.broadcast(S, -width);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = v.abs();
      a = a.blend(last, a.compare(GT, last));
      FloatVector shifted = a.fma(perWidth, MAGIC);
      FloatVector u = shifted.sub(MAGIC).fma(back, a);
      IntVector segment = shifted.reinterpretAsInts().and(SEGMENTS - 1);
      if (absent(first, segment)) {
        continue;
      }
      IntVector s = segment.and(L - 1);
      FloatVector f = at(s, c7, first).fma(u, at(s, c6, first)).fma(u, at(s, c5, first));
      f = f.fma(u, at(s, c4, first)).fma(u, at(s, c3, first)).fma(u, at(s, c2, first));
      f = f.fma(u, at(s, c1, first)).fma(u, at(s, c0, first));
      store(VectorMath.relu(v).sub(f), segment, first, y, yo + i);
    }
  }

  /** {@code y = above x} for x &gt;= 0, {@code below f(|x|)} elsewhere. */
  void twoSided(float above, float below, float[] x, int xo, float[] y, int yo, int n) {
    run(
        (first, v, vo, dy, dyo, w, wo, m) -> twoSided(above, below, first, v, vo, w, wo, m),
        x,
        xo,
        x,
        xo,
        y,
        yo,
        n);
  }

  private void twoSided(
      float above, float below, int first, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector last = FloatVector.broadcast(S, end);
    FloatVector perWidth = FloatVector.broadcast(S, 1 / width);
    FloatVector back = FloatVector.broadcast(S, -width);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = v.abs();
      a = a.blend(last, a.compare(GT, last));
      FloatVector shifted = a.fma(perWidth, MAGIC);
      FloatVector u = shifted.sub(MAGIC).fma(back, a);
      IntVector segment = shifted.reinterpretAsInts().and(SEGMENTS - 1);
      if (absent(first, segment)) {
        continue;
      }
      IntVector s = segment.and(L - 1);
      FloatVector f = at(s, c7, first).fma(u, at(s, c6, first)).fma(u, at(s, c5, first));
      f = f.fma(u, at(s, c4, first)).fma(u, at(s, c3, first)).fma(u, at(s, c2, first));
      f = f.fma(u, at(s, c1, first)).fma(u, at(s, c0, first));
      store(f.mul(below).blend(v.mul(above), v.compare(GE, ZERO)), segment, first, y, yo + i);
    }
  }

  /**
   * Whether any number is below {@code -lastSegment()}, or a NaN with a sign. With the sign turned
   * over the bits of negative numbers, as integers, are in the order of their sizes, and those of
   * others negative.
   */
  boolean anyBelowLast(float[] x, int xo, int n) {
    IntVector sign = IntVector.broadcast(I, SIGN);
    IntVector limit = IntVector.broadcast(I, Float.floatToRawIntBits(lastSegment()));
    for (int i = 0; i < n; i += 2 * L) {
      IntVector v = FloatVector.fromArray(S, x, xo + i).reinterpretAsInts();
      IntVector w = FloatVector.fromArray(S, x, xo + i + L).reinterpretAsInts();
      IntVector largest = v.lanewise(XOR, sign).max(w.lanewise(XOR, sign));
      if (largest.compare(GT, limit).anyTrue()) {
        return true;
      }
    }
    return false;
  }

  /** Where the last segment begins, which leads f to its limit. */
  float lastSegment() {
    return (SEGMENTS - 1.5f) * width;
  }

  /** {@code dx = dy (1 - f(x))} for x &gt; 0, {@code dy f(-x)} elsewhere. */
  void stepLess(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    run(this::stepLess, x, xo, dy, dyo, dx, dxo, n);
  }

  private void stepLess(
      int first, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    FloatVector last = FloatVector.broadcast(S, end);
    FloatVector perWidth = FloatVector.broadcast(S, 1 / width);
    FloatVector back = FloatVector.broadcast(S, -width);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = v.abs();
      a = a.blend(last, a.compare(GT, last));
      FloatVector shifted = a.fma(perWidth, MAGIC);
      FloatVector u = shifted.sub(MAGIC).fma(back, a);
      IntVector segment = shifted.reinterpretAsInts().and(SEGMENTS - 1);
      if (absent(first, segment)) {
        continue;
      }
      IntVector s = segment.and(L - 1);
      FloatVector f = at(s, c7, first).fma(u, at(s, c6, first)).fma(u, at(s, c5, first));
      f = f.fma(u, at(s, c4, first)).fma(u, at(s, c3, first)).fma(u, at(s, c2, first));
      f = f.fma(u, at(s, c1, first)).fma(u, at(s, c0, first));
      FloatVector g = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector part = g.mul(f);
      store(part.blend(g.sub(part), v.compare(GT, ZERO)), segment, first, dx, dxo + i);
    }
  }

  /** Whether no lane is in the segments from a later part's first on: most often, none is. */
  private static boolean absent(int first, IntVector segment) {
    return L < SEGMENTS && first > 0 && !segment.compare(GE, first).anyTrue();
  }

  /** One coefficient of the segment of each lane, if that is one of the L from the first on. */
  private static FloatVector at(IntVector segment, int[] coefficient, int first) {
    return segment.selectFrom(IntVector.fromArray(I, coefficient, first)).reinterpretAsFloats();
  }

  private static void store(FloatVector r, IntVector segment, int first, float[] y, int yo) {
    if (L >= SEGMENTS || first == 0) {
      r.intoArray(y, yo);
    } else {
      VectorMask<Float> here = segment.compare(GE, first).cast(S);
      FloatVector.fromArray(S, y, yo).blend(r, here).intoArray(y, yo);
    }
  }
}
