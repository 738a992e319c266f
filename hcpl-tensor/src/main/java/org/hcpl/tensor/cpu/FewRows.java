package org.hcpl.tensor.cpu;

import java.util.Arrays;

/** Products with one to three rows: bound by the reading of B, which is read once as it lies. */
final class FewRows {
  /** Floats of B a thread reads at least. */
  private static final int LEAST_READ = 1 << 17;

  /** Rows of B that meet all of A before the next. */
  private static final int ROWS_AT_ONCE = 8;

  private FewRows() {}

  static void run(
      MicroKernel kernel,
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int lda,
      float[] b,
      int bOff,
      int ldb,
      float[] c,
      int cOff,
      int ldc,
      boolean accumulate,
      Epilogue epilogue) {
    float[] left = a;
    int leftOff = aOff;
    int leftLd = lda;
    if (transA) {
      left = Scratch.own().rows(m * k);
      leftOff = 0;
      leftLd = k;
      RowSource.transpose(k, m, a, aOff, lda, left, 0, k);
    }
    float[] rows = left;
    int rowsOff = leftOff;
    int rowsLd = leftLd;
    int grain = Math.max(16, LEAST_READ / Math.max(1, k));
    Parallel.forRange(
        n,
        grain,
        (start, end) -> {
          for (int i = 0; i < m; i++) {
            int from = rowsOff + i * rowsLd;
            int to = cOff + i * ldc;
            if (!accumulate) {
              Arrays.fill(c, to + start, to + end, 0f);
            }
            if (transB) {
              for (int j = start; j < end; j++) {
                c[to + j] += kernel.dot(k, rows, from, b, bOff + j * ldb);
              }
            }
          }
          if (!transB) {
            addRows(kernel, m, start, end, k, rows, rowsOff, rowsLd, b, bOff, ldb, c, cOff, ldc);
          }
          if (epilogue != null) {
            finish(kernel, m, start, end, c, cOff, ldc, epilogue);
          }
        });
  }

  private static void addRows(
      MicroKernel kernel,
      int m,
      int start,
      int end,
      int k,
      float[] a,
      int aOff,
      int lda,
      float[] b,
      int bOff,
      int ldb,
      float[] c,
      int cOff,
      int ldc) {
    for (int p = 0; p < k; p += ROWS_AT_ONCE) {
      int rows = Math.min(ROWS_AT_ONCE, k - p);
      for (int i = 0; i < m; i++) {
        kernel.addRows(
            end - start,
            c,
            cOff + i * ldc + start,
            rows,
            a,
            aOff + i * lda + p,
            b,
            bOff + p * ldb + start,
            ldb);
      }
    }
  }

  private static void finish(
      MicroKernel kernel,
      int m,
      int start,
      int end,
      float[] c,
      int cOff,
      int ldc,
      Epilogue epilogue) {
    for (int i = 0; i < m; i++) {
      int to = cOff + i * ldc + start;
      if (epilogue.bias() != null) {
        kernel.finish(
            c, to, end - start, epilogue.bias(), epilogue.biasOffset() + start, Activation.NONE);
      }
      kernel.finish(c, to, end - start, epilogue, i, start);
    }
  }
}
