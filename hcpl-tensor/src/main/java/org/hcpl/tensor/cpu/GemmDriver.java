package org.hcpl.tensor.cpu;

/**
 * The one driver of all products: cuts {@code [m, k] x [k, n]} into blocks that fit the caches and
 * spreads the blocks over the threads.
 *
 * <p>For a block of rows and DEPTH of the inner indices it runs down the panels of B, whose rows
 * then come in order from L2 while the block of A stays there. Sums are taken in the same order for
 * every number of threads.
 */
final class GemmDriver {
  /** Inner indices per block; less, and the reading and writing of C per block shows. */
  private static final int DEPTH = 512;

  /** Floats of A in a block: 192 KiB, a fifth of an L2 cache. */
  private static final int ROW_BLOCK_FLOATS = 48 * 1024;

  /** Multiply-adds that are worth a thread's while, some ten microseconds. */
  private static final long LEAST_WORK = 1 << 19;

  private GemmDriver() {}

  /** Where row {@code i} of the result begins. */
  @FunctionalInterface
  interface RowTarget {
    int offset(int row);
  }

  /** Rows {@code ld} floats apart. */
  record StridedRows(int start, int ld) implements RowTarget {
    @Override
    public int offset(int row) {
      return start + row * ld;
    }
  }

  /**
   * {@code C = epilogue(start + A B)}, start being C's old values if {@code accumulate} and zero
   * otherwise.
   */
  static void run(
      int m,
      RowSource a,
      RightMatrix b,
      float[] c,
      RowTarget rows,
      boolean accumulate,
      Epilogue epilogue) {
    int panels = b.panels();
    if (m == 0 || panels == 0) {
      return;
    }
    int step = b.kernel().rows();
    int tiles = (m + step - 1) / step;
    int depth = depth(b.innerSize());
    int mostTiles = Math.max(1, ROW_BLOCK_FLOATS / (Math.max(1, depth) * step));
    int rowBlocks = b.streamed() ? 1 : (tiles + mostTiles - 1) / mostTiles;
    int columnBlocks = 1;
    int threads = Parallel.threads();
    long work = (long) m * b.columns() * Math.max(1, b.innerSize());
    if (threads > 1 && work > LEAST_WORK) {
      int parts = (int) Math.min(2L * threads, 1 + work / LEAST_WORK);
      if (tiles >= 2 * parts && !b.streamed()) {
        rowBlocks = Math.max(rowBlocks, parts);
        rowBlocks = (rowBlocks + threads - 1) / threads * threads;
      } else {
        columnBlocks = Math.min(panels, parts);
        int rowParts = b.streamed() ? 1 : Math.min(tiles, parts / columnBlocks);
        rowBlocks = Math.max(rowBlocks, rowParts);
      }
    }
    int blocksDown = rowBlocks;
    int blocksAcross = columnBlocks;
    Parallel.forRange(
        blocksDown * blocksAcross,
        1,
        (start, end) -> {
          for (int block = start; block < end; block++) {
            int down = block / blocksAcross;
            int across = block % blocksAcross;
            int row0 = (int) ((long) tiles * down / blocksDown) * step;
            int rowEnd = Math.min(m, (int) ((long) tiles * (down + 1) / blocksDown) * step);
            int panel0 = panels * across / blocksAcross;
            int panelEnd = panels * (across + 1) / blocksAcross;
            block(row0, rowEnd, panel0, panelEnd, a, b, c, rows, accumulate, epilogue);
          }
        });
  }

  /** The inner indices of all blocks but the last: evenly shared, at most about {@link #DEPTH}. */
  private static int depth(int k) {
    int blocks = (k + DEPTH + DEPTH / 4 - 1) / (DEPTH + DEPTH / 4);
    return blocks <= 1 ? k : ((k + blocks - 1) / blocks + 7) & -8;
  }

  private static void block(
      int row0,
      int rowEnd,
      int panel0,
      int panelEnd,
      RowSource a,
      RightMatrix b,
      float[] c,
      RowTarget rows,
      boolean accumulate,
      Epilogue epilogue) {
    MicroKernel kernel = b.kernel();
    Scratch scratch = Scratch.own();
    int count = rowEnd - row0;
    int[] aOffsets = scratch.aOffsets(count);
    int[] cOffsets = scratch.cOffsets(count);
    for (int i = 0; i < count; i++) {
      cOffsets[i] = rows.offset(row0 + i);
    }
    float[] bias = Scratch.zeros();
    boolean hasBias = epilogue != null && epilogue.bias() != null;
    int firstColumn = panel0 * kernel.columns();
    if (hasBias) {
      int columns = Math.min(b.columns(), panelEnd * kernel.columns()) - firstColumn;
      if (accumulate) {
        for (int i = 0; i < count; i++) {
          kernel.finish(
              c,
              cOffsets[i] + firstColumn,
              columns,
              epilogue.bias(),
              epilogue.biasOffset() + firstColumn,
              Activation.NONE);
        }
        hasBias = false;
      } else {
        bias = scratch.bias((panelEnd - panel0) * kernel.columns());
        System.arraycopy(epilogue.bias(), epilogue.biasOffset() + firstColumn, bias, 0, columns);
      }
    }
    int k = b.innerSize();
    int depth = depth(k);
    int k0 = 0;
    do {
      int kc = Math.min(depth, k - k0);
      boolean last = k0 + kc == k;
      boolean add = accumulate || k0 > 0;
      float[] from = a.rows(row0, count, k0, kc, aOffsets, scratch);
      for (int panel = panel0; panel < panelEnd; panel++) {
        int column = panel * kernel.columns();
        int valid = b.valid(panel);
        kernel.multiply(
            kc,
            from,
            aOffsets,
            b.part(panel, k0, kc, scratch),
            b.partOffset(panel, k0),
            c,
            cOffsets,
            column,
            0,
            count,
            valid,
            add,
            bias,
            hasBias ? column - firstColumn : 0);
        if (last && epilogue != null && epilogue.finishes()) {
          finish(kernel, epilogue, row0, count, c, cOffsets, column, valid);
        }
      }
      k0 += kc;
    } while (k0 < k);
  }

  private static void finish(
      MicroKernel kernel,
      Epilogue epilogue,
      int row0,
      int count,
      float[] c,
      int[] cOffsets,
      int column,
      int valid) {
    float[] residual = epilogue.residual();
    for (int i = 0; i < count; i++) {
      int at =
          residual == null
              ? 0
              : epilogue.residualOffset() + (row0 + i) * epilogue.residualStride() + column;
      kernel.finish(c, cOffsets[i] + column, valid, residual, at, epilogue.activation());
    }
  }
}
