package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.hcpl.tensor.cpu.Activation;
import org.hcpl.tensor.cpu.Parallel;

/** Affine functions per channel over {@code [rows, C]}, the second halves of the normalisations. */
final class ChannelRows {
  private ChannelRows() {}

  /** A function of one tiled row: {@code n} elements from {@code offset} on. */
  @FunctionalInterface
  interface Row {
    void run(int offset, int n);
  }

  /** Runs over all rows of {@code [rows, c]} in tiled rows of {@code width}. */
  static void each(int rows, int c, int width, Row row) {
    long all = (long) rows * c;
    int tiled = (int) ((all + width - 1) / width);
    Parallel.forRange(
        tiled,
        Math.max(1, VectorUnary.LIGHT / width),
        (begin, end) -> {
          for (int r = begin; r < end; r++) {
            row.run(r * width, (int) Math.min(width, all - (long) r * width));
          }
        });
  }

  /** y = activation(x a + b). */
  static void affine(
      float[] x, int xo, float[] a, float[] b, float[] y, int yo, int n, Activation activation) {
    if (activation == Activation.RELU) {
      affineRelu(x, xo, a, b, y, yo, n);
      return;
    }
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector.fromArray(S, x, xo + i)
          .fma(FloatVector.fromArray(S, a, i), FloatVector.fromArray(S, b, i))
          .intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromArray(S, x, xo + i, m)
          .fma(FloatVector.fromArray(S, a, i, m), FloatVector.fromArray(S, b, i, m))
          .intoArray(y, yo + i, m);
    }
    activate(activation, y, yo, n);
  }

  private static void affineRelu(
      float[] x, int xo, float[] a, float[] b, float[] y, int yo, int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      VectorMath.relu(
              FloatVector.fromArray(S, x, xo + i)
                  .fma(FloatVector.fromArray(S, a, i), FloatVector.fromArray(S, b, i)))
          .intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      VectorMath.relu(
              FloatVector.fromArray(S, x, xo + i, m)
                  .fma(FloatVector.fromArray(S, a, i, m), FloatVector.fromArray(S, b, i, m)))
          .intoArray(y, yo + i, m);
    }
  }

  /**
   * y = activation((x - centre) a + b): what training needs, where a mean far from 0 must not
   * cancel.
   */
  static void centred(
      float[] x,
      int xo,
      float[] centre,
      float[] a,
      float[] b,
      float[] y,
      int yo,
      int n,
      Activation activation) {
    int i = 0;
    int full = S.loopBound(n);
    if (activation == Activation.SILU) {
      centredSilu(x, xo, centre, a, b, y, yo, full);
      i = full;
    }
    for (; i < full; i += L) {
      FloatVector.fromArray(S, x, xo + i)
          .sub(FloatVector.fromArray(S, centre, i))
          .fma(FloatVector.fromArray(S, a, i), FloatVector.fromArray(S, b, i))
          .intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromArray(S, x, xo + i, m)
          .sub(FloatVector.fromArray(S, centre, i, m))
          .fma(FloatVector.fromArray(S, a, i, m), FloatVector.fromArray(S, b, i, m))
          .intoArray(y, yo + i, m);
    }
    int done = activation == Activation.SILU ? full : 0;
    activate(activation, y, yo + done, n - done);
  }

  /** Whole vectors of {@link #centred} with silu, without a second pass. */
  private static void centredSilu(
      float[] x, int xo, float[] centre, float[] a, float[] b, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMath.silu(
              FloatVector.fromArray(S, x, xo + i)
                  .sub(FloatVector.fromArray(S, centre, i))
                  .fma(FloatVector.fromArray(S, a, i), FloatVector.fromArray(S, b, i)))
          .intoArray(y, yo + i);
    }
  }

  /**
   * {@link #gradient} of {@code silu((x - centre) a + b)}, from dy instead of the gradient of what
   * goes into silu. Needs a vector at least; x and dy must not be dx, whose last vector is written
   * twice.
   */
  static void siluGradient(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] centre,
      float[] slope,
      float[] shift,
      float[] a,
      float[] b,
      float[] dx,
      int dxo,
      int n) {
    for (int start = 0; start < n; start += L) {
      int i = Math.min(start, n - L);
      FloatVector d = FloatVector.fromArray(S, x, xo + i).sub(FloatVector.fromArray(S, centre, i));
      FloatVector scale = FloatVector.fromArray(S, a, i);
      FloatVector dz =
          VectorMath.siluSlope(d.fma(scale, FloatVector.fromArray(S, b, i)))
              .mul(FloatVector.fromArray(S, dy, dyo + i))
              .fma(scale, FloatVector.fromArray(S, shift, i));
      d.neg().fma(FloatVector.fromArray(S, slope, i), dz).intoArray(dx, dxo + i);
    }
  }

  /** dx = dy a + shift + (centre - x) slope: the gradient of every normalisation by channel. */
  static void gradient(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] centre,
      float[] slope,
      float[] shift,
      float[] a,
      float[] dx,
      int dxo,
      int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector d =
          FloatVector.fromArray(S, dy, dyo + i)
              .fma(FloatVector.fromArray(S, a, i), FloatVector.fromArray(S, shift, i));
      FloatVector.fromArray(S, centre, i)
          .sub(FloatVector.fromArray(S, x, xo + i))
          .fma(FloatVector.fromArray(S, slope, i), d)
          .intoArray(dx, dxo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector d =
          FloatVector.fromArray(S, dy, dyo + i, m)
              .fma(FloatVector.fromArray(S, a, i, m), FloatVector.fromArray(S, shift, i, m));
      FloatVector.fromArray(S, centre, i, m)
          .sub(FloatVector.fromArray(S, x, xo + i, m))
          .fma(FloatVector.fromArray(S, slope, i, m), d)
          .intoArray(dx, dxo + i, m);
    }
  }

  /** Applies the activation in place to a run that is in the cache. */
  static void activate(Activation activation, float[] y, int yo, int n) {
    if (activation != Activation.NONE) {
      activate(activation, y, yo, y, yo, n);
    }
  }

  /** {@code y = activation(x)}. */
  static void activate(Activation activation, float[] x, int xo, float[] y, int yo, int n) {
    switch (activation) {
      case NONE -> System.arraycopy(x, xo, y, yo, n);
      case RELU -> VectorUnary.run(UnaryLoops::relu, x, xo, y, yo, n);
      case SILU -> VectorUnary.run(UnaryLoops::silu, x, xo, y, yo, n);
    }
  }
}
