package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;

import java.util.Arrays;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.op.PoolGeometry;

/** Pooling over {@code [N, H, W, C]}. Everything writes (does not accumulate), gradients too. */
public final class VectorPool {
  /**
   * Channels of one piece of a gradient: windows overlap in pixels, so that work is split by image
   * and channel.
   */
  private static final int CHANNELS = 4 * L;

  private VectorPool() {}

  /** Maximum over the window; NaN if there is one. */
  public static void max(float[] x, int xo, float[] y, int yo, PoolGeometry g) {
    PoolWindows rows = PoolWindows.rows(g, false);
    PoolWindows columns = PoolWindows.columns(g, false);
    eachOutput(
        rows,
        columns,
        g.n(),
        g.h(),
        g.w(),
        g.c(),
        (image, at, taps, oy, ox, out) ->
            PoolRows.max(x, xo + image, at, taps, y, yo + out, 0, g.c()));
  }

  /**
   * Gradient of {@link #max}: dy goes to the first pixel of the window that holds its maximum,
   * which is found again from x. The order within a window is by rows, as PyTorch has it.
   */
  public static void maxGradient(
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, PoolGeometry g) {
    PoolWindows rows = PoolWindows.rows(g, false);
    PoolWindows columns = PoolWindows.columns(g, false);
    eachGradient(
        rows,
        columns,
        g.n(),
        g.h(),
        g.w(),
        g.c(),
        dx,
        dxo,
        (image, at, taps, oy, ox, out, from, to) ->
            PoolRows.maxGradient(
                x, xo + image, dy, dyo + out, dx, dxo + image, at, taps, from, to));
  }

  /**
   * Mean over the window.
   *
   * @param countPadding whether zeros of the padding count in the divisor (PyTorch's {@code
   *     count_include_pad}); what {@code ceilMode} adds beyond the padding never does
   */
  public static void average(
      float[] x, int xo, float[] y, int yo, PoolGeometry g, boolean countPadding) {
    checkAverage(g);
    PoolWindows rows = PoolWindows.rows(g, countPadding);
    PoolWindows columns = PoolWindows.columns(g, countPadding);
    float[] weights = PoolWindows.averages(rows, columns);
    weightedSum(x, xo, weights, y, yo, rows, columns, g.n(), g.h(), g.w(), g.c());
  }

  /** Gradient of {@link #average}. */
  public static void averageGradient(
      float[] dy, int dyo, float[] dx, int dxo, PoolGeometry g, boolean countPadding) {
    checkAverage(g);
    PoolWindows rows = PoolWindows.rows(g, countPadding);
    PoolWindows columns = PoolWindows.columns(g, countPadding);
    float[] weights = PoolWindows.averages(rows, columns);
    weightedSumGradient(dy, dyo, weights, dx, dxo, rows, columns, g.n(), g.h(), g.w(), g.c());
  }

  /**
   * Adaptive mean: {@code [n, h, w, c]} to {@code [n, outH, outW, c]} in windows as even as they
   * can be.
   */
  public static void adaptiveAverage(
      float[] x, int xo, float[] y, int yo, int n, int h, int w, int c, int outH, int outW) {
    if (outH == 1 && outW == 1) {
      globalAverage(x, xo, y, yo, n, h * w, c);
      return;
    }
    PoolWindows rows = PoolWindows.adaptive(h, outH);
    PoolWindows columns = PoolWindows.adaptive(w, outW);
    float[] weights = PoolWindows.averages(rows, columns);
    weightedSum(x, xo, weights, y, yo, rows, columns, n, h, w, c);
  }

  /** Mean over all pixels: {@code [n, pixels, c]} to {@code [n, c]}. */
  public static void globalAverage(float[] x, int xo, float[] y, int yo, int n, int pixels, int c) {
    VectorReduce.mean(x, xo, n, pixels, c, y, yo);
  }

  /** Gradient of {@link #globalAverage}: {@code dx[n, p, c] = dy[n, c] / pixels}. */
  public static void globalAverageGradient(
      float[] dy, int dyo, float[] dx, int dxo, int n, int pixels, int c) {
    float[] each = new float[n * c];
    VectorUnary.scaleShift(1f / pixels, 0f, dy, dyo, each, 0, n * c);
    Parallel.forRange(
        n * pixels,
        Math.max(1, VectorUnary.LIGHT / Math.max(1, c)),
        (begin, end) -> {
          for (int p = begin; p < end; p++) {
            System.arraycopy(each, p / pixels * c, dx, dxo + p * c, c);
          }
        });
  }

  /**
   * Sum over each window times its own factor: {@code weights [outH, outW]}. An average by any rule
   * is this with one over its counts.
   */
  public static void weightedSum(
      float[] x, int xo, float[] weights, float[] y, int yo, PoolGeometry g) {
    PoolWindows rows = PoolWindows.rows(g, false);
    PoolWindows columns = PoolWindows.columns(g, false);
    weightedSum(x, xo, weights, y, yo, rows, columns, g.n(), g.h(), g.w(), g.c());
  }

  /** Gradient of {@link #weightedSum}. */
  public static void weightedSumGradient(
      float[] dy, int dyo, float[] weights, float[] dx, int dxo, PoolGeometry g) {
    PoolWindows rows = PoolWindows.rows(g, false);
    PoolWindows columns = PoolWindows.columns(g, false);
    weightedSumGradient(dy, dyo, weights, dx, dxo, rows, columns, g.n(), g.h(), g.w(), g.c());
  }

  private static void weightedSum(
      float[] x,
      int xo,
      float[] weights,
      float[] y,
      int yo,
      PoolWindows rows,
      PoolWindows columns,
      int n,
      int h,
      int w,
      int c) {
    eachOutput(
        rows,
        columns,
        n,
        h,
        w,
        c,
        (image, at, taps, oy, ox, out) -> {
          float scale = weights[oy * columns.out() + ox];
          PoolRows.sum(x, xo + image, at, taps, scale, y, yo + out, 0, c);
        });
  }

  private static void weightedSumGradient(
      float[] dy,
      int dyo,
      float[] weights,
      float[] dx,
      int dxo,
      PoolWindows rows,
      PoolWindows columns,
      int n,
      int h,
      int w,
      int c) {
    eachGradient(
        rows,
        columns,
        n,
        h,
        w,
        c,
        dx,
        dxo,
        (image, at, taps, oy, ox, out, from, to) -> {
          float scale = weights[oy * columns.out() + ox];
          PoolRows.spread(dy, dyo + out, scale, dx, dxo + image, at, taps, from, to);
        });
  }

  private static void checkAverage(PoolGeometry g) {
    if (g.dilationH() != 1 || g.dilationW() != 1) {
      throw new IllegalArgumentException(
          "averagePool: dilation [%d, %d] (expected: [1, 1])"
              .formatted(g.dilationH(), g.dilationW()));
    }
  }

  private interface Output {
    void run(int image, int[] at, int taps, int oy, int ox, int out);
  }

  private interface Gradient {
    void run(int image, int[] at, int taps, int oy, int ox, int out, int from, int to);
  }

  private static void eachOutput(
      PoolWindows rows, PoolWindows columns, int n, int h, int w, int c, Output output) {
    int outH = rows.out();
    int outW = columns.out();
    int most = rows.most() * columns.most();
    Parallel.forRange(
        n * outH,
        Math.max(1, VectorUnary.LIGHT / Math.max(1, outW * c * most / 2)),
        (begin, end) -> {
          int[] at = new int[most];
          for (int row = begin; row < end; row++) {
            int oy = row % outH;
            int image = row / outH * h * w * c;
            for (int ox = 0; ox < outW; ox++) {
              int taps = PoolWindows.taps(rows, oy, columns, ox, w, c, at);
              output.run(image, at, taps, oy, ox, (row * outW + ox) * c);
            }
          }
        });
  }

  private static void eachGradient(
      PoolWindows rows,
      PoolWindows columns,
      int n,
      int h,
      int w,
      int c,
      float[] dx,
      int dxo,
      Gradient gradient) {
    int outH = rows.out();
    int outW = columns.out();
    int blocks = (c + CHANNELS - 1) / CHANNELS;
    Parallel.forRange(
        n * blocks,
        1,
        (begin, end) -> {
          int[] at = new int[rows.most() * columns.most()];
          for (int b = begin; b < end; b++) {
            int from = b % blocks * CHANNELS;
            int to = Math.min(c, from + CHANNELS);
            int index = b / blocks;
            int image = index * h * w * c;
            for (int p = 0; p < h * w; p++) {
              int row = dxo + image + p * c;
              Arrays.fill(dx, row + from, row + to, 0f);
            }
            for (int oy = 0; oy < outH; oy++) {
              for (int ox = 0; ox < outW; ox++) {
                int taps = PoolWindows.taps(rows, oy, columns, ox, w, c, at);
                int out = ((index * outH + oy) * outW + ox) * c;
                gradient.run(image, at, taps, oy, ox, out, from, to);
              }
            }
          }
        });
  }
}
