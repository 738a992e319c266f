package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;

import org.hcpl.tensor.cpu.Activation;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.op.ConvGeometry;

/**
 * One depthwise convolution, channel multiplier 1, weights {@code [kH, kW, C]}. The padding may be
 * negative here: the input gradient at stride 1 is a convolution with the flipped kernel and
 * padding {@code dilation (k - 1) - padding}.
 */
record DepthwiseForward(
    int n,
    int h,
    int w,
    int c,
    int outH,
    int outW,
    int kH,
    int kW,
    int strideH,
    int strideW,
    int padTop,
    int padLeft,
    int dilationH,
    int dilationW) {

  /**
   * Floats of both maps from which on reading along the memory pays: 512 KiB, as in a network what
   * a layer reads and where it writes is seldom in the second-level cache.
   */
  private static final long TOUCHED_FLOATS = 1 << 17;

  static DepthwiseForward of(ConvGeometry g) {
    return new DepthwiseForward(
        g.n(),
        g.h(),
        g.w(),
        g.c(),
        g.outH(),
        g.outW(),
        g.kH(),
        g.kW(),
        g.strideH(),
        g.strideW(),
        g.padTop(),
        g.padLeft(),
        g.dilationH(),
        g.dilationW());
  }

  void run(float[] x, int xo, float[] w, float[] bias, float[] y, int yo, Activation activation) {
    // A row of zeros stands for the rows above and below the image.
    float[] zeros = Rows.OWN.get().zeros(this.w * c);
    Parallel.forRange(
        n * outH,
        DepthwiseConv2d.rowGrain(outW, c, kH * kW),
        (begin, end) -> {
          Taps taps = new Taps();
          boolean staged = activation != Activation.NONE;
          float[] to = staged ? Rows.OWN.get().stage(2 * outW * c) : y;
          int rows;
          for (int row = begin; row < end; row += rows) {
            int at = yo + row * outW * c;
            int start = staged ? 0 : at;
            rows = row + 1 < end && paired(row) ? 2 : 1;
            if (touches()) {
              taps.touched = touch(x, xo, row, rows, row == begin, y, at, staged ? 0 : rows);
            }
            if (rows == 2) {
              pair(x, xo, w, bias, to, start, row, zeros, taps);
            } else {
              row(x, xo, w, bias, to, start, row, zeros, taps);
            }
            if (staged) {
              ChannelRows.activate(activation, to, start, y, at, rows * outW * c);
            }
          }
        });
  }

  /** Whether a row and the one below can be computed together. */
  private boolean paired(int row) {
    int y = row % outH;
    return y + 1 < outH
        && (fives()
            || kH == 3
                && kW == 3
                && strideH == 1
                && strideW == 1
                && dilationH == 1
                && dilationW == 1
                && padLeft == 1
                && outW == this.w
                && c >= L
                && y - padTop + 1 >= 0
                && y - padTop + 3 <= h);
  }

  /** Whether the loops over columns for 5x5 kernels at stride 1 fit. */
  private boolean fives() {
    return kH == 5 && kW == 5 && strideH == 1 && dilationH == 1 && dense();
  }

  /** Whether whole rows go through a loop over columns at stride 1. */
  private boolean dense() {
    return strideW == 1
        && dilationW == 1
        && c >= L
        && padLeft >= 0
        && padLeft < kW
        && this.w >= kW - 1 - padLeft
        && outW - this.w + kW - 1 - padLeft < kW;
  }

  /** A row and the one below. */
  private void pair(
      float[] x,
      int xo,
      float[] w,
      float[] bias,
      float[] y,
      int yo,
      int outRow,
      float[] zeros,
      Taps taps) {
    taps.look(x, xo + outRow / outH * h * this.w * c, outRow % outH - padTop, 1, zeros);
    if (kW == 5) {
      fives(w, bias, y, yo, yo + outW * c, taps);
    } else {
      threes(x, w, bias, y, yo, taps);
    }
  }

  private void threes(float[] x, float[] w, float[] bias, float[] y, int yo, Taps taps) {
    float[][] rows = taps.rows;
    int[] from = taps.from;
    int line = this.w * c;
    for (int j = 0; j < c; j += L) {
      // The last vector overlaps the one before where c is no multiple of the lanes.
      int k = Math.min(j, c - L);
      DepthwiseColumns.threeInPairs(
          rows[0],
          from[0] + k,
          x,
          from[1] + k,
          rows[3],
          from[3] + k,
          line,
          this.w,
          c,
          k,
          w,
          bias,
          y,
          yo + k);
    }
  }

  /** A row at {@code yo} and the one below at {@code y1}, which wins if both are one. */
  private void fives(float[] w, float[] bias, float[] y, int yo, int y1, Taps taps) {
    float[][] rows = taps.rows;
    int[] from = taps.from;
    int skip = kW - 1 - padLeft;
    int width = (outW + 3 * kW) * L;
    float[] sums = Rows.OWN.get().sums(2 * width);
    for (int j = 0; j < c; j += L) {
      int k = Math.min(j, c - L);
      DepthwiseColumns.fiveByThreeRows(
          rows[0],
          from[0] + k,
          rows[1],
          from[1] + k,
          rows[2],
          from[2] + k,
          rows[3],
          from[3] + k,
          this.w,
          c,
          w,
          k,
          bias,
          k,
          k,
          0,
          sums,
          skip * L,
          width + skip * L,
          L,
          skip,
          outW);
      DepthwiseColumns.fiveByTwoRows(
          rows[3],
          from[3] + k,
          rows[4],
          from[4] + k,
          rows[5],
          from[5] + k,
          this.w,
          c,
          w,
          15 * c + k,
          sums,
          0,
          width,
          L,
          y,
          yo + k,
          y1 + k,
          c,
          skip,
          outW);
    }
  }

  /** Whether the maps leave the caches, in rows of several vectors of channels. */
  boolean touches() {
    return c > 4 * L && (long) n * c * ((long) h * w + (long) outH * outW) > TOUCHED_FLOATS;
  }

  /** Rows that a thread keeps, so that a network in a loop allocates nothing. */
  private static final class Rows {
    static final ThreadLocal<Rows> OWN = ThreadLocal.withInitial(Rows::new);

    private float[] zeros = new float[0];
    private float[] stage = new float[0];
    private float[] sums = new float[0];

    /** At least so many zeros, to be read only. */
    float[] zeros(int count) {
      return zeros.length >= count ? zeros : (zeros = new float[count]);
    }

    /** Incomplete sums of output rows. */
    float[] sums(int count) {
      return sums.length >= count ? sums : (sums = new float[count]);
    }

    /** Output rows before their activation. */
    float[] stage(int count) {
      return stage.length >= count ? stage : (stage = new float[count]);
    }
  }

  /** What one thread notes while it works on a row. */
  private final class Taps {
    /** The taps of one output pixel that lie inside the image. */
    final int[] at;

    final int[] weight;
    int count;

    /** The input rows under the kernel, and the next below. */
    final float[][] rows;

    final int[] from;

    /** So that reading ahead is not left out as of no use. */
    float touched;

    Taps() {
      at = new int[kH * kW];
      weight = new int[kH * kW];
      rows = new float[kH + 1][];
      from = new int[kH + 1];
    }

    /** Notes the input rows from {@code top} on of an image. */
    void look(float[] x, int image, int top, int dilation, float[] zeros) {
      for (int i = 0; i < rows.length; i++) {
        int iy = top + i * dilation;
        boolean inside = iy >= 0 && iy < h;
        rows[i] = inside ? x : zeros;
        from[i] = inside ? image + iy * DepthwiseForward.this.w * c : 0;
      }
    }
  }

  private void row(
      float[] x,
      int xo,
      float[] w,
      float[] bias,
      float[] y,
      int yo,
      int outRow,
      float[] zeros,
      Taps taps) {
    int image = xo + outRow / outH * h * this.w * c;
    int top = outRow % outH * strideH - padTop;
    taps.look(x, image, top, dilationH, zeros);
    int first = 0;
    int last = 0;
    boolean square = kH == kW && (kW == 3 || kW == 5) && dilationW == 1 && c >= L;
    if (fives()) {
      last = outW;
      // Below a row that nobody wants.
      taps.look(x, image, top - 1, 1, zeros);
      fives(w, bias, y, yo, yo, taps);
    } else if (kH == 3 && kW == 3 && dense()) {
      last = outW;
      three(w, bias, y, yo, taps);
    } else if (square && strideW == 2 && padLeft >= 0 && padLeft < kW) {
      first = DepthwiseConv2d.first(kW - 2 - padLeft, 2);
      last = Math.min(outW, DepthwiseConv2d.last(kW - 1 - padLeft, 2, this.w));
      if (first < last) {
        stridedRow(w, bias, y, yo, taps, first, last, zeros);
      }
    } else if (c >= L) {
      first = DepthwiseConv2d.first(-padLeft, strideW);
      last = Math.min(outW, DepthwiseConv2d.last((kW - 1) * dilationW - padLeft, strideW, this.w));
      if (first < last) {
        anyRow(x, w, bias, y, yo, taps, first, last);
      }
    }
    for (int ox = 0; ox < outW; ox++) {
      if (ox < first || ox >= last) {
        pixel(x, image, w, bias, y, yo + ox * c, top, ox * strideW - padLeft, taps);
      }
    }
  }

  /**
   * Reads what some rows need for the first time along the memory, and the rows of the result. The
   * loops over columns, one vector of channels at a time, would fetch it from there piece by piece.
   *
   * @param fresh whether nothing was read yet of the rows above
   */
  private float touch(
      float[] x, int xo, int outRow, int rows, boolean fresh, float[] y, int yo, int written) {
    int top = outRow % outH * strideH - padTop;
    int end = top + (kH - 1) * dilationH + 1 + (rows - 1) * strideH;
    int first = Math.max(0, fresh || outRow % outH == 0 ? top : end - rows * strideH);
    int from = xo + (outRow / outH * h + first) * this.w * c;
    int count = Math.max(0, Math.min(h, end) - first) * this.w * c;
    int result = written * outW * c;
    int both = Math.min(count, result);
    return DepthwiseRows.touch(x, from, y, yo, both)
        + DepthwiseRows.touch(x, from + both, count - both)
        + DepthwiseRows.touch(y, yo + both, result - both);
  }

  private void three(float[] w, float[] bias, float[] y, int yo, Taps taps) {
    int skip = kW - 1 - padLeft;
    for (int j = 0; j < c; j += L) {
      int k = Math.min(j, c - L);
      DepthwiseColumns.three(taps.rows, taps.from, this.w, c, k, w, bias, y, yo + k, skip, outW);
    }
  }

  private void stridedRow(
      float[] w, float[] bias, float[] y, int yo, Taps taps, int first, int last, float[] zeros) {
    int column = first * 2 - padLeft;
    int count = last - first;
    for (int j = 0; j < c; j += L) {
      int k = Math.min(j, c - L);
      int to = yo + first * c + k;
      if (kW == 3) {
        DepthwiseColumns.threeByTwo(
            taps.rows, taps.from, this.w, c, k, w, bias, y, to, column, count, zeros);
      } else {
        DepthwiseColumns.fiveByTwo(
            taps.rows, taps.from, this.w, c, k, w, bias, y, to, column, count, zeros);
      }
    }
  }

  /** Any kernel: the taps of one kernel row at a time, added to y. */
  private void anyRow(
      float[] x, float[] w, float[] bias, float[] y, int yo, Taps taps, int first, int last) {
    for (int i = first; i < last; i++) {
      System.arraycopy(bias, 0, y, yo + i * c, c);
    }
    int left = (first * strideW - padLeft) * c;
    for (int ky = 0; ky < kH; ky++) {
      if (taps.rows[ky] != x) {
        continue;
      }
      int from = taps.from[ky] + left;
      int j = 0;
      for (; j + L <= c; j += L) {
        DepthwiseRows.taps(
            kW,
            x,
            from + j,
            dilationW * c,
            strideW * c,
            w,
            ky * kW * c + j,
            c,
            y,
            yo + first * c + j,
            c,
            last - first);
      }
      for (int i = first; i < last && j < c; i++) {
        scalarTaps(x, from + (i - first) * strideW * c, w, ky, y, yo + i * c, j);
      }
    }
  }

  /** The channels from {@code channel} on that fill no vector. */
  private void scalarTaps(float[] x, int from, float[] w, int ky, float[] y, int yo, int channel) {
    for (int j = channel; j < c; j++) {
      float sum = y[yo + j];
      for (int kx = 0; kx < kW; kx++) {
        sum += x[from + kx * dilationW * c + j] * w[(ky * kW + kx) * c + j];
      }
      y[yo + j] = sum;
    }
  }

  private void pixel(
      float[] x,
      int image,
      float[] w,
      float[] bias,
      float[] y,
      int yo,
      int top,
      int left,
      Taps taps) {
    taps.count = 0;
    for (int ky = 0; ky < kH; ky++) {
      int iy = top + ky * dilationH;
      if (iy < 0 || iy >= h) {
        continue;
      }
      for (int kx = 0; kx < kW; kx++) {
        int ix = left + kx * dilationW;
        if (ix >= 0 && ix < this.w) {
          taps.at[taps.count] = (iy * this.w + ix) * c;
          taps.weight[taps.count] = (ky * kW + kx) * c;
          taps.count++;
        }
      }
    }
    DepthwiseRows.pixel(x, image, taps.at, w, taps.weight, taps.count, bias, y, yo, c);
  }

  /** The kernel turned by 180 degrees. */
  static float[] flip(float[] w, int taps, int c) {
    float[] flipped = new float[w.length];
    for (int t = 0; t < taps; t++) {
      System.arraycopy(w, t * c, flipped, (taps - 1 - t) * c, c);
    }
    return flipped;
  }
}
