package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import jdk.incubator.vector.FloatVector;

/**
 * Depthwise convolution along one or two output rows, one vector of channels: 3x3 and 5x5 taps,
 * stride 1 and 2, dilation 1.
 *
 * <p>Every input pixel is loaded once in a row, not once for each tap: its products with one column
 * of the kernel each go to another output, and the outputs that are not complete yet travel from
 * step to step in registers. That is 3 (or 5) loads and 9 (or 25) multiply-adds an output; with one
 * load for each tap the loads, and the range checks that Java has on each, took twice as long. Each
 * input row comes as an array and an offset, so that a row outside the image can be a row of zeros.
 */
final class DepthwiseColumns {
  private DepthwiseColumns() {}

  /**
   * Stride 1: outputs 0 to {@code outputs - 1} of a row of {@code columns} pixels of c channels, of
   * which the vector at {@code channel} is computed; output i needs the columns {@code i + skip -
   * 2} to {@code i + skip} with {@code skip} = 2 - padding at the left.
   */
  static void three(
      float[][] rows,
      int[] from,
      int columns,
      int c,
      int channel,
      float[] w,
      float[] b,
      float[] y,
      int yo,
      int skip,
      int outputs) {
    float[] x0 = rows[0];
    int o0 = from[0] + channel;
    float[] x1 = rows[1];
    int o1 = from[1] + channel;
    float[] x2 = rows[2];
    int o2 = from[2] + channel;
    FloatVector w00 = FloatVector.fromArray(S, w, channel);
    FloatVector w01 = FloatVector.fromArray(S, w, c + channel);
    FloatVector w02 = FloatVector.fromArray(S, w, 2 * c + channel);
    FloatVector w10 = FloatVector.fromArray(S, w, 3 * c + channel);
    FloatVector w11 = FloatVector.fromArray(S, w, 4 * c + channel);
    FloatVector w12 = FloatVector.fromArray(S, w, 5 * c + channel);
    FloatVector w20 = FloatVector.fromArray(S, w, 6 * c + channel);
    FloatVector w21 = FloatVector.fromArray(S, w, 7 * c + channel);
    FloatVector w22 = FloatVector.fromArray(S, w, 8 * c + channel);
    FloatVector bias = FloatVector.fromArray(S, b, channel);
    FloatVector p0 = bias;
    FloatVector p1 = bias;
    int end = Math.min(columns, outputs + skip);
    for (int j = 0; j < end; j++) {
      int p = j * c;
      FloatVector v0 = FloatVector.fromArray(S, x0, o0 + p);
      FloatVector v1 = FloatVector.fromArray(S, x1, o1 + p);
      FloatVector v2 = FloatVector.fromArray(S, x2, o2 + p);
      // What comes before the first output is overwritten by it.
      v2.fma(w22, v1.fma(w12, v0.fma(w02, p1))).intoArray(y, yo + Math.max(j - skip, 0) * c);
      p1 = v2.fma(w21, v1.fma(w11, v0.fma(w01, p0)));
      p0 = v2.fma(w20, v1.fma(w10, v0.fma(w00, bias)));
    }
    int left = outputs + skip - end;
    int to = yo + (end - skip) * c;
    if (left > 0) {
      p1.intoArray(y, to);
    }
    if (left > 1) {
      p0.intoArray(y, to + c);
    }
  }

  /**
   * Stride 1, padding 1 at both sides: two output rows of {@code columns} pixels at once, from four
   * input rows. The two in the middle lie one after the other in x; the first and the last come as
   * arrays of their own, as they may be outside the image. Fewer loads for a multiply-add: 1.2 to
   * 1.3 times as fast as {@link #three} while the data stays in a cache.
   *
   * @param xo of the vector in the second input row
   * @param yo of the vector in the first output row
   */
  static void threeInPairs(
      float[] above,
      int ao,
      float[] x,
      int xo,
      float[] below,
      int bo,
      int line,
      int columns,
      int c,
      int channel,
      float[] w,
      float[] b,
      float[] y,
      int yo) {
    FloatVector w00 = FloatVector.fromArray(S, w, channel);
    FloatVector w01 = FloatVector.fromArray(S, w, c + channel);
    FloatVector w02 = FloatVector.fromArray(S, w, 2 * c + channel);
    FloatVector w10 = FloatVector.fromArray(S, w, 3 * c + channel);
    FloatVector w11 = FloatVector.fromArray(S, w, 4 * c + channel);
    FloatVector w12 = FloatVector.fromArray(S, w, 5 * c + channel);
    FloatVector w20 = FloatVector.fromArray(S, w, 6 * c + channel);
    FloatVector w21 = FloatVector.fromArray(S, w, 7 * c + channel);
    FloatVector w22 = FloatVector.fromArray(S, w, 8 * c + channel);
    FloatVector bias = FloatVector.fromArray(S, b, channel);
    int x2 = xo + line;
    int y1 = yo + line;
    FloatVector v0 = FloatVector.fromArray(S, above, ao);
    FloatVector v1 = FloatVector.fromArray(S, x, xo);
    FloatVector v2 = FloatVector.fromArray(S, x, x2);
    FloatVector v3 = FloatVector.fromArray(S, below, bo);
    // p of the upper, q of the lower row: the output before the next pixel, and the one at it.
    FloatVector p1 = v2.fma(w21, v1.fma(w11, v0.fma(w01, bias)));
    FloatVector q1 = v3.fma(w21, v2.fma(w11, v1.fma(w01, bias)));
    FloatVector p0 = v2.fma(w20, v1.fma(w10, v0.fma(w00, bias)));
    FloatVector q0 = v3.fma(w20, v2.fma(w10, v1.fma(w00, bias)));
    int at = c;
    int to = 0;
    for (int j = 1; j < columns; j++) {
      v0 = FloatVector.fromArray(S, above, ao + at);
      v1 = FloatVector.fromArray(S, x, xo + at);
      v2 = FloatVector.fromArray(S, x, x2 + at);
      v3 = FloatVector.fromArray(S, below, bo + at);
      v2.fma(w22, v1.fma(w12, v0.fma(w02, p1))).intoArray(y, yo + to);
      v3.fma(w22, v2.fma(w12, v1.fma(w02, q1))).intoArray(y, y1 + to);
      p1 = v2.fma(w21, v1.fma(w11, v0.fma(w01, p0)));
      q1 = v3.fma(w21, v2.fma(w11, v1.fma(w01, q0)));
      p0 = v2.fma(w20, v1.fma(w10, v0.fma(w00, bias)));
      q0 = v3.fma(w20, v2.fma(w10, v1.fma(w00, bias)));
      at += c;
      to += c;
    }
    p1.intoArray(y, yo + to);
    q1.intoArray(y, y1 + to);
  }

  /**
   * Three of the five rows of a 5x5 kernel, stride 1, for two output rows at once, from four input
   * rows and one vector of channels. All 25 weights and what travels along would not fit into 32
   * registers: 15 and then 10 do, with the sums between in an array that stays in the first-level
   * cache. Output i needs the columns {@code i + skip - 4} to {@code i + skip} with {@code skip} =
   * 4 - padding at the left.
   *
   * @param wo of the vector's first weight
   * @param from what the sums begin with: of output i at {@code fo + (i + skip) step}, of the row
   *     below at {@code f1 + (i + skip) step}
   * @param yo where output 0 goes, the next {@code apart} floats after it; of the row below {@code
   *     y1}
   */
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
      float[] w,
      int wo,
      float[] from,
      int fo,
      int f1,
      int step,
      float[] y,
      int yo,
      int y1,
      int apart,
      int skip,
      int outputs) {
    FloatVector w00 = FloatVector.fromArray(S, w, wo);
    FloatVector w01 = FloatVector.fromArray(S, w, wo + c);
    FloatVector w02 = FloatVector.fromArray(S, w, wo + 2 * c);
    FloatVector w03 = FloatVector.fromArray(S, w, wo + 3 * c);
    FloatVector w04 = FloatVector.fromArray(S, w, wo + 4 * c);
    FloatVector w10 = FloatVector.fromArray(S, w, wo + 5 * c);
    FloatVector w11 = FloatVector.fromArray(S, w, wo + 6 * c);
    FloatVector w12 = FloatVector.fromArray(S, w, wo + 7 * c);
    FloatVector w13 = FloatVector.fromArray(S, w, wo + 8 * c);
    FloatVector w14 = FloatVector.fromArray(S, w, wo + 9 * c);
    FloatVector w20 = FloatVector.fromArray(S, w, wo + 10 * c);
    FloatVector w21 = FloatVector.fromArray(S, w, wo + 11 * c);
    FloatVector w22 = FloatVector.fromArray(S, w, wo + 12 * c);
    FloatVector w23 = FloatVector.fromArray(S, w, wo + 13 * c);
    FloatVector w24 = FloatVector.fromArray(S, w, wo + 14 * c);
    FloatVector p3 = FloatVector.fromArray(S, from, fo);
    FloatVector p2 = FloatVector.fromArray(S, from, fo + step);
    FloatVector p1 = FloatVector.fromArray(S, from, fo + 2 * step);
    FloatVector p0 = FloatVector.fromArray(S, from, fo + 3 * step);
    FloatVector q3 = FloatVector.fromArray(S, from, f1);
    FloatVector q2 = FloatVector.fromArray(S, from, f1 + step);
    FloatVector q1 = FloatVector.fromArray(S, from, f1 + 2 * step);
    FloatVector q0 = FloatVector.fromArray(S, from, f1 + 3 * step);
    int end = Math.min(columns, outputs + skip);
    int at = 0;
    int next = 4 * step;
    for (int j = 0; j < end; j++) {
      FloatVector v0 = FloatVector.fromArray(S, x0, o0 + at);
      FloatVector v1 = FloatVector.fromArray(S, x1, o1 + at);
      FloatVector v2 = FloatVector.fromArray(S, x2, o2 + at);
      FloatVector v3 = FloatVector.fromArray(S, x3, o3 + at);
      // What comes before the first output is overwritten by it.
      int to = Math.max(j - skip, 0) * apart;
      v2.fma(w24, v1.fma(w14, v0.fma(w04, p3))).intoArray(y, yo + to);
      v3.fma(w24, v2.fma(w14, v1.fma(w04, q3))).intoArray(y, y1 + to);
      p3 = v2.fma(w23, v1.fma(w13, v0.fma(w03, p2)));
      q3 = v3.fma(w23, v2.fma(w13, v1.fma(w03, q2)));
      p2 = v2.fma(w22, v1.fma(w12, v0.fma(w02, p1)));
      q2 = v3.fma(w22, v2.fma(w12, v1.fma(w02, q1)));
      p1 = v2.fma(w21, v1.fma(w11, v0.fma(w01, p0)));
      q1 = v3.fma(w21, v2.fma(w11, v1.fma(w01, q0)));
      p0 = v2.fma(w20, v1.fma(w10, v0.fma(w00, FloatVector.fromArray(S, from, fo + next))));
      q0 = v3.fma(w20, v2.fma(w10, v1.fma(w00, FloatVector.fromArray(S, from, f1 + next))));
      at += c;
      next += step;
    }
    int left = outputs + skip - end;
    int to = (end - skip) * apart;
    if (left > 0) {
      p3.intoArray(y, yo + to);
      q3.intoArray(y, y1 + to);
    }
    if (left > 1) {
      p2.intoArray(y, yo + to + apart);
      q2.intoArray(y, y1 + to + apart);
    }
    if (left > 2) {
      p1.intoArray(y, yo + to + 2 * apart);
      q1.intoArray(y, y1 + to + 2 * apart);
    }
    if (left > 3) {
      p0.intoArray(y, yo + to + 3 * apart);
      q0.intoArray(y, y1 + to + 3 * apart);
    }
  }

  /** {@link #fiveByThreeRows} with two rows of the kernel. */
  static void fiveByTwoRows(
      float[] x0,
      int o0,
      float[] x1,
      int o1,
      float[] x2,
      int o2,
      int columns,
      int c,
      float[] w,
      int wo,
      float[] from,
      int fo,
      int f1,
      int step,
      float[] y,
      int yo,
      int y1,
      int apart,
      int skip,
      int outputs) {
    FloatVector w00 = FloatVector.fromArray(S, w, wo);
    FloatVector w01 = FloatVector.fromArray(S, w, wo + c);
    FloatVector w02 = FloatVector.fromArray(S, w, wo + 2 * c);
    FloatVector w03 = FloatVector.fromArray(S, w, wo + 3 * c);
    FloatVector w04 = FloatVector.fromArray(S, w, wo + 4 * c);
    FloatVector w10 = FloatVector.fromArray(S, w, wo + 5 * c);
    FloatVector w11 = FloatVector.fromArray(S, w, wo + 6 * c);
    FloatVector w12 = FloatVector.fromArray(S, w, wo + 7 * c);
    FloatVector w13 = FloatVector.fromArray(S, w, wo + 8 * c);
    FloatVector w14 = FloatVector.fromArray(S, w, wo + 9 * c);
    FloatVector p3 = FloatVector.fromArray(S, from, fo);
    FloatVector p2 = FloatVector.fromArray(S, from, fo + step);
    FloatVector p1 = FloatVector.fromArray(S, from, fo + 2 * step);
    FloatVector p0 = FloatVector.fromArray(S, from, fo + 3 * step);
    FloatVector q3 = FloatVector.fromArray(S, from, f1);
    FloatVector q2 = FloatVector.fromArray(S, from, f1 + step);
    FloatVector q1 = FloatVector.fromArray(S, from, f1 + 2 * step);
    FloatVector q0 = FloatVector.fromArray(S, from, f1 + 3 * step);
    int end = Math.min(columns, outputs + skip);
    int at = 0;
    int next = 4 * step;
    for (int j = 0; j < end; j++) {
      FloatVector v0 = FloatVector.fromArray(S, x0, o0 + at);
      FloatVector v1 = FloatVector.fromArray(S, x1, o1 + at);
      FloatVector v2 = FloatVector.fromArray(S, x2, o2 + at);
      // What comes before the first output is overwritten by it.
      int to = Math.max(j - skip, 0) * apart;
      v1.fma(w14, v0.fma(w04, p3)).intoArray(y, yo + to);
      v2.fma(w14, v1.fma(w04, q3)).intoArray(y, y1 + to);
      p3 = v1.fma(w13, v0.fma(w03, p2));
      q3 = v2.fma(w13, v1.fma(w03, q2));
      p2 = v1.fma(w12, v0.fma(w02, p1));
      q2 = v2.fma(w12, v1.fma(w02, q1));
      p1 = v1.fma(w11, v0.fma(w01, p0));
      q1 = v2.fma(w11, v1.fma(w01, q0));
      p0 = v1.fma(w10, v0.fma(w00, FloatVector.fromArray(S, from, fo + next)));
      q0 = v2.fma(w10, v1.fma(w00, FloatVector.fromArray(S, from, f1 + next)));
      at += c;
      next += step;
    }
    int left = outputs + skip - end;
    int to = (end - skip) * apart;
    if (left > 0) {
      p3.intoArray(y, yo + to);
      q3.intoArray(y, y1 + to);
    }
    if (left > 1) {
      p2.intoArray(y, yo + to + apart);
      q2.intoArray(y, y1 + to + apart);
    }
    if (left > 2) {
      p1.intoArray(y, yo + to + 2 * apart);
      q1.intoArray(y, y1 + to + 2 * apart);
    }
    if (left > 3) {
      p0.intoArray(y, yo + to + 3 * apart);
      q0.intoArray(y, y1 + to + 3 * apart);
    }
  }

  /**
   * Stride 2: {@code outputs} outputs from {@code yo} on; the last two of the 3 columns of each
   * must lie in the image. The first 1 columns of the first output begin at column {@code first},
   * which may be negative.
   */
  static void threeByTwo(
      float[][] rows,
      int[] from,
      int columns,
      int c,
      int channel,
      float[] w,
      float[] b,
      float[] y,
      int yo,
      int first,
      int outputs,
      float[] zeros) {
    float[] x0 = rows[0];
    int o0 = from[0] + channel;
    float[] x1 = rows[1];
    int o1 = from[1] + channel;
    float[] x2 = rows[2];
    int o2 = from[2] + channel;
    FloatVector w00 = FloatVector.fromArray(S, w, channel);
    FloatVector w01 = FloatVector.fromArray(S, w, c + channel);
    FloatVector w02 = FloatVector.fromArray(S, w, 2 * c + channel);
    FloatVector w10 = FloatVector.fromArray(S, w, 3 * c + channel);
    FloatVector w11 = FloatVector.fromArray(S, w, 4 * c + channel);
    FloatVector w12 = FloatVector.fromArray(S, w, 5 * c + channel);
    FloatVector w20 = FloatVector.fromArray(S, w, 6 * c + channel);
    FloatVector w21 = FloatVector.fromArray(S, w, 7 * c + channel);
    FloatVector w22 = FloatVector.fromArray(S, w, 8 * c + channel);
    FloatVector bias = FloatVector.fromArray(S, b, channel);
    boolean in0 = first + 0 >= 0 && first + 0 < columns;
    int q0 = (first + 0) * c;
    FloatVector c00 = FloatVector.fromArray(S, in0 ? x0 : zeros, in0 ? o0 + q0 : 0);
    FloatVector c01 = FloatVector.fromArray(S, in0 ? x1 : zeros, in0 ? o1 + q0 : 0);
    FloatVector c02 = FloatVector.fromArray(S, in0 ? x2 : zeros, in0 ? o2 + q0 : 0);
    FloatVector p = c02.fma(w20, c01.fma(w10, c00.fma(w00, bias)));
    int start = (first + 1) * c;
    for (int i = 0; i < outputs; i++) {
      int at = start + 2 * i * c;
      FloatVector a0 = FloatVector.fromArray(S, x0, o0 + at);
      FloatVector a1 = FloatVector.fromArray(S, x1, o1 + at);
      FloatVector a2 = FloatVector.fromArray(S, x2, o2 + at);
      FloatVector s = a2.fma(w21, a1.fma(w11, a0.fma(w01, p)));
      FloatVector b0 = FloatVector.fromArray(S, x0, o0 + at + c);
      FloatVector b1 = FloatVector.fromArray(S, x1, o1 + at + c);
      FloatVector b2 = FloatVector.fromArray(S, x2, o2 + at + c);
      b2.fma(w22, b1.fma(w12, b0.fma(w02, s))).intoArray(y, yo + i * c);
      p = b2.fma(w20, b1.fma(w10, b0.fma(w00, bias)));
    }
  }

  /**
   * Stride 2: {@code outputs} outputs from {@code yo} on; the last two of the 5 columns of each
   * must lie in the image. The first 3 columns of the first output begin at column {@code first},
   * which may be negative.
   */
  static void fiveByTwo(
      float[][] rows,
      int[] from,
      int columns,
      int c,
      int channel,
      float[] w,
      float[] b,
      float[] y,
      int yo,
      int first,
      int outputs,
      float[] zeros) {
    float[] x0 = rows[0];
    int o0 = from[0] + channel;
    float[] x1 = rows[1];
    int o1 = from[1] + channel;
    float[] x2 = rows[2];
    int o2 = from[2] + channel;
    float[] x3 = rows[3];
    int o3 = from[3] + channel;
    float[] x4 = rows[4];
    int o4 = from[4] + channel;
    FloatVector w00 = FloatVector.fromArray(S, w, channel);
    FloatVector w01 = FloatVector.fromArray(S, w, c + channel);
    FloatVector w02 = FloatVector.fromArray(S, w, 2 * c + channel);
    FloatVector w03 = FloatVector.fromArray(S, w, 3 * c + channel);
    FloatVector w04 = FloatVector.fromArray(S, w, 4 * c + channel);
    FloatVector w10 = FloatVector.fromArray(S, w, 5 * c + channel);
    FloatVector w11 = FloatVector.fromArray(S, w, 6 * c + channel);
    FloatVector w12 = FloatVector.fromArray(S, w, 7 * c + channel);
    FloatVector w13 = FloatVector.fromArray(S, w, 8 * c + channel);
    FloatVector w14 = FloatVector.fromArray(S, w, 9 * c + channel);
    FloatVector w20 = FloatVector.fromArray(S, w, 10 * c + channel);
    FloatVector w21 = FloatVector.fromArray(S, w, 11 * c + channel);
    FloatVector w22 = FloatVector.fromArray(S, w, 12 * c + channel);
    FloatVector w23 = FloatVector.fromArray(S, w, 13 * c + channel);
    FloatVector w24 = FloatVector.fromArray(S, w, 14 * c + channel);
    FloatVector w30 = FloatVector.fromArray(S, w, 15 * c + channel);
    FloatVector w31 = FloatVector.fromArray(S, w, 16 * c + channel);
    FloatVector w32 = FloatVector.fromArray(S, w, 17 * c + channel);
    FloatVector w33 = FloatVector.fromArray(S, w, 18 * c + channel);
    FloatVector w34 = FloatVector.fromArray(S, w, 19 * c + channel);
    FloatVector w40 = FloatVector.fromArray(S, w, 20 * c + channel);
    FloatVector w41 = FloatVector.fromArray(S, w, 21 * c + channel);
    FloatVector w42 = FloatVector.fromArray(S, w, 22 * c + channel);
    FloatVector w43 = FloatVector.fromArray(S, w, 23 * c + channel);
    FloatVector w44 = FloatVector.fromArray(S, w, 24 * c + channel);
    FloatVector bias = FloatVector.fromArray(S, b, channel);
    boolean in0 = first + 0 >= 0 && first + 0 < columns;
    int q0 = (first + 0) * c;
    FloatVector c00 = FloatVector.fromArray(S, in0 ? x0 : zeros, in0 ? o0 + q0 : 0);
    FloatVector c01 = FloatVector.fromArray(S, in0 ? x1 : zeros, in0 ? o1 + q0 : 0);
    FloatVector c02 = FloatVector.fromArray(S, in0 ? x2 : zeros, in0 ? o2 + q0 : 0);
    FloatVector c03 = FloatVector.fromArray(S, in0 ? x3 : zeros, in0 ? o3 + q0 : 0);
    FloatVector c04 = FloatVector.fromArray(S, in0 ? x4 : zeros, in0 ? o4 + q0 : 0);
    boolean in1 = first + 1 >= 0 && first + 1 < columns;
    int q1 = (first + 1) * c;
    FloatVector c10 = FloatVector.fromArray(S, in1 ? x0 : zeros, in1 ? o0 + q1 : 0);
    FloatVector c11 = FloatVector.fromArray(S, in1 ? x1 : zeros, in1 ? o1 + q1 : 0);
    FloatVector c12 = FloatVector.fromArray(S, in1 ? x2 : zeros, in1 ? o2 + q1 : 0);
    FloatVector c13 = FloatVector.fromArray(S, in1 ? x3 : zeros, in1 ? o3 + q1 : 0);
    FloatVector c14 = FloatVector.fromArray(S, in1 ? x4 : zeros, in1 ? o4 + q1 : 0);
    boolean in2 = first + 2 >= 0 && first + 2 < columns;
    int q2 = (first + 2) * c;
    FloatVector c20 = FloatVector.fromArray(S, in2 ? x0 : zeros, in2 ? o0 + q2 : 0);
    FloatVector c21 = FloatVector.fromArray(S, in2 ? x1 : zeros, in2 ? o1 + q2 : 0);
    FloatVector c22 = FloatVector.fromArray(S, in2 ? x2 : zeros, in2 ? o2 + q2 : 0);
    FloatVector c23 = FloatVector.fromArray(S, in2 ? x3 : zeros, in2 ? o3 + q2 : 0);
    FloatVector c24 = FloatVector.fromArray(S, in2 ? x4 : zeros, in2 ? o4 + q2 : 0);
    FloatVector p =
        c24.fma(
            w42,
            c23.fma(
                w32,
                c22.fma(
                    w22,
                    c21.fma(
                        w12,
                        c20.fma(
                            w02,
                            c14.fma(
                                w41,
                                c13.fma(
                                    w31,
                                    c12.fma(
                                        w21,
                                        c11.fma(
                                            w11,
                                            c10.fma(
                                                w01,
                                                c04.fma(
                                                    w40,
                                                    c03.fma(
                                                        w30,
                                                        c02.fma(
                                                            w20,
                                                            c01.fma(
                                                                w10,
                                                                c00.fma(w00, bias)))))))))))))));
    FloatVector q = c24.fma(w40, c23.fma(w30, c22.fma(w20, c21.fma(w10, c20.fma(w00, bias)))));
    int start = (first + 3) * c;
    for (int i = 0; i < outputs; i++) {
      int at = start + 2 * i * c;
      FloatVector a0 = FloatVector.fromArray(S, x0, o0 + at);
      FloatVector a1 = FloatVector.fromArray(S, x1, o1 + at);
      FloatVector a2 = FloatVector.fromArray(S, x2, o2 + at);
      FloatVector a3 = FloatVector.fromArray(S, x3, o3 + at);
      FloatVector a4 = FloatVector.fromArray(S, x4, o4 + at);
      FloatVector s = a4.fma(w43, a3.fma(w33, a2.fma(w23, a1.fma(w13, a0.fma(w03, p)))));
      p = a4.fma(w41, a3.fma(w31, a2.fma(w21, a1.fma(w11, a0.fma(w01, q)))));
      FloatVector b0 = FloatVector.fromArray(S, x0, o0 + at + c);
      FloatVector b1 = FloatVector.fromArray(S, x1, o1 + at + c);
      FloatVector b2 = FloatVector.fromArray(S, x2, o2 + at + c);
      FloatVector b3 = FloatVector.fromArray(S, x3, o3 + at + c);
      FloatVector b4 = FloatVector.fromArray(S, x4, o4 + at + c);
      b4.fma(w44, b3.fma(w34, b2.fma(w24, b1.fma(w14, b0.fma(w04, s))))).intoArray(y, yo + i * c);
      p = b4.fma(w42, b3.fma(w32, b2.fma(w22, b1.fma(w12, b0.fma(w02, p)))));
      q = b4.fma(w40, b3.fma(w30, b2.fma(w20, b1.fma(w10, b0.fma(w00, bias)))));
    }
  }
}
