package org.hcpl.tensor.cpu.vector;

import org.hcpl.tensor.op.PoolGeometry;

/**
 * Where the windows of a pooling lie along one axis: {@code count[o]} taps from {@code start[o]},
 * {@code step} apart.
 */
record PoolWindows(int[] start, int[] count, int[] size, int step) {

  static PoolWindows rows(PoolGeometry g, boolean countPadding) {
    return of(
        g.outH(),
        g.h(),
        g.kH(),
        g.strideH(),
        g.padTop(),
        g.padBottom(),
        g.dilationH(),
        countPadding);
  }

  static PoolWindows columns(PoolGeometry g, boolean countPadding) {
    return of(
        g.outW(),
        g.w(),
        g.kW(),
        g.strideW(),
        g.padLeft(),
        g.padRight(),
        g.dilationW(),
        countPadding);
  }

  private static PoolWindows of(
      int out,
      int in,
      int kernel,
      int stride,
      int before,
      int after,
      int dilation,
      boolean countPadding) {
    int[] start = new int[out];
    int[] count = new int[out];
    int[] size = new int[out];
    for (int o = 0; o < out; o++) {
      int from = o * stride - before;
      int skip = from < 0 ? (-from + dilation - 1) / dilation : 0;
      int first = from + skip * dilation;
      int inside = Math.min(kernel - skip, (in - 1 - first) / dilation + 1);
      start[o] = first;
      count[o] = inside;
      size[o] = countPadding ? Math.min(from + kernel, in + after) - from : inside;
    }
    return new PoolWindows(start, count, size, dilation);
  }

  /**
   * Window o of an adaptive pooling: from {@code floor(o in / out)} to {@code ceil((o + 1) in /
   * out)}.
   */
  static PoolWindows adaptive(int in, int out) {
    int[] start = new int[out];
    int[] count = new int[out];
    for (int o = 0; o < out; o++) {
      start[o] = (int) ((long) o * in / out);
      count[o] = (int) (((o + 1L) * in + out - 1) / out) - start[o];
    }
    return new PoolWindows(start, count, count, 1);
  }

  /** One over the count of each window, {@code [rows, columns]}. */
  static float[] averages(PoolWindows rows, PoolWindows columns) {
    float[] weights = new float[rows.out() * columns.out()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 1f / (rows.size[i / columns.out()] * columns.size[i % columns.out()]);
    }
    return weights;
  }

  int out() {
    return start.length;
  }

  int most() {
    int most = 0;
    for (int n : count) {
      most = Math.max(most, n);
    }
    return most;
  }

  /**
   * Writes the offsets of the window {@code (oy, ox)} in an image {@code [h, w, c]}; returns how
   * many.
   */
  static int taps(PoolWindows rows, int oy, PoolWindows columns, int ox, int w, int c, int[] at) {
    int n = 0;
    for (int ky = 0; ky < rows.count[oy]; ky++) {
      int row = (rows.start[oy] + ky * rows.step) * w;
      for (int kx = 0; kx < columns.count[ox]; kx++) {
        at[n++] = (row + columns.start[ox] + kx * columns.step) * c;
      }
    }
    return n;
  }
}
