package org.hcpl.tensor.cpu;

import java.util.Arrays;
import org.hcpl.tensor.op.ConvGeometry;

/**
 * The patches that a convolution multiplies with its weights, as the rows of a matrix {@code [n *
 * outH * outW, kH * kW * c / groups]} that is never stored as a whole: row {@code (i, oy, ox)},
 * column {@code (ky, kx, j)}.
 */
final class Patches {
  private final MicroKernel kernel;
  private final ConvGeometry g;
  private final float[] x;
  private final int xOff;
  private final int outW;
  private final int outPixels;
  private final int groupC;
  private final int runTaps;
  private final int run;

  /** The patches of the channels from {@code group * c / groups} on. */
  Patches(MicroKernel kernel, ConvGeometry geometry, float[] x, int xOff, int group) {
    this.kernel = kernel;
    this.g = geometry;
    this.x = x;
    this.groupC = geometry.groupC();
    this.xOff = xOff + group * groupC;
    this.outW = geometry.outW();
    this.outPixels = geometry.outH() * outW;
    // Neighbouring taps of a row are neighbours in memory, too, where nothing stands between them.
    this.runTaps = geometry.dilationW() == 1 && geometry.groups() == 1 ? geometry.kW() : 1;
    this.run = runTaps * groupC;
  }

  /** As left matrix. */
  RowSource rows() {
    if (g.kH() == 1 && g.kW() == 1 && unpadded()) {
      return this::pixels;
    }
    return this::copied;
  }

  /** As right matrix. */
  PanelSource panels() {
    return (k0, kc, j0, valid, width, to, toOffset) -> {
      for (int p = 0; p < kc; p++) {
        int at = toOffset + p * width;
        int pixel = (k0 + p) % outPixels;
        int image = (k0 + p) / outPixels;
        copy(image, pixel / outW, pixel % outW, j0, j0 + valid, to, at);
        if (valid < width) {
          Arrays.fill(to, at + valid, at + width, 0f);
        }
      }
    };
  }

  private boolean unpadded() {
    return g.padTop() + g.padBottom() + g.padLeft() + g.padRight() == 0;
  }

  /** One tap and no padding: the pixels lie ready in the input. */
  private float[] pixels(int row0, int count, int k0, int kc, int[] offsets, Scratch scratch) {
    for (int i = 0; i < count; i++) {
      int row = row0 + i;
      int image = row / outPixels;
      int pixel = row % outPixels;
      int y = pixel / outW * g.strideH();
      int column = pixel % outW * g.strideW();
      offsets[i] = xOff + ((image * g.h() + y) * g.w() + column) * g.c() + k0;
    }
    return x;
  }

  private float[] copied(int row0, int count, int k0, int kc, int[] offsets, Scratch scratch) {
    int stride = RowSource.stride(kc + kernel.overrun());
    float[] to = scratch.rows(count * stride);
    for (int i = 0; i < count; i++) {
      offsets[i] = i * stride;
    }
    int image = row0 / outPixels;
    int oy = row0 % outPixels / outW;
    int ox = row0 % outW;
    int done = 0;
    while (done < count) {
      int inRow = Math.min(count - done, outW - ox);
      copyRow(image, oy, ox, inRow, k0, k0 + kc, to, done * stride, stride);
      done += inRow;
      ox = 0;
      if (++oy == g.outH()) {
        oy = 0;
        image++;
      }
    }
    return to;
  }

  /** Columns {@code from..end - 1} of the patches of {@code count} neighbours of one output row. */
  private void copyRow(
      int image, int oy, int ox, int count, int from, int end, float[] to, int at, int stride) {
    int y = oy * g.strideH() - g.padTop();
    int tap = 0;
    for (int start = 0; start < end; start += run) {
      if (start + run > from) {
        int first = Math.max(from, start);
        int last = Math.min(end, start + run);
        int left = tap * g.dilationW() - g.padLeft();
        copyRuns(
            image, y, left, ox, count, first - start, last - start, to, at + first - from, stride);
      }
      tap += runTaps;
      if (tap == g.kW()) {
        tap = 0;
        y += g.dilationH();
      }
    }
  }

  /** The same of one run of taps, whose first column is {@code ox * strideW + left}. */
  private void copyRuns(
      int image,
      int y,
      int left,
      int ox,
      int count,
      int from,
      int end,
      float[] to,
      int at,
      int stride) {
    int sw = g.strideW();
    // The neighbours whose taps are all inside of the image: ox in inside..insideEnd - 1.
    int inside = Math.max(ox, Math.ceilDiv(-left, sw));
    int insideEnd = Math.min(ox + count, Math.floorDiv(g.w() - runTaps - left, sw) + 1);
    if (y < 0 || y >= g.h() || insideEnd <= inside) {
      inside = ox + count;
      insideEnd = inside;
    }
    for (int i = ox; i < inside; i++) {
      copyRun(image, y, i * sw + left, from, end, to, at + (i - ox) * stride);
    }
    if (insideEnd > inside) {
      int source = xOff + ((image * g.h() + y) * g.w() + inside * sw + left) * g.c() + from;
      kernel.copyWindows(
          x,
          source,
          sw * g.c(),
          to,
          at + (inside - ox) * stride,
          stride,
          end - from,
          insideEnd - inside);
    }
    for (int i = insideEnd; i < ox + count; i++) {
      copyRun(image, y, i * sw + left, from, end, to, at + (i - ox) * stride);
    }
  }

  /** Columns {@code from..end - 1} of one patch to {@code to[at..]}, and nothing past them. */
  private void copy(int image, int oy, int ox, int from, int end, float[] to, int at) {
    int y = oy * g.strideH() - g.padTop();
    int tap = 0;
    for (int start = 0; start < end; start += run) {
      if (start + run > from) {
        int first = Math.max(from, start);
        int last = Math.min(end, start + run);
        int left = ox * g.strideW() - g.padLeft() + tap * g.dilationW();
        copyRun(image, y, left, first - start, last - start, to, at + first - from);
      }
      tap += runTaps;
      if (tap == g.kW()) {
        tap = 0;
        y += g.dilationH();
      }
    }
  }

  /** Floats {@code from..end - 1} of a run of taps whose first pixel is {@code (y, left)}. */
  private void copyRun(int image, int y, int left, int from, int end, float[] to, int at) {
    if (y < 0 || y >= g.h()) {
      Arrays.fill(to, at, at + end - from, 0f);
      return;
    }
    // Within a run of several taps the group is all channels, so floats follow each other.
    int first = Math.min(end, Math.max(from, -left * groupC));
    int last = Math.max(first, Math.min(end, (g.w() - left) * groupC));
    Arrays.fill(to, at, at + first - from, 0f);
    if (last > first) {
      int row = xOff + ((image * g.h() + y) * g.w() + left) * g.c();
      System.arraycopy(x, row + first, to, at + first - from, last - first);
    }
    Arrays.fill(to, at + last - from, at + end - from, 0f);
  }
}
