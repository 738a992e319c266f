package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import jdk.incubator.vector.FloatVector;

/**
 * Loops over columns of the depthwise convolution's gradients, weights {@code [kH, kW, C]}. The
 * weight gradient is added to dw.
 *
 * <p>The sums are local variables of one method with one loop, as HotSpot keeps vectors in
 * registers only there; so the loops for three and five taps are written out.
 */
final class DepthwiseGradientColumns {
  private DepthwiseGradientColumns() {}

  /**
   * Weight gradient of 3x3 taps at stride 1, of two output rows at once, one vector of channels.
   * Every pixel of the four input rows is loaded once; the gradients that it meets travel along in
   * registers. The gradients' rows begin and end with zeros for the pixels next to the border: for
   * input column j and tap kx, value {@code j + 2 - kx} of a row at {@code go} and, of the row
   * below, at {@code g1}.
   */
  static void three(
      float[] x0,
      int o0,
      float[] x1,
      int o1,
      float[] x2,
      int o2,
      float[] x3,
      int o3,
      int columns,
      int c,
      float[] dy,
      int go,
      int g1,
      float[] dw,
      int wo) {
    FloatVector s00 = FloatVector.zero(S);
    FloatVector s01 = FloatVector.zero(S);
    FloatVector s02 = FloatVector.zero(S);
    FloatVector s10 = FloatVector.zero(S);
    FloatVector s11 = FloatVector.zero(S);
    FloatVector s12 = FloatVector.zero(S);
    FloatVector s20 = FloatVector.zero(S);
    FloatVector s21 = FloatVector.zero(S);
    FloatVector s22 = FloatVector.zero(S);
    FloatVector a2 = FloatVector.fromArray(S, dy, go);
    FloatVector a1 = FloatVector.fromArray(S, dy, go + c);
    FloatVector b2 = FloatVector.fromArray(S, dy, g1);
    FloatVector b1 = FloatVector.fromArray(S, dy, g1 + c);
    int at = 0;
    int next = 2 * c;
    for (int j = 0; j < columns; j++) {
      FloatVector a0 = FloatVector.fromArray(S, dy, go + next);
      FloatVector b0 = FloatVector.fromArray(S, dy, g1 + next);
      FloatVector v0 = FloatVector.fromArray(S, x0, o0 + at);
      s00 = v0.fma(a0, s00);
      s01 = v0.fma(a1, s01);
      s02 = v0.fma(a2, s02);
      FloatVector v1 = FloatVector.fromArray(S, x1, o1 + at);
      s10 = v1.fma(a0, s10);
      s11 = v1.fma(a1, s11);
      s12 = v1.fma(a2, s12);
      s00 = v1.fma(b0, s00);
      s01 = v1.fma(b1, s01);
      s02 = v1.fma(b2, s02);
      FloatVector v2 = FloatVector.fromArray(S, x2, o2 + at);
      s20 = v2.fma(a0, s20);
      s21 = v2.fma(a1, s21);
      s22 = v2.fma(a2, s22);
      s10 = v2.fma(b0, s10);
      s11 = v2.fma(b1, s11);
      s12 = v2.fma(b2, s12);
      FloatVector v3 = FloatVector.fromArray(S, x3, o3 + at);
      s20 = v3.fma(b0, s20);
      s21 = v3.fma(b1, s21);
      s22 = v3.fma(b2, s22);
      a2 = a1;
      b2 = b1;
      a1 = a0;
      b1 = b0;
      at += c;
      next += c;
    }
    s00.add(FloatVector.fromArray(S, dw, wo)).intoArray(dw, wo);
    s01.add(FloatVector.fromArray(S, dw, wo + c)).intoArray(dw, wo + c);
    s02.add(FloatVector.fromArray(S, dw, wo + 2 * c)).intoArray(dw, wo + 2 * c);
    s10.add(FloatVector.fromArray(S, dw, wo + 3 * c)).intoArray(dw, wo + 3 * c);
    s11.add(FloatVector.fromArray(S, dw, wo + 4 * c)).intoArray(dw, wo + 4 * c);
    s12.add(FloatVector.fromArray(S, dw, wo + 5 * c)).intoArray(dw, wo + 5 * c);
    s20.add(FloatVector.fromArray(S, dw, wo + 6 * c)).intoArray(dw, wo + 6 * c);
    s21.add(FloatVector.fromArray(S, dw, wo + 7 * c)).intoArray(dw, wo + 7 * c);
    s22.add(FloatVector.fromArray(S, dw, wo + 8 * c)).intoArray(dw, wo + 8 * c);
  }

  /** {@link #three} with three rows of five taps: 15 sums and ten gradients in registers. */
  static void fiveByThreeRows(
      float[] x0,
      int o0,
      float[] x1,
      int o1,
      float[] x2,
      int o2,
      float[] x3,
      int o3,
      int columns,
      int c,
      float[] dy,
      int go,
      int g1,
      float[] dw,
      int wo) {
    FloatVector s00 = FloatVector.zero(S);
    FloatVector s01 = FloatVector.zero(S);
    FloatVector s02 = FloatVector.zero(S);
    FloatVector s03 = FloatVector.zero(S);
    FloatVector s04 = FloatVector.zero(S);
    FloatVector s10 = FloatVector.zero(S);
    FloatVector s11 = FloatVector.zero(S);
    FloatVector s12 = FloatVector.zero(S);
    FloatVector s13 = FloatVector.zero(S);
    FloatVector s14 = FloatVector.zero(S);
    FloatVector s20 = FloatVector.zero(S);
    FloatVector s21 = FloatVector.zero(S);
    FloatVector s22 = FloatVector.zero(S);
    FloatVector s23 = FloatVector.zero(S);
    FloatVector s24 = FloatVector.zero(S);
    FloatVector a4 = FloatVector.fromArray(S, dy, go);
    FloatVector a3 = FloatVector.fromArray(S, dy, go + c);
    FloatVector a2 = FloatVector.fromArray(S, dy, go + 2 * c);
    FloatVector a1 = FloatVector.fromArray(S, dy, go + 3 * c);
    FloatVector b4 = FloatVector.fromArray(S, dy, g1);
    FloatVector b3 = FloatVector.fromArray(S, dy, g1 + c);
    FloatVector b2 = FloatVector.fromArray(S, dy, g1 + 2 * c);
    FloatVector b1 = FloatVector.fromArray(S, dy, g1 + 3 * c);
    int at = 0;
    int next = 4 * c;
    for (int j = 0; j < columns; j++) {
      FloatVector a0 = FloatVector.fromArray(S, dy, go + next);
      FloatVector b0 = FloatVector.fromArray(S, dy, g1 + next);
      FloatVector v0 = FloatVector.fromArray(S, x0, o0 + at);
      s00 = v0.fma(a0, s00);
      s01 = v0.fma(a1, s01);
      s02 = v0.fma(a2, s02);
      s03 = v0.fma(a3, s03);
      s04 = v0.fma(a4, s04);
      FloatVector v1 = FloatVector.fromArray(S, x1, o1 + at);
      s10 = v1.fma(a0, s10);
      s11 = v1.fma(a1, s11);
      s12 = v1.fma(a2, s12);
      s13 = v1.fma(a3, s13);
      s14 = v1.fma(a4, s14);
      s00 = v1.fma(b0, s00);
      s01 = v1.fma(b1, s01);
      s02 = v1.fma(b2, s02);
      s03 = v1.fma(b3, s03);
      s04 = v1.fma(b4, s04);
      FloatVector v2 = FloatVector.fromArray(S, x2, o2 + at);
      s20 = v2.fma(a0, s20);
      s21 = v2.fma(a1, s21);
      s22 = v2.fma(a2, s22);
      s23 = v2.fma(a3, s23);
      s24 = v2.fma(a4, s24);
      s10 = v2.fma(b0, s10);
      s11 = v2.fma(b1, s11);
      s12 = v2.fma(b2, s12);
      s13 = v2.fma(b3, s13);
      s14 = v2.fma(b4, s14);
      FloatVector v3 = FloatVector.fromArray(S, x3, o3 + at);
      s20 = v3.fma(b0, s20);
      s21 = v3.fma(b1, s21);
      s22 = v3.fma(b2, s22);
      s23 = v3.fma(b3, s23);
      s24 = v3.fma(b4, s24);
      a4 = a3;
      b4 = b3;
      a3 = a2;
      b3 = b2;
      a2 = a1;
      b2 = b1;
      a1 = a0;
      b1 = b0;
      at += c;
      next += c;
    }
    s00.add(FloatVector.fromArray(S, dw, wo)).intoArray(dw, wo);
    s01.add(FloatVector.fromArray(S, dw, wo + c)).intoArray(dw, wo + c);
    s02.add(FloatVector.fromArray(S, dw, wo + 2 * c)).intoArray(dw, wo + 2 * c);
    s03.add(FloatVector.fromArray(S, dw, wo + 3 * c)).intoArray(dw, wo + 3 * c);
    s04.add(FloatVector.fromArray(S, dw, wo + 4 * c)).intoArray(dw, wo + 4 * c);
    s10.add(FloatVector.fromArray(S, dw, wo + 5 * c)).intoArray(dw, wo + 5 * c);
    s11.add(FloatVector.fromArray(S, dw, wo + 6 * c)).intoArray(dw, wo + 6 * c);
    s12.add(FloatVector.fromArray(S, dw, wo + 7 * c)).intoArray(dw, wo + 7 * c);
    s13.add(FloatVector.fromArray(S, dw, wo + 8 * c)).intoArray(dw, wo + 8 * c);
    s14.add(FloatVector.fromArray(S, dw, wo + 9 * c)).intoArray(dw, wo + 9 * c);
    s20.add(FloatVector.fromArray(S, dw, wo + 10 * c)).intoArray(dw, wo + 10 * c);
    s21.add(FloatVector.fromArray(S, dw, wo + 11 * c)).intoArray(dw, wo + 11 * c);
    s22.add(FloatVector.fromArray(S, dw, wo + 12 * c)).intoArray(dw, wo + 12 * c);
    s23.add(FloatVector.fromArray(S, dw, wo + 13 * c)).intoArray(dw, wo + 13 * c);
    s24.add(FloatVector.fromArray(S, dw, wo + 14 * c)).intoArray(dw, wo + 14 * c);
  }

  /** {@link #three} with two rows of five taps. */
  static void fiveByTwoRows(
      float[] x0,
      int o0,
      float[] x1,
      int o1,
      float[] x2,
      int o2,
      int columns,
      int c,
      float[] dy,
      int go,
      int g1,
      float[] dw,
      int wo) {
    FloatVector s00 = FloatVector.zero(S);
    FloatVector s01 = FloatVector.zero(S);
    FloatVector s02 = FloatVector.zero(S);
    FloatVector s03 = FloatVector.zero(S);
    FloatVector s04 = FloatVector.zero(S);
    FloatVector s10 = FloatVector.zero(S);
    FloatVector s11 = FloatVector.zero(S);
    FloatVector s12 = FloatVector.zero(S);
    FloatVector s13 = FloatVector.zero(S);
    FloatVector s14 = FloatVector.zero(S);
    FloatVector a4 = FloatVector.fromArray(S, dy, go);
    FloatVector a3 = FloatVector.fromArray(S, dy, go + c);
    FloatVector a2 = FloatVector.fromArray(S, dy, go + 2 * c);
    FloatVector a1 = FloatVector.fromArray(S, dy, go + 3 * c);
    FloatVector b4 = FloatVector.fromArray(S, dy, g1);
    FloatVector b3 = FloatVector.fromArray(S, dy, g1 + c);
    FloatVector b2 = FloatVector.fromArray(S, dy, g1 + 2 * c);
    FloatVector b1 = FloatVector.fromArray(S, dy, g1 + 3 * c);
    int at = 0;
    int next = 4 * c;
    for (int j = 0; j < columns; j++) {
      FloatVector a0 = FloatVector.fromArray(S, dy, go + next);
      FloatVector b0 = FloatVector.fromArray(S, dy, g1 + next);
      FloatVector v0 = FloatVector.fromArray(S, x0, o0 + at);
      s00 = v0.fma(a0, s00);
      s01 = v0.fma(a1, s01);
      s02 = v0.fma(a2, s02);
      s03 = v0.fma(a3, s03);
      s04 = v0.fma(a4, s04);
      FloatVector v1 = FloatVector.fromArray(S, x1, o1 + at);
      s10 = v1.fma(a0, s10);
      s11 = v1.fma(a1, s11);
      s12 = v1.fma(a2, s12);
      s13 = v1.fma(a3, s13);
      s14 = v1.fma(a4, s14);
      s00 = v1.fma(b0, s00);
      s01 = v1.fma(b1, s01);
      s02 = v1.fma(b2, s02);
      s03 = v1.fma(b3, s03);
      s04 = v1.fma(b4, s04);
      FloatVector v2 = FloatVector.fromArray(S, x2, o2 + at);
      s10 = v2.fma(b0, s10);
      s11 = v2.fma(b1, s11);
      s12 = v2.fma(b2, s12);
      s13 = v2.fma(b3, s13);
      s14 = v2.fma(b4, s14);
      a4 = a3;
      b4 = b3;
      a3 = a2;
      b3 = b2;
      a2 = a1;
      b2 = b1;
      a1 = a0;
      b1 = b0;
      at += c;
      next += c;
    }
    s00.add(FloatVector.fromArray(S, dw, wo)).intoArray(dw, wo);
    s01.add(FloatVector.fromArray(S, dw, wo + c)).intoArray(dw, wo + c);
    s02.add(FloatVector.fromArray(S, dw, wo + 2 * c)).intoArray(dw, wo + 2 * c);
    s03.add(FloatVector.fromArray(S, dw, wo + 3 * c)).intoArray(dw, wo + 3 * c);
    s04.add(FloatVector.fromArray(S, dw, wo + 4 * c)).intoArray(dw, wo + 4 * c);
    s10.add(FloatVector.fromArray(S, dw, wo + 5 * c)).intoArray(dw, wo + 5 * c);
    s11.add(FloatVector.fromArray(S, dw, wo + 6 * c)).intoArray(dw, wo + 6 * c);
    s12.add(FloatVector.fromArray(S, dw, wo + 7 * c)).intoArray(dw, wo + 7 * c);
    s13.add(FloatVector.fromArray(S, dw, wo + 8 * c)).intoArray(dw, wo + 8 * c);
    s14.add(FloatVector.fromArray(S, dw, wo + 9 * c)).intoArray(dw, wo + 9 * c);
  }

  /**
   * Input gradient of 3x3 taps at stride 2: a row of dx, one vector of channels, from the one or
   * two rows of dy that saw it (the other is of zeros). Output j has its taps 0 and 1 at the pixels
   * {@code 2 j - padding} and the next; its tap 2 is at the pixel after those.
   *
   * @param w0 of the vector's first weight in the kernel row that x0 had
   * @param xo of the vector in the row of dx, which is {@code line} floats long
   * @param left floats of the padding
   */
  static void threeByTwo(
      float[] x0,
      int o0,
      int w0,
      float[] x1,
      int o1,
      int w1,
      int outputs,
      int c,
      float[] w,
      float[] dx,
      int xo,
      int left,
      int line) {
    FloatVector w00 = FloatVector.fromArray(S, w, w0);
    FloatVector w01 = FloatVector.fromArray(S, w, w0 + c);
    FloatVector w02 = FloatVector.fromArray(S, w, w0 + 2 * c);
    FloatVector w10 = FloatVector.fromArray(S, w, w1);
    FloatVector w11 = FloatVector.fromArray(S, w, w1 + c);
    FloatVector w12 = FloatVector.fromArray(S, w, w1 + 2 * c);
    FloatVector p0 = FloatVector.zero(S);
    int at = 0;
    int to = -left;
    for (int j = 0; j < outputs; j++) {
      FloatVector v0 = FloatVector.fromArray(S, x0, o0 + at);
      FloatVector v1 = FloatVector.fromArray(S, x1, o1 + at);
      // What comes before the first pixel is overwritten by it.
      v1.fma(w10, v0.fma(w00, p0)).intoArray(dx, xo + Math.max(to, 0));
      v1.fma(w11, v0.mul(w01)).intoArray(dx, xo + Math.max(to + c, 0));
      p0 = v1.fma(w12, v0.mul(w02));
      at += c;
      to += 2 * c;
    }
    if (to < line) {
      p0.intoArray(dx, xo + to);
    }
  }

  /** {@link #threeByTwo} with 5x5 taps and two or three rows of dy. */
  static void fiveByTwo(
      float[] x0,
      int o0,
      int w0,
      float[] x1,
      int o1,
      int w1,
      float[] x2,
      int o2,
      int w2,
      int outputs,
      int c,
      float[] w,
      float[] dx,
      int xo,
      int left,
      int line) {
    FloatVector w00 = FloatVector.fromArray(S, w, w0);
    FloatVector w01 = FloatVector.fromArray(S, w, w0 + c);
    FloatVector w02 = FloatVector.fromArray(S, w, w0 + 2 * c);
    FloatVector w03 = FloatVector.fromArray(S, w, w0 + 3 * c);
    FloatVector w04 = FloatVector.fromArray(S, w, w0 + 4 * c);
    FloatVector w10 = FloatVector.fromArray(S, w, w1);
    FloatVector w11 = FloatVector.fromArray(S, w, w1 + c);
    FloatVector w12 = FloatVector.fromArray(S, w, w1 + 2 * c);
    FloatVector w13 = FloatVector.fromArray(S, w, w1 + 3 * c);
    FloatVector w14 = FloatVector.fromArray(S, w, w1 + 4 * c);
    FloatVector w20 = FloatVector.fromArray(S, w, w2);
    FloatVector w21 = FloatVector.fromArray(S, w, w2 + c);
    FloatVector w22 = FloatVector.fromArray(S, w, w2 + 2 * c);
    FloatVector w23 = FloatVector.fromArray(S, w, w2 + 3 * c);
    FloatVector w24 = FloatVector.fromArray(S, w, w2 + 4 * c);
    FloatVector p0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector p2 = FloatVector.zero(S);
    int at = 0;
    int to = -left;
    for (int j = 0; j < outputs; j++) {
      FloatVector v0 = FloatVector.fromArray(S, x0, o0 + at);
      FloatVector v1 = FloatVector.fromArray(S, x1, o1 + at);
      FloatVector v2 = FloatVector.fromArray(S, x2, o2 + at);
      // What comes before the first pixel is overwritten by it.
      v2.fma(w20, v1.fma(w10, v0.fma(w00, p0))).intoArray(dx, xo + Math.max(to, 0));
      v2.fma(w21, v1.fma(w11, v0.fma(w01, p1))).intoArray(dx, xo + Math.max(to + c, 0));
      p0 = v2.fma(w22, v1.fma(w12, v0.fma(w02, p2)));
      p1 = v2.fma(w23, v1.fma(w13, v0.mul(w03)));
      p2 = v2.fma(w24, v1.fma(w14, v0.mul(w04)));
      at += c;
      to += 2 * c;
    }
    if (to < line) {
      p0.intoArray(dx, xo + to);
    }
    if (to + c < line) {
      p1.intoArray(dx, xo + to + c);
    }
    if (to + 2 * c < line) {
      p2.intoArray(dx, xo + to + 2 * c);
    }
  }
}
