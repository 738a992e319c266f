package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Inner loops of the depthwise convolution, each one counted loop.
 *
 * <p>Along a row: one vector of channels, all weights of its taps in registers, one output pixel a
 * step. At one pixel: the taps that lie inside the image come as a list, one tap a step, up to four
 * vectors of channels beside each other.
 */
final class DepthwiseRows {
  private DepthwiseRows() {}

  /**
   * 3x3 taps along a row: {@code y[yo + i * yStep] = bias + sum of w[ky, kx] * x_ky[o_ky + i * step
   * + kx * across]} for {@code 0 <= i < count}, one vector of channels. Each input row comes with
   * its own array, so that a row above or below the image can be a row of zeros.
   */
  static void row3(
      float[] x0,
      int o0,
      float[] x1,
      int o1,
      float[] x2,
      int o2,
      int across,
      int step,
      float[] w,
      int wo,
      int wStep,
      float[] bias,
      int bo,
      float[] y,
      int yo,
      int yStep,
      int count) {
    FloatVector w00 = FloatVector.fromArray(S, w, wo);
    FloatVector w01 = FloatVector.fromArray(S, w, wo + wStep);
    FloatVector w02 = FloatVector.fromArray(S, w, wo + 2 * wStep);
    FloatVector w10 = FloatVector.fromArray(S, w, wo + 3 * wStep);
    FloatVector w11 = FloatVector.fromArray(S, w, wo + 4 * wStep);
    FloatVector w12 = FloatVector.fromArray(S, w, wo + 5 * wStep);
    FloatVector w20 = FloatVector.fromArray(S, w, wo + 6 * wStep);
    FloatVector w21 = FloatVector.fromArray(S, w, wo + 7 * wStep);
    FloatVector w22 = FloatVector.fromArray(S, w, wo + 8 * wStep);
    FloatVector b = FloatVector.fromArray(S, bias, bo);
    for (int i = 0; i < count; i++) {
      int p0 = o0 + i * step;
      int p1 = o1 + i * step;
      int p2 = o2 + i * step;
      // Two chains halve the latency of nine dependent multiply-adds.
      FloatVector s = FloatVector.fromArray(S, x0, p0).fma(w00, b);
      FloatVector t = FloatVector.fromArray(S, x0, p0 + across).mul(w01);
      s = FloatVector.fromArray(S, x0, p0 + 2 * across).fma(w02, s);
      t = FloatVector.fromArray(S, x1, p1).fma(w10, t);
      s = FloatVector.fromArray(S, x1, p1 + across).fma(w11, s);
      t = FloatVector.fromArray(S, x1, p1 + 2 * across).fma(w12, t);
      s = FloatVector.fromArray(S, x2, p2).fma(w20, s);
      t = FloatVector.fromArray(S, x2, p2 + across).fma(w21, t);
      s = FloatVector.fromArray(S, x2, p2 + 2 * across).fma(w22, s);
      s.add(t).intoArray(y, yo + i * yStep);
    }
  }

  /**
   * One kernel row of five taps added along an output row: {@code y += sum of w[kx] * x[...]}, or
   * {@code = bias + ...} where {@code first}.
   */
  static void row5(
      float[] x,
      int o,
      int across,
      int step,
      float[] w,
      int wo,
      int wStep,
      float[] y,
      int yo,
      int yStep,
      int count) {
    FloatVector w0 = FloatVector.fromArray(S, w, wo);
    FloatVector w1 = FloatVector.fromArray(S, w, wo + wStep);
    FloatVector w2 = FloatVector.fromArray(S, w, wo + 2 * wStep);
    FloatVector w3 = FloatVector.fromArray(S, w, wo + 3 * wStep);
    FloatVector w4 = FloatVector.fromArray(S, w, wo + 4 * wStep);
    for (int i = 0; i < count; i++) {
      int p = o + i * step;
      int q = yo + i * yStep;
      FloatVector s = FloatVector.fromArray(S, x, p).fma(w0, FloatVector.fromArray(S, y, q));
      s = FloatVector.fromArray(S, x, p + across).fma(w1, s);
      s = FloatVector.fromArray(S, x, p + 2 * across).fma(w2, s);
      s = FloatVector.fromArray(S, x, p + 3 * across).fma(w3, s);
      s = FloatVector.fromArray(S, x, p + 4 * across).fma(w4, s);
      s.intoArray(y, q);
    }
  }

  /**
   * {@code y[c] = bias[c] + sum over t of x[xo + at[t] + c] * w[wAt[t] + c]} for all c channels.
   */
  static void pixel(
      float[] x,
      int xo,
      int[] at,
      float[] w,
      int[] wAt,
      int taps,
      float[] bias,
      float[] y,
      int yo,
      int c) {
    int j = 0;
    for (; j + 4 * L <= c; j += 4 * L) {
      pixel4(x, xo + j, at, w, j, wAt, taps, bias, y, yo + j);
    }
    for (; j + L <= c; j += L) {
      FloatVector s = FloatVector.fromArray(S, bias, j);
      for (int t = 0; t < taps; t++) {
        s =
            FloatVector.fromArray(S, x, xo + j + at[t])
                .fma(FloatVector.fromArray(S, w, wAt[t] + j), s);
      }
      s.intoArray(y, yo + j);
    }
    if (j < c) {
      VectorMask<Float> m = S.indexInRange(j, c);
      FloatVector s = FloatVector.fromArray(S, bias, j, m);
      for (int t = 0; t < taps; t++) {
        s =
            FloatVector.fromArray(S, x, xo + j + at[t], m)
                .fma(FloatVector.fromArray(S, w, wAt[t] + j, m), s);
      }
      s.intoArray(y, yo + j, m);
    }
  }

  private static void pixel4(
      float[] x,
      int xo,
      int[] at,
      float[] w,
      int wo,
      int[] wAt,
      int taps,
      float[] bias,
      float[] y,
      int yo) {
    FloatVector s0 = FloatVector.fromArray(S, bias, wo);
    FloatVector s1 = FloatVector.fromArray(S, bias, wo + L);
    FloatVector s2 = FloatVector.fromArray(S, bias, wo + 2 * L);
    FloatVector s3 = FloatVector.fromArray(S, bias, wo + 3 * L);
    for (int t = 0; t < taps; t++) {
      int p = xo + at[t];
      int q = wo + wAt[t];
      s0 = FloatVector.fromArray(S, x, p).fma(FloatVector.fromArray(S, w, q), s0);
      s1 = FloatVector.fromArray(S, x, p + L).fma(FloatVector.fromArray(S, w, q + L), s1);
      s2 = FloatVector.fromArray(S, x, p + 2 * L).fma(FloatVector.fromArray(S, w, q + 2 * L), s2);
      s3 = FloatVector.fromArray(S, x, p + 3 * L).fma(FloatVector.fromArray(S, w, q + 3 * L), s3);
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + L);
    s2.intoArray(y, yo + 2 * L);
    s3.intoArray(y, yo + 3 * L);
  }

  /**
   * Weight gradient of one tap along a row: {@code dw[c] += sum over i of x[xo + i * step + c] *
   * dy[go + i * c + c]}.
   */
  static void tapGradient(
      float[] x, int xo, int step, float[] dy, int go, int count, float[] dw, int wo, int c) {
    int j = 0;
    for (; j + 4 * L <= c; j += 4 * L) {
      tapGradient4(x, xo + j, step, dy, go + j, c, count, dw, wo + j);
    }
    for (; j < c; j += L) {
      VectorMask<Float> m = S.indexInRange(j, c);
      FloatVector s = FloatVector.fromArray(S, dw, wo + j, m);
      for (int i = 0; i < count; i++) {
        s =
            FloatVector.fromArray(S, x, xo + j + i * step, m)
                .fma(FloatVector.fromArray(S, dy, go + j + i * c, m), s);
      }
      s.intoArray(dw, wo + j, m);
    }
  }

  private static void tapGradient4(
      float[] x, int xo, int step, float[] dy, int go, int gStep, int count, float[] dw, int wo) {
    FloatVector s0 = FloatVector.fromArray(S, dw, wo);
    FloatVector s1 = FloatVector.fromArray(S, dw, wo + L);
    FloatVector s2 = FloatVector.fromArray(S, dw, wo + 2 * L);
    FloatVector s3 = FloatVector.fromArray(S, dw, wo + 3 * L);
    for (int i = 0; i < count; i++) {
      int p = xo + i * step;
      int q = go + i * gStep;
      s0 = FloatVector.fromArray(S, x, p).fma(FloatVector.fromArray(S, dy, q), s0);
      s1 = FloatVector.fromArray(S, x, p + L).fma(FloatVector.fromArray(S, dy, q + L), s1);
      s2 = FloatVector.fromArray(S, x, p + 2 * L).fma(FloatVector.fromArray(S, dy, q + 2 * L), s2);
      s3 = FloatVector.fromArray(S, x, p + 3 * L).fma(FloatVector.fromArray(S, dy, q + 3 * L), s3);
    }
    s0.intoArray(dw, wo);
    s1.intoArray(dw, wo + L);
    s2.intoArray(dw, wo + 2 * L);
    s3.intoArray(dw, wo + 3 * L);
  }
}
