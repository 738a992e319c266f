package org.hcpl.tensor.cpu;

import java.util.Arrays;
import org.hcpl.tensor.op.ConvGeometry;

/**
 * The gradient of a convolution with respect to its input: {@code dx [n, h, w, c]} from {@code dy
 * [n, outH, outW, outC]} and the weights.
 *
 * <p>Input pixels whose row and column leave the same remainders modulo the strides see the same
 * taps, so each such set of pixels is a product of its own, of patches of dy and the taps' weights:
 * nothing is added twice to one place, and the threads never meet.
 */
public final class Conv2dInputGradient {
  private Conv2dInputGradient() {}

  /**
   * {@code dx = (accumulate ? dx : 0) + transpose of the convolution applied to dy}.
   *
   * @param w weights {@code [outC, kH, kW, c / groups]}
   */
  public static void run(
      ConvGeometry geometry,
      float[] dy,
      int dyOff,
      float[] w,
      int wOff,
      float[] dx,
      int dxOff,
      boolean accumulate) {
    run(MicroKernel.best(), geometry, dy, dyOff, w, wOff, dx, dxOff, accumulate);
  }

  static void run(
      MicroKernel kernel,
      ConvGeometry g,
      float[] dy,
      int dyOff,
      float[] w,
      int wOff,
      float[] dx,
      int dxOff,
      boolean accumulate) {
    Conv2dForward.check("output gradient", g.outputSize(), dy, dyOff);
    Conv2dForward.check("weights", g.weightSize(), w, wOff);
    Conv2dForward.check("input gradient", g.inputSize(), dx, dxOff);
    for (int phaseY = 0; phaseY < Math.min(g.strideH(), g.h()); phaseY++) {
      Axis rows = new Axis(g.h(), g.outH(), g.kH(), g.strideH(), g.padTop(), g.dilationH(), phaseY);
      for (int phaseX = 0; phaseX < Math.min(g.strideW(), g.w()); phaseX++) {
        Axis columns =
            new Axis(g.w(), g.outW(), g.kW(), g.strideW(), g.padLeft(), g.dilationW(), phaseX);
        for (int group = 0; group < g.groups(); group++) {
          phase(kernel, g, rows, columns, group, dy, dyOff, w, wOff, dx, dxOff, accumulate);
        }
      }
    }
  }

  private static void phase(
      MicroKernel kernel,
      ConvGeometry g,
      Axis rows,
      Axis columns,
      int group,
      float[] dy,
      int dyOff,
      float[] w,
      int wOff,
      float[] dx,
      int dxOff,
      boolean accumulate) {
    int groupC = g.groupC();
    int groupOutC = g.groupOutC();
    int tapsX = columns.taps.length;
    int k = rows.taps.length * tapsX * groupOutC;
    int pixels = rows.pixels * columns.pixels;
    int firstW = wOff + group * groupOutC * g.taps();
    PanelSource weights =
        (k0, kc, j0, valid, width, to, toOffset) -> {
          for (int p = 0; p < kc; p++) {
            int tap = (k0 + p) / groupOutC;
            int o = (k0 + p) % groupOutC;
            int ky = rows.taps[tap / tapsX];
            int kx = columns.taps[tap % tapsX];
            int from = firstW + ((o * g.kH() + ky) * g.kW() + kx) * groupC + j0;
            int at = toOffset + p * width;
            System.arraycopy(w, from, to, at, valid);
            if (valid < width) {
              Arrays.fill(to, at + valid, at + width, 0f);
            }
          }
        };
    GemmDriver.RowTarget target =
        row -> {
          int image = row / pixels;
          int pixel = row % pixels;
          int y = rows.phase + pixel / columns.pixels * g.strideH();
          int x = columns.phase + pixel % columns.pixels * g.strideW();
          return dxOff + ((image * g.h() + y) * g.w() + x) * g.c() + group * groupC;
        };
    RowSource patches = patches(g, rows, columns, group, dy, dyOff, k);
    int m = g.n() * pixels;
    RightMatrix right;
    if (m <= Gemm.STREAMED_ROWS) {
      right = RightMatrix.streamed(kernel, k, groupC, weights);
    } else {
      PackedB packed =
          new PackedB(kernel, k, groupC, Scratch.own().panels(PackedB.size(kernel, k, groupC)));
      packed.fill(weights, 0, 0);
      right = packed;
    }
    GemmDriver.run(m, patches, right, dx, target, accumulate, null);
  }

  /** Patches of dy: columns {@code (tap, o)}; in place where there is one tap that always hits. */
  private static RowSource patches(
      ConvGeometry g, Axis rows, Axis columns, int group, float[] dy, int dyOff, int k) {
    int groupOutC = g.groupOutC();
    int tapsX = columns.taps.length;
    int pixels = rows.pixels * columns.pixels;
    int outH = g.outH();
    int outW = g.outW();
    int first = dyOff + group * groupOutC;
    if (k == groupOutC && rows.alwaysInside(0) && columns.alwaysInside(0)) {
      return (row0, count, k0, kc, offsets, scratch) -> {
        for (int i = 0; i < count; i++) {
          int image = (row0 + i) / pixels;
          int pixel = (row0 + i) % pixels;
          int oy = rows.out(pixel / columns.pixels, 0);
          int ox = columns.out(pixel % columns.pixels, 0);
          offsets[i] = first + ((image * outH + oy) * outW + ox) * g.outC() + k0;
        }
        return dy;
      };
    }
    return (row0, count, k0, kc, offsets, scratch) -> {
      int stride = RowSource.stride(kc);
      float[] to = scratch.rows(count * stride);
      for (int i = 0; i < count; i++) {
        int image = (row0 + i) / pixels;
        int pixel = (row0 + i) % pixels;
        int y = pixel / columns.pixels;
        int x = pixel % columns.pixels;
        offsets[i] = i * stride;
        int position = k0;
        while (position < k0 + kc) {
          int tap = position / groupOutC;
          int stop = Math.min(k0 + kc, (tap + 1) * groupOutC);
          int oy = rows.out(y, tap / tapsX);
          int ox = columns.out(x, tap % tapsX);
          int at = i * stride + position - k0;
          if (oy < 0 || oy >= outH || ox < 0 || ox >= outW) {
            Arrays.fill(to, at, at + stop - position, 0f);
          } else {
            int from =
                first + ((image * outH + oy) * outW + ox) * g.outC() + position - tap * groupOutC;
            System.arraycopy(dy, from, to, at, stop - position);
          }
          position = stop;
        }
      }
      return to;
    };
  }

  /**
   * One axis of a set of input pixels {@code phase, phase + stride, ...}, and the taps it meets.
   */
  private static final class Axis {
    final int phase;
    final int pixels;
    final int[] taps;
    private final int outSize;
    private final int[] shifts;

    Axis(int size, int outSize, int kernel, int stride, int padding, int dilation, int phase) {
      this.phase = phase;
      this.outSize = outSize;
      this.pixels = (size - phase + stride - 1) / stride;
      int[] found = new int[kernel];
      int[] shift = new int[kernel];
      int count = 0;
      for (int tap = 0; tap < kernel; tap++) {
        // Input i is met by output o where i = o * stride - padding + tap * dilation.
        int distance = phase + padding - tap * dilation;
        if (Math.floorMod(distance, stride) == 0) {
          found[count] = tap;
          shift[count++] = Math.floorDiv(distance, stride);
        }
      }
      this.taps = Arrays.copyOf(found, count);
      this.shifts = Arrays.copyOf(shift, count);
    }

    /** The output that pixel {@code index} of the set meets through a tap; may lie outside. */
    int out(int index, int tap) {
      return index + shifts[tap];
    }

    boolean alwaysInside(int tap) {
      return out(0, tap) >= 0 && out(pixels - 1, tap) < outSize;
    }
  }
}
