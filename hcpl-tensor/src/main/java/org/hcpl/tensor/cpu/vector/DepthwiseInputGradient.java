package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;

import java.util.Arrays;
import org.hcpl.tensor.cpu.Activation;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.op.ConvGeometry;

/**
 * Input gradient of the depthwise convolution, channel multiplier 1, weights {@code [kH, kW, C]}.
 */
final class DepthwiseInputGradient {
  private DepthwiseInputGradient() {}

  static void run(float[] dy, int dyo, float[] w, float[] dx, int dxo, ConvGeometry g) {
    if (g.strideH() == 1 && g.strideW() == 1) {
      DepthwiseForward flipped =
          new DepthwiseForward(
              g.n(),
              g.outH(),
              g.outW(),
              g.c(),
              g.h(),
              g.w(),
              g.kH(),
              g.kW(),
              1,
              1,
              g.dilationH() * (g.kH() - 1) - g.padTop(),
              g.dilationW() * (g.kW() - 1) - g.padLeft(),
              g.dilationH(),
              g.dilationW());
      flipped.run(
          dy,
          dyo,
          DepthwiseForward.flip(w, g.kH() * g.kW(), g.c()),
          new float[g.c()],
          dx,
          dxo,
          Activation.NONE);
      return;
    }
    if (halves(g)) {
      halves(dy, dyo, w, dx, dxo, g);
    } else {
      gather(dy, dyo, w, dx, dxo, g);
    }
  }

  /** Whether {@link DepthwiseGradientColumns} has the loops over columns at stride 2. */
  private static boolean halves(ConvGeometry g) {
    int pixels = g.w() + g.padLeft();
    return g.kH() == g.kW()
        && (g.kW() == 3 || g.kW() == 5)
        && g.strideH() == 2
        && g.strideW() == 2
        && g.dilationH() == 1
        && g.dilationW() == 1
        && g.c() >= L
        && g.padLeft() < g.kW()
        && g.padLeft() <= g.w()
        && 2 * g.outW() >= g.padLeft()
        && 2 * g.outW() <= pixels
        && 2 * g.outW() + g.kW() - 2 >= pixels;
  }

  private static void halves(float[] dy, int dyo, float[] w, float[] dx, int dxo, ConvGeometry g) {
    int line = g.w() * g.c();
    int dyLine = g.outW() * g.c();
    float[] zeros = new float[dyLine];
    boolean touches = DepthwiseForward.of(g).touches();
    Parallel.forRange(
        g.n() * g.h(),
        DepthwiseConv2d.rowGrain(g.w(), g.c(), g.kH() * g.kW()),
        (begin, end) -> {
          Sources sources = new Sources(g.kW());
          for (int row = begin; row < end; row++) {
            int image = dyo + row / g.h() * g.outH() * dyLine;
            int s = row % g.h() + g.padTop();
            int to = dxo + row * line;
            if (touches) {
              int last = s / 2;
              boolean read = last < g.outH() && (s % 2 == 0 || row == begin);
              sources.touched = touch(dy, image + last * dyLine, read ? dyLine : 0, dx, to, line);
            }
            sources.look(dy, image, s, zeros, g);
            sources.halves(w, dx, to, g);
          }
        });
  }

  /** Reads what a row needs along the memory, see {@link DepthwiseForward}. */
  private static float touch(float[] dy, int from, int count, float[] dx, int to, int line) {
    int both = Math.min(count, line);
    return DepthwiseRows.touch(dy, from, dx, to, both)
        + DepthwiseRows.touch(dx, to + both, line - both);
  }

  /** The rows of dy that saw a row of dx, and the rows of the kernel with which they did. */
  private static final class Sources {
    private final float[][] rows;
    private final int[] from;
    private final int[] weight;
    private float touched;

    Sources(int kernel) {
      rows = new float[kernel / 2 + 1][];
      from = new int[rows.length];
      weight = new int[rows.length];
    }

    /** Those of the row {@code s - padTop}. */
    void look(float[] dy, int image, int s, float[] zeros, ConvGeometry g) {
      for (int r = 0; r < rows.length; r++) {
        int ky = s % 2 + 2 * r;
        int oy = (s - ky) / 2;
        boolean inside = ky < g.kH() && s >= ky && oy < g.outH();
        rows[r] = inside ? dy : zeros;
        from[r] = inside ? image + oy * g.outW() * g.c() : 0;
        weight[r] = (ky < g.kH() ? ky : s % 2) * g.kW() * g.c();
      }
    }

    void halves(float[] w, float[] dx, int dxo, ConvGeometry g) {
      int c = g.c();
      int left = g.padLeft() * c;
      int line = g.w() * c;
      for (int j = 0; j < c; j += L) {
        // The last vector overlaps the one before where c is no multiple of the lanes.
        int k = Math.min(j, c - L);
        if (g.kW() == 3) {
          DepthwiseGradientColumns.threeByTwo(
              rows[0],
              from[0] + k,
              weight[0] + k,
              rows[1],
              from[1] + k,
              weight[1] + k,
              g.outW(),
              c,
              w,
              dx,
              dxo + k,
              left,
              line);
        } else {
          DepthwiseGradientColumns.fiveByTwo(
              rows[0],
              from[0] + k,
              weight[0] + k,
              rows[1],
              from[1] + k,
              weight[1] + k,
              rows[2],
              from[2] + k,
              weight[2] + k,
              g.outW(),
              c,
              w,
              dx,
              dxo + k,
              left,
              line);
        }
      }
    }
  }

  /**
   * Each input pixel gathers from the outputs that saw it. Along a row the pixels of one remainder
   * modulo the stride have the same taps: they are a convolution of dy with every strideW-th column
   * of the kernel, turned round.
   */
  private static void gather(float[] dy, int dyo, float[] w, float[] dx, int dxo, ConvGeometry g) {
    int c = g.c();
    float[] zeros = new float[c];
    boolean rows = c >= L && c % L == 0 && g.dilationW() == 1;
    float[] turned = DepthwiseForward.flip(w, g.kH() * g.kW(), c);
    Parallel.forRange(
        g.n() * g.h(),
        DepthwiseConv2d.rowGrain(g.w(), c, g.kH() * g.kW()),
        (begin, end) -> {
          int[] at = new int[g.kH() * g.kW()];
          int[] weight = new int[at.length];
          for (int row = begin; row < end; row++) {
            if (rows) {
              Arrays.fill(dx, dxo + row * g.w() * c, dxo + (row + 1) * g.w() * c, 0f);
              for (int remainder = 0; remainder < g.strideW(); remainder++) {
                remainderRow(dy, dyo, turned, dx, dxo, g, row, remainder);
              }
            } else {
              pixels(dy, dyo, w, dx, dxo, g, row, at, weight, zeros);
            }
          }
        });
  }

  /**
   * The pixels ix with {@code (ix + padLeft) % strideW == remainder} of one row of dx, which is 0
   * so far.
   */
  private static void remainderRow(
      float[] dy,
      int dyo,
      float[] turned,
      float[] dx,
      int dxo,
      ConvGeometry g,
      int row,
      int remainder) {
    int c = g.c();
    int iy = row % g.h();
    int stride = g.strideW();
    // Taps kx = remainder, remainder + stride, ...; pixel m * stride + remainder - padLeft sees
    // outputs m, m - 1, ...
    int taps = (g.kW() - remainder + stride - 1) / stride;
    int firstM = Math.max(0, (g.padLeft() - remainder + stride - 1) / stride);
    int lastM = Math.floorDiv(g.w() - 1 + g.padLeft() - remainder, stride);
    if (taps <= 0) {
      return;
    }
    int lastKx = remainder + (taps - 1) * stride;
    for (int ky = 0; ky < g.kH(); ky++) {
      int sy = iy + g.padTop() - ky * g.dilationH();
      int oy = sy / g.strideH();
      if (sy < 0 || sy % g.strideH() != 0 || oy >= g.outH()) {
        continue;
      }
      int source = dyo + (row / g.h() * g.outH() + oy) * g.outW() * c;
      // In the turned kernel tap t of a pixel is output m - taps + 1 + t.
      int wo = ((g.kH() - 1 - ky) * g.kW() + g.kW() - 1 - lastKx) * c;
      int from = Math.max(firstM, taps - 1);
      int to = Math.min(lastM, g.outW() - 1);
      for (int m = firstM; m <= lastM; m++) {
        int target = dxo + (row * g.w() + m * stride + remainder - g.padLeft()) * c;
        int count = m == from && from <= to ? to - from + 1 : 1;
        int low = Math.max(0, taps - 1 - m);
        int high = Math.min(taps, g.outW() + taps - 1 - m);
        for (int j = 0; j < c && low < high; j += L) {
          DepthwiseRows.taps(
              high - low,
              dy,
              source + (m - taps + 1 + low) * c + j,
              c,
              c,
              turned,
              wo + low * stride * c + j,
              stride * c,
              dx,
              target + j,
              stride * c,
              count);
        }
        m += count - 1;
      }
    }
  }

  /** One row of dx, pixel by pixel with a list of taps. */
  private static void pixels(
      float[] dy,
      int dyo,
      float[] w,
      float[] dx,
      int dxo,
      ConvGeometry g,
      int row,
      int[] at,
      int[] weight,
      float[] zeros) {
    int c = g.c();
    int iy = row % g.h();
    int image = dyo + row / g.h() * g.outH() * g.outW() * c;
    for (int ix = 0; ix < g.w(); ix++) {
      int count = 0;
      for (int ky = 0; ky < g.kH(); ky++) {
        int sy = iy + g.padTop() - ky * g.dilationH();
        int oy = sy / g.strideH();
        if (sy < 0 || sy % g.strideH() != 0 || oy >= g.outH()) {
          continue;
        }
        for (int kx = 0; kx < g.kW(); kx++) {
          int sx = ix + g.padLeft() - kx * g.dilationW();
          int ox = sx / g.strideW();
          if (sx >= 0 && sx % g.strideW() == 0 && ox < g.outW()) {
            at[count] = (oy * g.outW() + ox) * c;
            weight[count++] = (ky * g.kW() + kx) * c;
          }
        }
      }
      int to = dxo + (row * g.w() + ix) * c;
      DepthwiseRows.pixel(dy, image, at, w, weight, count, zeros, dx, to, c);
    }
  }
}
