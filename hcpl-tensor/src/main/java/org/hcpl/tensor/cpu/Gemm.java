package org.hcpl.tensor.cpu;

import org.hcpl.tensor.TensorException;

/**
 * Products of row-major float matrices: {@code C = epilogue(start + op(A) op(B))}, {@code op} the
 * identity or the transpose, start the old C or zero.
 *
 * <p>On all threads of {@link Parallel}; the same bits for the same number of them. Offsets and
 * leading dimensions (floats from one row to the next) are in floats; C may overlap neither A nor
 * B.
 */
public final class Gemm {
  /**
   * Up to this many rows B is read once as it lies: packing it would cost as much as the product.
   */
  private static final int FEW_ROWS = 3;

  /** Up to this many B is packed panel by panel, and a panel is used before it leaves the cache. */
  static final int STREAMED_ROWS = 256;

  /** So it is with more rows while A has no more floats than this: 4 MiB. */
  private static final int STREAMED_FLOATS = 1 << 20;

  /** Floats of B packed at a time; past it B is taken in column blocks. */
  private static final int PANEL_FLOATS = 1 << 22;

  private Gemm() {}

  /**
   * {@code C [m, n] = epilogue((accumulate ? C : 0) + op(A) [m, k] op(B) [k, n])}.
   *
   * @param transA A is stored {@code [k, m]}
   * @param transB B is stored {@code [n, k]}
   * @param epilogue bias, residual and activation, or null
   * @throws TensorException where a matrix leaves its array
   */
  public static void run(
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
    run(
        MicroKernel.best(),
        transA,
        transB,
        m,
        n,
        k,
        a,
        aOff,
        lda,
        b,
        bOff,
        ldb,
        c,
        cOff,
        ldc,
        accumulate,
        epilogue);
  }

  /** {@code C [m, n] = A [m, k] B [k, n]}, all dense. */
  public static void run(int m, int n, int k, float[] a, float[] b, float[] c) {
    run(false, false, m, n, k, a, 0, k, b, 0, n, c, 0, n, false, null);
  }

  /** {@link #run} with a right matrix that has been packed before. */
  public static void run(
      boolean transA,
      int m,
      float[] a,
      int aOff,
      int lda,
      PackedB b,
      float[] c,
      int cOff,
      int ldc,
      boolean accumulate,
      Epilogue epilogue) {
    checkMatrix("a", transA ? b.k() : m, transA ? m : b.k(), a, aOff, lda);
    checkResult(m, b.n(), c, cOff, ldc, epilogue);
    GemmDriver.run(
        m,
        rows(transA, a, aOff, lda),
        b,
        c,
        new GemmDriver.StridedRows(cOff, ldc),
        accumulate,
        epilogue);
  }

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
    checkMatrix("a", transA ? k : m, transA ? m : k, a, aOff, lda);
    checkMatrix("b", transB ? n : k, transB ? k : n, b, bOff, ldb);
    checkResult(m, n, c, cOff, ldc, epilogue);
    if (m == 0 || n == 0) {
      return;
    }
    if (m <= FEW_ROWS) {
      FewRows.run(
          kernel,
          transA,
          transB,
          m,
          n,
          k,
          a,
          aOff,
          lda,
          b,
          bOff,
          ldb,
          c,
          cOff,
          ldc,
          accumulate,
          epilogue);
      return;
    }
    PanelSource source =
        transB ? PanelSource.transposed(b, bOff, ldb) : PanelSource.matrix(b, bOff, ldb);
    // Each panel meets all of A, which must not come from memory then; every thread takes panels.
    boolean rereads = (long) m * k <= STREAMED_FLOATS && !transA;
    if (m <= STREAMED_ROWS || rereads && n >= 8 * Parallel.threads() * kernel.columns()) {
      GemmDriver.run(
          m,
          rows(transA, a, aOff, lda),
          RightMatrix.streamed(kernel, k, n, source),
          c,
          new GemmDriver.StridedRows(cOff, ldc),
          accumulate,
          epilogue);
      return;
    }
    int most = Math.max(1, PANEL_FLOATS / Math.max(1, k) / kernel.columns()) * kernel.columns();
    for (int n0 = 0; n0 < n; n0 += most) {
      int nc = Math.min(most, n - n0);
      float[] panels = Scratch.own().panels(PackedB.size(kernel, k, nc));
      PackedB packed = new PackedB(kernel, k, nc, panels);
      packed.fill(source, 0, n0);
      GemmDriver.run(
          m,
          rows(transA, a, aOff, lda),
          packed,
          c,
          new GemmDriver.StridedRows(cOff + n0, ldc),
          accumulate,
          epilogue == null || n0 == 0 ? epilogue : epilogue.fromColumn(n0));
    }
  }

  private static RowSource rows(boolean transA, float[] a, int aOff, int lda) {
    return transA ? RowSource.transposed(a, aOff, lda) : RowSource.inPlace(a, aOff, lda);
  }

  private static void checkResult(int m, int n, float[] c, int cOff, int ldc, Epilogue epilogue) {
    checkMatrix("c", m, n, c, cOff, ldc);
    if (epilogue == null) {
      return;
    }
    if (epilogue.bias() != null) {
      checkMatrix("bias", 1, n, epilogue.bias(), epilogue.biasOffset(), n);
    }
    if (epilogue.residual() != null) {
      checkMatrix(
          "residual",
          m,
          n,
          epilogue.residual(),
          epilogue.residualOffset(),
          epilogue.residualStride());
    }
  }

  static void checkMatrix(String name, int rows, int columns, float[] array, int offset, int ld) {
    boolean sizes = rows >= 0 && columns >= 0 && offset >= 0 && (ld >= columns || rows <= 1);
    long end = rows == 0 || columns == 0 ? offset : (long) offset + (rows - 1L) * ld + columns;
    if (!sizes || end > array.length) {
      throw new TensorException(
          "gemm: "
              + name
              + " ["
              + rows
              + ", "
              + columns
              + "] with leading dimension "
              + ld
              + " at "
              + offset
              + " of "
              + array.length
              + " floats (expected: leading dimension >= columns, and the last value inside)");
    }
  }
}
