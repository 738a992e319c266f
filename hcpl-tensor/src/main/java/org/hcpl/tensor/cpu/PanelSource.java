package org.hcpl.tensor.cpu;

import java.util.Arrays;

/** Where a product finds the columns of its right matrix when it packs them into panels. */
interface PanelSource {
  /**
   * Writes rows {@code k0..k0 + kc - 1} of columns {@code j0..j0 + valid - 1} to {@code to}, a row
   * every {@code width} floats, zeros after the valid ones.
   */
  void pack(int k0, int kc, int j0, int valid, int width, float[] to, int toOffset);

  /** {@code B[p, j] = b[offset + p * ld + j]}. */
  static PanelSource matrix(float[] b, int offset, int ld) {
    MicroKernel kernel = MicroKernel.best();
    int vector = Math.max(1, kernel.overrun());
    return (k0, kc, j0, valid, width, to, toOffset) -> {
      if (valid == width && valid % vector == 0 && kc > 0) {
        kernel.copyWindows(b, offset + k0 * ld + j0, ld, to, toOffset, width, valid, kc);
        return;
      }
      for (int p = 0; p < kc; p++) {
        int from = offset + (k0 + p) * ld + j0;
        int at = toOffset + p * width;
        System.arraycopy(b, from, to, at, valid);
        if (valid < width) {
          Arrays.fill(to, at + valid, at + width, 0f);
        }
      }
    };
  }

  /** {@code B[p, j] = b[offset + j * ld + p]}. */
  static PanelSource transposed(float[] b, int offset, int ld) {
    return (k0, kc, j0, valid, width, to, toOffset) -> {
      // Eight inner indices at a time: reads follow the rows of b, writes stay within the L1 cache.
      for (int p0 = 0; p0 < kc; p0 += 8) {
        int pEnd = Math.min(kc, p0 + 8);
        int from = offset + j0 * ld + k0 + p0;
        int at = toOffset + p0 * width;
        if (pEnd - p0 == 8) {
          transposeEight(valid, b, from, ld, to, at, width);
        } else {
          for (int j = 0; j < valid; j++) {
            for (int p = 0; p < pEnd - p0; p++) {
              to[at + p * width + j] = b[from + j * ld + p];
            }
          }
        }
        for (int p = p0; p < pEnd && valid < width; p++) {
          Arrays.fill(to, toOffset + p * width + valid, toOffset + (p + 1) * width, 0f);
        }
      }
    };
  }

  /** {@code to[p, j] = b[j, p]} for eight p, unrolled: a loop over p took 3 cycles a float. */
  private static void transposeEight(
      int n, float[] b, int bOffset, int ld, float[] to, int toOffset, int width) {
    for (int j = 0; j < n; j++) {
      int from = bOffset + j * ld;
      int at = toOffset + j;
      to[at] = b[from];
      to[at + width] = b[from + 1];
      to[at + 2 * width] = b[from + 2];
      to[at + 3 * width] = b[from + 3];
      to[at + 4 * width] = b[from + 4];
      to[at + 5 * width] = b[from + 5];
      to[at + 6 * width] = b[from + 6];
      to[at + 7 * width] = b[from + 7];
    }
  }
}
