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
    int first = DepthwiseConv2d.first(-padLeft, strideW);
    int last =
        Math.max(
            first,
            Math.min(outW, DepthwiseConv2d.last((kW - 1) * dilationW - padLeft, strideW, this.w)));
    // A row of zeros stands for the rows above and below the image.
    float[] zeros = new float[this.w * c];
    Parallel.forRange(
        n * outH,
        DepthwiseConv2d.rowGrain(outW, c, kH * kW),
        (begin, end) -> {
          Taps taps = new Taps(kH * kW);
          for (int row = begin; row < end; row++) {
            int at = yo + row * outW * c;
            row(x, xo, w, bias, y, at, row, first, last, zeros, taps);
            ChannelRows.activate(activation, y, at, outW * c);
          }
        });
  }

  /** The taps of one output pixel that lie inside the image. */
  private static final class Taps {
    final int[] at;
    final int[] weight;
    int count;

    Taps(int most) {
      at = new int[most];
      weight = new int[most];
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
      int first,
      int last,
      float[] zeros,
      Taps taps) {
    int image = xo + outRow / outH * h * this.w * c;
    int top = outRow % outH * strideH - padTop;
    int middle = last - first;
    boolean fast = c >= L && middle > 0;
    if (fast && kH == 3 && kW == 3) {
      int left = (first * strideW - padLeft) * c;
      int[] from = new int[3];
      float[][] rows = new float[3][];
      for (int ky = 0; ky < 3; ky++) {
        int iy = top + ky * dilationH;
        boolean inside = iy >= 0 && iy < h;
        rows[ky] = inside ? x : zeros;
        from[ky] = left + (inside ? image + iy * this.w * c : 0);
      }
      for (int j = 0; j < c; j += L) {
        // The last vector overlaps the one before where c is no multiple of the lanes.
        int k = Math.min(j, c - L);
        DepthwiseRows.row3(
            rows[0],
            from[0] + k,
            rows[1],
            from[1] + k,
            rows[2],
            from[2] + k,
            dilationW * c,
            strideW * c,
            w,
            k,
            c,
            bias,
            k,
            y,
            yo + first * c + k,
            c,
            middle);
      }
    } else if (fast && kW == 5) {
      for (int i = first; i < last; i++) {
        System.arraycopy(bias, 0, y, yo + i * c, c);
      }
      for (int ky = 0; ky < kH; ky++) {
        int iy = top + ky * dilationH;
        if (iy < 0 || iy >= h) {
          continue;
        }
        int from = image + iy * this.w * c + (first * strideW - padLeft) * c;
        int j = 0;
        for (; j + L <= c; j += L) {
          DepthwiseRows.row5(
              x,
              from + j,
              dilationW * c,
              strideW * c,
              w,
              ky * 5 * c + j,
              c,
              y,
              yo + first * c + j,
              c,
              middle);
        }
      }
      if (c % L != 0) {
        fast = false;
      }
    } else {
      fast = false;
    }
    for (int ox = 0; ox < outW; ox++) {
      if (fast && ox == first) {
        ox = last - 1;
        continue;
      }
      pixel(x, image, w, bias, y, yo + ox * c, top, ox * strideW - padLeft, taps);
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
