package org.hcpl.tensor.cpu;

/** The right matrix {@code [k, n]} of a product in panels: packed as a whole, or as it is used. */
abstract class RightMatrix {
  private final MicroKernel kernel;
  private final int k;
  private final int n;

  /** Columns that the last panel has from the one before. */
  private final int shared;

  RightMatrix(MicroKernel kernel, int k, int n) {
    this.kernel = kernel;
    this.k = k;
    this.n = n;
    this.shared = n > kernel.columns() ? kernel.shared(n % kernel.columns()) : 0;
  }

  /** Packed panel by panel each time the product comes to it: for few rows, which read it once. */
  static RightMatrix streamed(MicroKernel kernel, int k, int n, PanelSource source) {
    return new RightMatrix(kernel, k, n) {
      @Override
      float[] part(int panel, int k0, int kc, Scratch scratch) {
        int width = kernel.panelWidth(valid(panel));
        float[] data = scratch.panel(kc * width);
        source.pack(k0, kc, column(panel), valid(panel), width, data, 0);
        return data;
      }

      @Override
      int partOffset(int panel, int k0) {
        return 0;
      }

      @Override
      boolean streamed() {
        return true;
      }
    };
  }

  /** The array that holds rows {@code k0..k0 + kc - 1} of a panel. */
  abstract float[] part(int panel, int k0, int kc, Scratch scratch);

  /** Where in it they begin. */
  abstract int partOffset(int panel, int k0);

  /** Whether {@link #part} does work, and is best called once. */
  boolean streamed() {
    return false;
  }

  final MicroKernel kernel() {
    return kernel;
  }

  final int innerSize() {
    return k;
  }

  final int columns() {
    return n;
  }

  final int panels() {
    return (n + kernel.columns() - 1) / kernel.columns();
  }

  /** The first column of the matrix in a panel; {@code n} for the one after the last. */
  final int column(int panel) {
    int column = panel * kernel.columns();
    return Math.min(n, panel == panels() - 1 ? column - shared : column);
  }

  /** Columns of the matrix in a panel. */
  final int valid(int panel) {
    return column(panel + 1) - column(panel);
  }
}
