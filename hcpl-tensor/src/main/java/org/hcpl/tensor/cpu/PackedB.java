package org.hcpl.tensor.cpu;

/**
 * The right matrix {@code [k, n]} of a product, packed once for many products: weights.
 *
 * <p>A copy in an order of the kernel's own; it does not follow later changes of the source.
 */
public final class PackedB {
  private final MicroKernel kernel;
  private final int k;
  private final int n;
  private final float[] data;
  private final int offset;

  PackedB(MicroKernel kernel, int k, int n, float[] data, int offset) {
    this.kernel = kernel;
    this.k = k;
    this.n = n;
    this.data = data;
    this.offset = offset;
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
    PackedB packed = new PackedB(kernel, k, n, new float[size(kernel, k, n)], 0);
    packed.fill(source, 0, 0);
    return packed;
  }

  /** Packs rows {@code k0..} and columns {@code n0..} of the source into this. */
  void fill(PanelSource source, int k0, int n0) {
    int grain = Math.max(1, 16384 / Math.max(1, k * kernel.columns()));
    Parallel.forRange(
        panels(),
        grain,
        (start, end) -> {
          for (int panel = start; panel < end; panel++) {
            int valid = valid(panel);
            source.pack(
                k0,
                k,
                n0 + panel * kernel.columns(),
                valid,
                kernel.panelWidth(valid),
                data,
                panelOffset(panel));
          }
        });
  }

  /** Rows of the matrix, the length of the sums. */
  public int k() {
    return k;
  }

  /** Columns of the matrix. */
  public int n() {
    return n;
  }

  /** Floats of the copy. */
  public int size() {
    return size(kernel, k, n);
  }

  static int size(MicroKernel kernel, int k, int n) {
    int full = n / kernel.columns() * kernel.columns();
    int width = full + (n > full ? kernel.panelWidth(n - full) : 0);
    return Math.multiplyExact(k, width);
  }

  MicroKernel kernel() {
    return kernel;
  }

  float[] data() {
    return data;
  }

  int panels() {
    return (n + kernel.columns() - 1) / kernel.columns();
  }

  /** Columns of the matrix in a panel. */
  int valid(int panel) {
    return Math.min(kernel.columns(), n - panel * kernel.columns());
  }

  int panelOffset(int panel) {
    return offset + panel * kernel.columns() * k;
  }
}
