package org.hcpl.tensor.cpu;

/** Where a product finds the rows of its left matrix: in place or made on the way. */
interface RowSource {
  /**
   * Makes columns {@code k0..k0 + kc - 1} of rows {@code row0..row0 + count - 1} readable: sets
   * {@code offsets[i]} to where row {@code row0 + i} has column {@code k0}, the others following
   * it.
   *
   * @return the array that the offsets point into: the matrix itself or {@code scratch.rows}
   */
  float[] rows(int row0, int count, int k0, int kc, int[] offsets, Scratch scratch);

  /** Rows {@code ld} floats apart, read where they lie. */
  static RowSource inPlace(float[] a, int offset, int ld) {
    return (row0, count, k0, kc, offsets, scratch) -> {
      for (int i = 0; i < count; i++) {
        offsets[i] = offset + (row0 + i) * ld + k0;
      }
      return a;
    };
  }

  /** Rows of the transpose: {@code A[i, p] = a[offset + p * ld + i]}. */
  static RowSource transposed(float[] a, int offset, int ld) {
    return (row0, count, k0, kc, offsets, scratch) -> {
      int stride = stride(kc);
      float[] to = scratch.rows(count * stride);
      for (int i = 0; i < count; i++) {
        offsets[i] = i * stride;
      }
      transpose(kc, count, a, offset + k0 * ld + row0, ld, to, 0, stride);
      return to;
    };
  }

  /** A distance of rows of {@code kc} floats that spreads them over the cache sets. */
  static int stride(int kc) {
    int padded = (kc + 15) & -16;
    return padded % 256 == 0 ? padded + 16 : padded;
  }

  /** {@code to[j, i] = from[i, j]} for {@code n} rows and {@code m} columns of {@code from}. */
  static void transpose(
      int n, int m, float[] from, int fromOffset, int ldFrom, float[] to, int toOffset, int ldTo) {
    int block = 16;
    for (int i0 = 0; i0 < n; i0 += block) {
      int iEnd = Math.min(n, i0 + block);
      for (int j = 0; j < m; j++) {
        int target = toOffset + j * ldTo;
        for (int i = i0; i < iEnd; i++) {
          to[target + i] = from[fromOffset + i * ldFrom + j];
        }
      }
    }
  }
}
