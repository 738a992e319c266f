package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.hcpl.tensor.cpu.Parallel;

/**
 * {@code C [m, n] = A' B} of {@code A [k, m]} and {@code B [k, n]} with k much larger than m and n:
 * the gradient of a weight matrix, k the pixels or rows of a batch.
 *
 * <p>Both operands lie as a micro-kernel wants them, so nothing is packed: tiles of C stay in
 * registers while a block of rows of A and B, which fits the second-level cache, passes by. Sums
 * are in float over a block and a piece; the pieces depend on the sizes alone, so every number of
 * threads gives the same bits.
 */
public final class VectorOuter {
  /** Floats of a block of B. */
  private static final int BLOCK = 1 << 16;

  /** Rows of a block, so that no running sum in float gets long. */
  private static final int LONGEST = 256;

  /** Rows of the shortest piece: below it the pieces of C cost more than the rows. */
  private static final int PIECE_ROWS = 1024;

  /** Multiply-adds that make a piece worth a thread. */
  private static final long WORK = 1 << 21;

  private static final int MAX_PIECES = 16;
  private static final int ROWS = 6;

  private VectorOuter() {}

  /**
   * The product, written (not accumulated).
   *
   * @param lda floats from one row of A to the next
   */
  public static void run(
      int k,
      int m,
      float[] a,
      int ao,
      int lda,
      int n,
      float[] b,
      int bo,
      int ldb,
      float[] c,
      int co) {
    Arrays.fill(c, co, co + m * n, 0);
    int pieces = (int) Math.min(Math.min(MAX_PIECES, k / PIECE_ROWS), (long) k * m * n / WORK);
    if (pieces <= 1) {
      // Few rows: threads share the rows of C instead.
      int bands = (m + ROWS - 1) / ROWS;
      Parallel.forRange(
          bands,
          (int) Math.max(1, WORK / Math.max(1L, (long) ROWS * k * n)),
          (begin, end) -> {
            int first = begin * ROWS;
            int rows = Math.min(m, end * ROWS) - first;
            piece(k, rows, a, ao + first, lda, n, b, bo, ldb, c, co + first * n);
          });
      return;
    }
    float[][] parts = new float[pieces][];
    Parallel.forRange(
        pieces,
        1,
        (begin, end) -> {
          for (int i = begin; i < end; i++) {
            int from = (int) ((long) k * i / pieces);
            int to = (int) ((long) k * (i + 1) / pieces);
            float[] part = i == 0 ? c : new float[m * n];
            parts[i] = part;
            int at = i == 0 ? co : 0;
            piece(to - from, m, a, ao + from * lda, lda, n, b, bo + from * ldb, ldb, part, at);
          }
        });
    for (int i = 1; i < pieces; i++) {
      float[] part = parts[i];
      for (int j = 0; j < part.length; j++) {
        c[co + j] += part[j];
      }
    }
  }

  private static void piece(
      int k,
      int m,
      float[] a,
      int ao,
      int lda,
      int n,
      float[] b,
      int bo,
      int ldb,
      float[] c,
      int co) {
    int block = Math.max(128, Math.min(LONGEST, BLOCK / Math.max(1, n)));
    float[] sums = new float[ROWS * 4 * L];
    for (int p = 0; p < k; p += block) {
      int rows = Math.min(block, k - p);
      for (int j = 0; j < n; ) {
        int vectors = Math.min(4, (n - j + L - 1) / L);
        if (vectors == 3) {
          vectors = 2;
        }
        int width = Math.min(n - j, vectors * L);
        // Whole vectors, whose last lanes may see the next row and count for nothing. A masked load
        // that reaches past the array takes a path of its own, once, and from then on HotSpot
        // passes all vectors of the loop through memory.
        float[] right = b;
        int from = bo + p * ldb + j;
        int step = ldb;
        if (from + (rows - 1) * ldb + vectors * L > b.length) {
          step = vectors * L;
          right = new float[rows * step];
          for (int r = 0; r < rows; r++) {
            System.arraycopy(b, from + r * ldb, right, r * step, width);
          }
          from = 0;
        }
        for (int i = 0; i < m; i += ROWS) {
          int high = Math.min(ROWS, m - i);
          int left = ao + p * lda + i;
          if (high == ROWS) {
            tile(vectors, rows, a, left, lda, right, from, step, sums);
          } else {
            for (int r = 0; r < high; r++) {
              row(vectors, rows, a, left + r, lda, right, from, step, sums, r * vectors * L);
            }
          }
          for (int r = 0; r < high; r++) {
            int to = co + (i + r) * n + j;
            for (int x = 0; x < width; x++) {
              c[to + x] += sums[r * vectors * L + x];
            }
          }
        }
        j += width;
      }
    }
  }

  /**
   * Six rows by one to four vectors. A method has one loop and few calls besides, since HotSpot
   * stops inlining vector calls where a method has too many.
   */
  private static void tile(
      int vectors, int k, float[] a, int ao, int lda, float[] b, int bo, int ldb, float[] to) {
    switch (vectors) {
      case 1 -> tile6x1(k, a, ao, lda, b, bo, ldb, to);
      case 2 -> tile6x2(k, a, ao, lda, b, bo, ldb, to);
      default -> tile6x4(k, a, ao, lda, b, bo, ldb, to);
    }
  }

  /** One row, a vector at a time: what is left below the tiles. */
  private static void row(
      int vectors,
      int k,
      float[] a,
      int ao,
      int lda,
      float[] b,
      int bo,
      int ldb,
      float[] to,
      int toOffset) {
    for (int v = 0; v < vectors; v++) {
      FloatVector even = FloatVector.zero(S);
      FloatVector odd = even;
      int p = 0;
      for (; p + 2 <= k; p += 2) {
        FloatVector b0 = FloatVector.fromArray(S, b, bo + p * ldb + v * L);
        FloatVector b1 = FloatVector.fromArray(S, b, bo + (p + 1) * ldb + v * L);
        even = b0.fma(FloatVector.broadcast(S, a[ao + p * lda]), even);
        odd = b1.fma(FloatVector.broadcast(S, a[ao + (p + 1) * lda]), odd);
      }
      if (p < k) {
        FloatVector b0 = FloatVector.fromArray(S, b, bo + p * ldb + v * L);
        even = b0.fma(FloatVector.broadcast(S, a[ao + p * lda]), even);
      }
      even.add(odd).intoArray(to, toOffset + v * L);
    }
  }

  private static void tile6x1(
      int k, float[] a, int ao, int lda, float[] b, int bo, int ldb, float[] to) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c00 = zero;
    FloatVector c10 = zero;
    FloatVector c20 = zero;
    FloatVector c30 = zero;
    FloatVector c40 = zero;
    FloatVector c50 = zero;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(S, b, bo + p * ldb);
      FloatVector a0 = FloatVector.broadcast(S, a[ao + p * lda]);
      c00 = a0.fma(b0, c00);
      FloatVector a1 = FloatVector.broadcast(S, a[ao + p * lda + 1]);
      c10 = a1.fma(b0, c10);
      FloatVector a2 = FloatVector.broadcast(S, a[ao + p * lda + 2]);
      c20 = a2.fma(b0, c20);
      FloatVector a3 = FloatVector.broadcast(S, a[ao + p * lda + 3]);
      c30 = a3.fma(b0, c30);
      FloatVector a4 = FloatVector.broadcast(S, a[ao + p * lda + 4]);
      c40 = a4.fma(b0, c40);
      FloatVector a5 = FloatVector.broadcast(S, a[ao + p * lda + 5]);
      c50 = a5.fma(b0, c50);
    }
    c00.intoArray(to, 0);
    c10.intoArray(to, L);
    c20.intoArray(to, 2 * L);
    c30.intoArray(to, 3 * L);
    c40.intoArray(to, 4 * L);
    c50.intoArray(to, 5 * L);
  }

  private static void tile6x2(
      int k, float[] a, int ao, int lda, float[] b, int bo, int ldb, float[] to) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    FloatVector c50 = zero;
    FloatVector c51 = zero;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(S, b, bo + p * ldb);
      FloatVector b1 = FloatVector.fromArray(S, b, bo + p * ldb + L);
      FloatVector a0 = FloatVector.broadcast(S, a[ao + p * lda]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(S, a[ao + p * lda + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(S, a[ao + p * lda + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = FloatVector.broadcast(S, a[ao + p * lda + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      FloatVector a4 = FloatVector.broadcast(S, a[ao + p * lda + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      FloatVector a5 = FloatVector.broadcast(S, a[ao + p * lda + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
    }
    c00.intoArray(to, 0);
    c01.intoArray(to, L);
    c10.intoArray(to, 2 * L);
    c11.intoArray(to, 3 * L);
    c20.intoArray(to, 4 * L);
    c21.intoArray(to, 5 * L);
    c30.intoArray(to, 6 * L);
    c31.intoArray(to, 7 * L);
    c40.intoArray(to, 8 * L);
    c41.intoArray(to, 9 * L);
    c50.intoArray(to, 10 * L);
    c51.intoArray(to, 11 * L);
  }

  private static void tile6x4(
      int k, float[] a, int ao, int lda, float[] b, int bo, int ldb, float[] to) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c02 = zero;
    FloatVector c03 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c12 = zero;
    FloatVector c13 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c22 = zero;
    FloatVector c23 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c32 = zero;
    FloatVector c33 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    FloatVector c42 = zero;
    FloatVector c43 = zero;
    FloatVector c50 = zero;
    FloatVector c51 = zero;
    FloatVector c52 = zero;
    FloatVector c53 = zero;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(S, b, bo + p * ldb);
      FloatVector b1 = FloatVector.fromArray(S, b, bo + p * ldb + L);
      FloatVector b2 = FloatVector.fromArray(S, b, bo + p * ldb + 2 * L);
      FloatVector b3 = FloatVector.fromArray(S, b, bo + p * ldb + 3 * L);
      FloatVector a0 = FloatVector.broadcast(S, a[ao + p * lda]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(S, a[ao + p * lda + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = FloatVector.broadcast(S, a[ao + p * lda + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = FloatVector.broadcast(S, a[ao + p * lda + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      FloatVector a4 = FloatVector.broadcast(S, a[ao + p * lda + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      c43 = a4.fma(b3, c43);
      FloatVector a5 = FloatVector.broadcast(S, a[ao + p * lda + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      c52 = a5.fma(b2, c52);
      c53 = a5.fma(b3, c53);
    }
    c00.intoArray(to, 0);
    c01.intoArray(to, L);
    c02.intoArray(to, 2 * L);
    c03.intoArray(to, 3 * L);
    c10.intoArray(to, 4 * L);
    c11.intoArray(to, 5 * L);
    c12.intoArray(to, 6 * L);
    c13.intoArray(to, 7 * L);
    c20.intoArray(to, 8 * L);
    c21.intoArray(to, 9 * L);
    c22.intoArray(to, 10 * L);
    c23.intoArray(to, 11 * L);
    c30.intoArray(to, 12 * L);
    c31.intoArray(to, 13 * L);
    c32.intoArray(to, 14 * L);
    c33.intoArray(to, 15 * L);
    c40.intoArray(to, 16 * L);
    c41.intoArray(to, 17 * L);
    c42.intoArray(to, 18 * L);
    c43.intoArray(to, 19 * L);
    c50.intoArray(to, 20 * L);
    c51.intoArray(to, 21 * L);
    c52.intoArray(to, 22 * L);
    c53.intoArray(to, 23 * L);
  }
}
