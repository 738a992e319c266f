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
   * One value of every 64 bytes of two parts of memory, added up. Both at once, as the processor
   * reads ahead in each of them: 0.74 instead of 0.58 of a copy's rate with pages of 4 KiB.
   */
  static float touch(float[] x, int xo, float[] y, int yo, int count) {
    float sum = 0;
    float other = 0;
    for (int i = 0; i < count; i += 16) {
      sum += x[xo + i];
      other += y[yo + i];
    }
    return sum + other;
  }

  /** The same of one part, half by half. */
  static float touch(float[] x, int from, int count) {
    int half = count / 2;
    return touch(x, from, x, from + count - half, half) + (count > 0 ? x[from + half] : 0);
  }

  /**
   * Adds one or more taps along a row, one vector of channels: {@code y[yo + i yStep] += sum over t
   * of w[wo + t wStep] x[xo + i step + t across]} for {@code 0 <= i < count}.
   */
  static void taps(
      int taps,
      float[] x,
      int xo,
      int across,
      int step,
      float[] w,
      int wo,
      int wStep,
      float[] y,
      int yo,
      int yStep,
      int count) {
    switch (taps) {
      case 1 -> taps1(x, xo, step, w, wo, y, yo, yStep, count);
      case 2 -> taps2(x, xo, across, step, w, wo, wStep, y, yo, yStep, count);
      case 3 -> taps3(x, xo, across, step, w, wo, wStep, y, yo, yStep, count);
      case 4 -> {
        taps2(x, xo, across, step, w, wo, wStep, y, yo, yStep, count);
        int next = xo + 2 * across;
        taps2(x, next, across, step, w, wo + 2 * wStep, wStep, y, yo, yStep, count);
      }
      default -> {
        taps2(x, xo, across, step, w, wo, wStep, y, yo, yStep, count);
        int next = xo + 2 * across;
        taps(taps - 2, x, next, across, step, w, wo + 2 * wStep, wStep, y, yo, yStep, count);
      }
    }
  }

  private static void taps1(
      float[] x, int xo, int step, float[] w, int wo, float[] y, int yo, int yStep, int count) {
    FloatVector w0 = FloatVector.fromArray(S, w, wo);
    for (int i = 0; i < count; i++) {
      int q = yo + i * yStep;
      FloatVector.fromArray(S, x, xo + i * step)
          .fma(w0, FloatVector.fromArray(S, y, q))
          .intoArray(y, q);
    }
  }

  private static void taps2(
      float[] x,
      int xo,
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
    for (int i = 0; i < count; i++) {
      int p = xo + i * step;
      int q = yo + i * yStep;
      FloatVector s = FloatVector.fromArray(S, x, p).fma(w0, FloatVector.fromArray(S, y, q));
      FloatVector.fromArray(S, x, p + across).fma(w1, s).intoArray(y, q);
    }
  }

  private static void taps3(
      float[] x,
      int xo,
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
    for (int i = 0; i < count; i++) {
      int p = xo + i * step;
      int q = yo + i * yStep;
      FloatVector s = FloatVector.fromArray(S, x, p).fma(w0, FloatVector.fromArray(S, y, q));
      s = FloatVector.fromArray(S, x, p + across).fma(w1, s);
      FloatVector.fromArray(S, x, p + 2 * across).fma(w2, s).intoArray(y, q);
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
   * Weight gradient of 3x3 taps along a row, one vector of channels: {@code dw[(ky 3 + kx) c +
   * channel] += sum over i of x_ky[from_ky + i step + kx c] dy[go + i c]}.
   */
  static void threeGradient(
      float[][] rows,
      int[] from,
      int step,
      int c,
      int channel,
      float[] dy,
      int go,
      int count,
      float[] dw) {
    float[] x0 = rows[0];
    int o0 = from[0] + channel;
    float[] x1 = rows[1];
    int o1 = from[1] + channel;
    float[] x2 = rows[2];
    int o2 = from[2] + channel;
    FloatVector s00 = FloatVector.zero(S);
    FloatVector s01 = FloatVector.zero(S);
    FloatVector s02 = FloatVector.zero(S);
    FloatVector s10 = FloatVector.zero(S);
    FloatVector s11 = FloatVector.zero(S);
    FloatVector s12 = FloatVector.zero(S);
    FloatVector s20 = FloatVector.zero(S);
    FloatVector s21 = FloatVector.zero(S);
    FloatVector s22 = FloatVector.zero(S);
    for (int i = 0; i < count; i++) {
      int p = i * step;
      FloatVector g = FloatVector.fromArray(S, dy, go + channel + i * c);
      s00 = FloatVector.fromArray(S, x0, o0 + p).fma(g, s00);
      s01 = FloatVector.fromArray(S, x0, o0 + p + c).fma(g, s01);
      s02 = FloatVector.fromArray(S, x0, o0 + p + 2 * c).fma(g, s02);
      s10 = FloatVector.fromArray(S, x1, o1 + p).fma(g, s10);
      s11 = FloatVector.fromArray(S, x1, o1 + p + c).fma(g, s11);
      s12 = FloatVector.fromArray(S, x1, o1 + p + 2 * c).fma(g, s12);
      s20 = FloatVector.fromArray(S, x2, o2 + p).fma(g, s20);
      s21 = FloatVector.fromArray(S, x2, o2 + p + c).fma(g, s21);
      s22 = FloatVector.fromArray(S, x2, o2 + p + 2 * c).fma(g, s22);
    }
    s00.add(FloatVector.fromArray(S, dw, 0 * c + channel)).intoArray(dw, 0 * c + channel);
    s01.add(FloatVector.fromArray(S, dw, 1 * c + channel)).intoArray(dw, 1 * c + channel);
    s02.add(FloatVector.fromArray(S, dw, 2 * c + channel)).intoArray(dw, 2 * c + channel);
    s10.add(FloatVector.fromArray(S, dw, 3 * c + channel)).intoArray(dw, 3 * c + channel);
    s11.add(FloatVector.fromArray(S, dw, 4 * c + channel)).intoArray(dw, 4 * c + channel);
    s12.add(FloatVector.fromArray(S, dw, 5 * c + channel)).intoArray(dw, 5 * c + channel);
    s20.add(FloatVector.fromArray(S, dw, 6 * c + channel)).intoArray(dw, 6 * c + channel);
    s21.add(FloatVector.fromArray(S, dw, 7 * c + channel)).intoArray(dw, 7 * c + channel);
    s22.add(FloatVector.fromArray(S, dw, 8 * c + channel)).intoArray(dw, 8 * c + channel);
  }

  /** Weight gradient of one kernel row of 5 taps along a row, one vector of channels. */
  static void fiveGradient(
      float[] x, int xo, int step, int c, float[] dy, int go, int count, float[] dw, int wo) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    FloatVector s4 = FloatVector.zero(S);
    for (int i = 0; i < count; i++) {
      int p = xo + i * step;
      FloatVector g = FloatVector.fromArray(S, dy, go + i * c);
      s0 = FloatVector.fromArray(S, x, p).fma(g, s0);
      s1 = FloatVector.fromArray(S, x, p + c).fma(g, s1);
      s2 = FloatVector.fromArray(S, x, p + 2 * c).fma(g, s2);
      s3 = FloatVector.fromArray(S, x, p + 3 * c).fma(g, s3);
      s4 = FloatVector.fromArray(S, x, p + 4 * c).fma(g, s4);
    }
    s0.add(FloatVector.fromArray(S, dw, wo)).intoArray(dw, wo);
    s1.add(FloatVector.fromArray(S, dw, wo + c)).intoArray(dw, wo + c);
    s2.add(FloatVector.fromArray(S, dw, wo + 2 * c)).intoArray(dw, wo + 2 * c);
    s3.add(FloatVector.fromArray(S, dw, wo + 3 * c)).intoArray(dw, wo + 3 * c);
    s4.add(FloatVector.fromArray(S, dw, wo + 4 * c)).intoArray(dw, wo + 4 * c);
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
