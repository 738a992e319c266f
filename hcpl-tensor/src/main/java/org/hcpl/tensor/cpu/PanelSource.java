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
    return (k0, kc, j0, valid, width, to, toOffset) -> {
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
        for (int j = 0; j < valid; j++) {
          int from = offset + (j0 + j) * ld + k0;
          int at = toOffset + j;
          for (int p = p0; p < pEnd; p++) {
            to[at + p * width] = b[from + p];
          }
        }
        for (int p = p0; p < pEnd; p++) {
          Arrays.fill(to, toOffset + p * width + valid, toOffset + (p + 1) * width, 0f);
        }
      }
    };
  }
}
