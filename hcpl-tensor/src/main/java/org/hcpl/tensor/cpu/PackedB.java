package org.hcpl.tensor.cpu;

import org.hcpl.tensor.cpu.vector.BinaryOp;
import org.hcpl.tensor.cpu.vector.VectorBinary;

/**
 * The right matrix {@code [k, n]} of a product, packed once for many products: weights.
 *
 * <p>A copy in an order of the kernel's own; it does not follow later changes of the source.
 */
public final class PackedB extends RightMatrix implements WeightCache.Packed {
  /** Rows of all panels that are packed at a time: with 64 what they are read from stays in L2. */
  private static final int FILL_ROWS = 64;

  private final float[] data;

  PackedB(MicroKernel kernel, int k, int n, float[] data) {
    super(kernel, k, n);
    this.data = data;
  }

  /**
   * Packs {@code B[p, j] = b[bOff + p * ldb + j]}, or {@code b[bOff + j * ldb + p]} with {@code
   * transB}.
   */
  public static PackedB of(boolean transB, int k, int n, float[] b, int bOff, int ldb) {
    Gemm.checkMatrix("b", transB ? n : k, transB ? k : n, b, bOff, ldb);
    PanelSource source =
        transB ? PanelSource.transposed(b, bOff, ldb) : PanelSource.matrix(b, bOff, ldb);
    return of(MicroKernel.best(), k, n, source);
  }

  static PackedB of(MicroKernel kernel, int k, int n, PanelSource source) {
    PackedB packed = new PackedB(kernel, k, n, new float[size(kernel, k, n)]);
    packed.fill(source, 0, 0);
    return packed;
  }

  /** Packs rows {@code k0..} and columns {@code n0..} of the source into this. */
  void fill(PanelSource source, int k0, int n0) {
    MicroKernel kernel = kernel();
    int grain = Math.max(1, 16384 / Math.max(1, k() * kernel.columns()));
    Parallel.forRange(
        panels(),
        grain,
        (start, end) -> {
          // Some rows of all panels at a time, so that rows are read along.
          for (int p = 0; p < k(); p += FILL_ROWS) {
            int rows = Math.min(FILL_ROWS, k() - p);
            for (int panel = start; panel < end; panel++) {
              int valid = valid(panel);
              int width = kernel.panelWidth(valid);
              int column = n0 + column(panel);
              source.pack(k0 + p, rows, column, valid, width, data, partOffset(panel, p));
            }
          }
        });
  }

  /**
   * This matrix with row p times {@code factors[offset + p]}, in memory that belongs to the thread,
   * until it packs another. Needs the Vector API.
   */
  PackedB scaled(float[] factors, int offset) {
    float[] scaled = Scratch.own().panels(data.length);
    for (int panel = 0; panel < panels(); panel++) {
      int width = kernel().panelWidth(valid(panel));
      int at = partOffset(panel, 0);
      VectorBinary.broadcast(
          BinaryOp.MUL,
          data,
          at,
          new int[] {width, 1},
          factors,
          offset,
          new int[] {1, 0},
          scaled,
          at,
          new int[] {k(), width});
    }
    return new PackedB(kernel(), k(), n(), scaled);
  }

  /** Floats of the copy. */
  @Override
  public long floats() {
    return data.length;
  }

  /** Rows of the matrix, the length of the sums. */
  public int k() {
    return innerSize();
  }

  /** Columns of the matrix. */
  public int n() {
    return columns();
  }

  static int size(MicroKernel kernel, int k, int n) {
    int full = n / kernel.columns() * kernel.columns();
    int width = full + (n > full ? kernel.panelWidth(n - full) : 0);
    return Math.multiplyExact(k, width);
  }

  @Override
  float[] part(int panel, int k0, int kc, Scratch scratch) {
    return data;
  }

  @Override
  int partOffset(int panel, int k0) {
    return column(panel) * k() + k0 * kernel().panelWidth(valid(panel));
  }
}
