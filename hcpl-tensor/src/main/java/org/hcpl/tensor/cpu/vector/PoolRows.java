package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.NE;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * One pooling window at channels {@code [from, to)}: its pixels come as a list of offsets, each
 * loop walks that list.
 */
final class PoolRows {
  private PoolRows() {}

  /** {@code y[j] = max over t of x[xo + at[t] + j]}; NaN wins. */
  static void max(float[] x, int xo, int[] at, int taps, float[] y, int yo, int from, int to) {
    int j = from;
    for (; j + 2 * L <= to; j += 2 * L) {
      FloatVector a = FloatVector.fromArray(S, x, xo + j + at[0]);
      FloatVector b = FloatVector.fromArray(S, x, xo + j + L + at[0]);
      for (int t = 1; t < taps; t++) {
        FloatVector v = FloatVector.fromArray(S, x, xo + j + at[t]);
        FloatVector w = FloatVector.fromArray(S, x, xo + j + L + at[t]);
        // Greater or NaN; the vector maximum of the JDK takes seven instructions for its signed
        // zeros.
        a = a.blend(v, v.compare(GT, a).or(v.compare(NE, v)));
        b = b.blend(w, w.compare(GT, b).or(w.compare(NE, w)));
      }
      a.intoArray(y, yo + j);
      b.intoArray(y, yo + j + L);
    }
    for (; j < to; j += L) {
      VectorMask<Float> m = S.indexInRange(j, to);
      FloatVector a = FloatVector.fromArray(S, x, xo + j + at[0], m);
      for (int t = 1; t < taps; t++) {
        a = a.max(FloatVector.fromArray(S, x, xo + j + at[t], m));
      }
      a.intoArray(y, yo + j, m);
    }
  }

  /** {@code y[j] = scale * sum over t of x[xo + at[t] + j]}. */
  static void sum(
      float[] x, int xo, int[] at, int taps, float scale, float[] y, int yo, int from, int to) {
    int j = from;
    for (; j + 2 * L <= to; j += 2 * L) {
      FloatVector a = FloatVector.zero(S);
      FloatVector b = a;
      for (int t = 0; t < taps; t++) {
        a = a.add(FloatVector.fromArray(S, x, xo + j + at[t]));
        b = b.add(FloatVector.fromArray(S, x, xo + j + L + at[t]));
      }
      a.mul(scale).intoArray(y, yo + j);
      b.mul(scale).intoArray(y, yo + j + L);
    }
    for (; j < to; j += L) {
      VectorMask<Float> m = S.indexInRange(j, to);
      FloatVector a = FloatVector.zero(S);
      for (int t = 0; t < taps; t++) {
        a = a.add(FloatVector.fromArray(S, x, xo + j + at[t], m));
      }
      a.mul(scale).intoArray(y, yo + j, m);
    }
  }

  /** {@code dx[at[t] + j] += scale * dy[j]} for every tap. */
  static void spread(
      float[] dy, int dyo, float scale, float[] dx, int dxo, int[] at, int taps, int from, int to) {
    for (int j = from; j < to; j += L) {
      VectorMask<Float> m = S.indexInRange(j, to);
      FloatVector g = FloatVector.fromArray(S, dy, dyo + j, m).mul(scale);
      for (int t = 0; t < taps; t++) {
        int p = dxo + at[t] + j;
        FloatVector.fromArray(S, dx, p, m).add(g).intoArray(dx, p, m);
      }
    }
  }

  /**
   * {@code dx[at[t*] + j] += dy[j]} with t* the first tap that holds the maximum; the first NaN
   * where there is one.
   */
  static void maxGradient(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      int[] at,
      int taps,
      int from,
      int to) {
    for (int j = from; j < to; j += L) {
      VectorMask<Float> m = S.indexInRange(j, to);
      FloatVector best = FloatVector.fromArray(S, x, xo + at[0] + j, m);
      FloatVector chosen = FloatVector.zero(S);
      for (int t = 1; t < taps; t++) {
        FloatVector v = FloatVector.fromArray(S, x, xo + at[t] + j, m);
        VectorMask<Float> firstNaN = v.compare(NE, v).and(best.compare(EQ, best));
        VectorMask<Float> better = v.compare(GT, best).or(firstNaN);
        best = best.blend(v, better);
        chosen = chosen.blend(t, better);
      }
      FloatVector g = FloatVector.fromArray(S, dy, dyo + j, m);
      for (int t = 0; t < taps; t++) {
        int p = dxo + at[t] + j;
        VectorMask<Float> here = chosen.compare(EQ, t).and(m);
        FloatVector.fromArray(S, dx, p, here).add(g).intoArray(dx, p, here);
      }
    }
  }
}
