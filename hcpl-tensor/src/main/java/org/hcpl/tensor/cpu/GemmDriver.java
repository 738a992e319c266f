package org.hcpl.tensor.cpu;

/**
 * The one driver of all products: cuts {@code [m, k] x [k, n]} into blocks that fit the caches and
 * spreads the blocks over the threads.
 *
 * <p>For a block of rows and one or two thousand inner indices it takes as many panels of B as stay
 * in L2, and lets the rows pass by, a tile's height at a time. A large B is worked off in slabs
 * that stay in L3 while all rows pass by. A large C, and one with an activation, is written some
 * rows at a time, through a copy that stays in L1. Sums are taken in the same order for every
 * number of threads.
 */
final class GemmDriver {
  /** Inner indices per block; with fewer, reading and writing C once a block shows. */
  private static final int DEPTH = 1024;

  /** The same where C leaves the caches between its blocks. */
  private static final int LARGE_DEPTH = 2048;

  /** Floats of B that stay in L2 while rows of A pass by: 512 KiB, half of an L2 cache. */
  private static final int GROUP_FLOATS = 128 * 1024;

  /** Floats of A in a block that meets no more of B than that: 192 KiB. */
  private static final int ROW_BLOCK_FLOATS = 48 * 1024;

  /** Floats of A in a block that meets more, which then comes from L3 once a block. */
  private static final int LONG_BLOCK_FLOATS = 400 * 1024;

  /** Floats of B in a slab: 8 MiB. */
  private static final int SLAB_FLOATS = 1 << 21;

  /** Tiles that one call makes where there is but one panel. */
  private static final int TILES_AT_ONCE = 8;

  /** Floats of C that no longer stay in a cache: 3 MiB. */
  private static final int STAGED_FLOATS = 3 << 18;

  /** Floats of such a C that are written at a time: 24 KiB. */
  private static final int STAGE_FLOATS = 6 * 1024;

  /** Multiply-adds that are worth a thread's while, some ten microseconds. */
  private static final long LEAST_WORK = 1 << 19;

  private final int m;
  private final RowSource a;
  private final RightMatrix b;
  private final MicroKernel kernel;
  private final float[] c;
  private final RowTarget rows;
  private final boolean accumulate;
  private final Epilogue epilogue;
  private final int depth;

  private GemmDriver(
      int m,
      RowSource a,
      RightMatrix b,
      float[] c,
      RowTarget rows,
      boolean accumulate,
      Epilogue epilogue) {
    this.m = m;
    this.a = a;
    this.b = b;
    this.kernel = b.kernel();
    this.c = c;
    this.rows = rows;
    this.accumulate = accumulate;
    this.epilogue = epilogue;
    this.depth = depth(b.innerSize(), (long) m * b.columns());
  }

  /** Where row {@code i} of the result begins. */
  @FunctionalInterface
  interface RowTarget {
    int offset(int row);

    /** Whether rows of this many floats follow one another without a gap. */
    default boolean dense(int columns) {
      return false;
    }
  }

  /** Rows {@code ld} floats apart. */
  record StridedRows(int start, int ld) implements RowTarget {
    @Override
    public int offset(int row) {
      return start + row * ld;
    }

    @Override
    public boolean dense(int columns) {
      return ld == columns;
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
    if (m > 0 && b.panels() > 0) {
      new GemmDriver(m, a, b, c, rows, accumulate, epilogue).run();
    }
  }

  private void run() {
    int k = b.innerSize();
    int panels = b.panels();
    boolean inSlabs =
        !b.streamed() && (long) k * b.columns() > SLAB_FLOATS && m > ROW_BLOCK_FLOATS / depth;
    if (!inSlabs) {
      slab(0, panels, 0, k);
      return;
    }
    int most = Math.max(1, SLAB_FLOATS / (depth * kernel.columns()));
    int slabs = evenly(panels, most);
    int width = (panels + slabs - 1) / slabs;
    for (int panel = 0; panel < panels; panel += width) {
      for (int k0 = 0; k0 < k; k0 += depth) {
        slab(panel, Math.min(panels, panel + width), k0, Math.min(k, k0 + depth));
      }
    }
  }

  /** All rows with some panels and inner indices of B, in blocks on all threads. */
  private void slab(int firstPanel, int lastPanel, int kStart, int kEnd) {
    int panels = lastPanel - firstPanel;
    int step = kernel.rows();
    int tiles = (m + step - 1) / step;
    int kc = Math.max(1, Math.min(depth, kEnd - kStart));
    boolean grouped = (long) panels * kernel.columns() * kc > GROUP_FLOATS;
    int mostTiles = Math.max(1, (grouped ? LONG_BLOCK_FLOATS : ROW_BLOCK_FLOATS) / (kc * step));
    int rowBlocks = b.streamed() ? 1 : (tiles + mostTiles - 1) / mostTiles;
    int columnBlocks = 1;
    int threads = Parallel.threads();
    long work = (long) m * panels * kernel.columns() * Math.max(1, kEnd - kStart);
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
            int row0 = Parallel.begin(tiles, blocksDown, down) * step;
            int rowEnd = Math.min(m, Parallel.begin(tiles, blocksDown, down + 1) * step);
            int panel0 = firstPanel + Parallel.begin(panels, blocksAcross, across);
            int panelEnd = firstPanel + Parallel.begin(panels, blocksAcross, across + 1);
            block(row0, rowEnd, panel0, panelEnd, kStart, kEnd);
          }
        });
  }

  /**
   * The inner indices of all blocks but the last: evenly shared, at most about {@link #DEPTH} or
   * {@link #LARGE_DEPTH}.
   */
  private static int depth(int k, long resultFloats) {
    int blocks = evenly(k, resultFloats < STAGED_FLOATS ? DEPTH : LARGE_DEPTH);
    return blocks <= 1 ? k : ((k + blocks - 1) / blocks + 7) & -8;
  }

  /** Into how many even blocks n goes, of a size or a quarter more. */
  private static int evenly(int n, int size) {
    int most = size + size / 4;
    return (n + most - 1) / most;
  }

  private void block(int row0, int rowEnd, int panel0, int panelEnd, int kStart, int kEnd) {
    Scratch scratch = Scratch.own();
    int count = rowEnd - row0;
    int[] aOffsets = scratch.aOffsets(count);
    int[] cOffsets = scratch.cOffsets(count);
    for (int i = 0; i < count; i++) {
      cOffsets[i] = rows.offset(row0 + i);
    }
    int firstColumn = b.column(panel0);
    float[] edge = scratch.edge(kernel);
    float[] bias = Scratch.zeros();
    boolean hasBias = kStart == 0 && epilogue != null && epilogue.bias() != null;
    if (hasBias) {
      int columns = b.column(panelEnd) - firstColumn;
      int from = epilogue.biasOffset() + firstColumn;
      if (accumulate) {
        for (int i = 0; i < count; i++) {
          int at = cOffsets[i] + firstColumn;
          kernel.finish(c, at, columns, epilogue.bias(), from, Activation.NONE);
        }
        hasBias = false;
      } else {
        // A copy with room up to the end of the last panel.
        bias = scratch.bias((panelEnd - panel0) * kernel.columns());
        System.arraycopy(epilogue.bias(), from, bias, 0, columns);
      }
    }
    int k0 = kStart;
    do {
      int kc = Math.min(depth, kEnd - k0);
      boolean last = k0 + kc == b.innerSize();
      boolean add = accumulate || k0 > 0;
      float[] left = a.rows(row0, count, k0, kc, aOffsets, scratch);
      // Panels inside and rows outside, so that rows of C are written whole, while the panels stay
      // in L2; a panel that is packed as it is used meets all rows at once.
      int width = kernel.columns();
      int group = b.streamed() ? 1 : Math.max(1, GROUP_FLOATS / (Math.max(1, kc) * width));
      int step = b.streamed() ? count : kernel.rows() * (b.panels() == 1 ? TILES_AT_ONCE : 1);
      // The zeros after the last column may go to the row below if that is written later: the
      // panels come from right to left, and the last rows of a block keep to their columns.
      boolean overflows =
          !accumulate
              && kc == b.innerSize()
              && rows.dense(b.columns())
              && panelEnd - panel0 == b.panels()
              && group >= b.panels();
      // Memory takes rows that follow one another faster than the pieces that tiles make of them.
      // An activation goes the same way: while memory takes a row the next one is computed.
      boolean activates =
          last
              && epilogue != null
              && epilogue.activation() != Activation.NONE
              && epilogue.residual() == null;
      boolean staged = overflows && (activates || (long) m * b.columns() >= STAGED_FLOATS);
      float[] to = c;
      int[] toOffsets = cOffsets;
      if (staged) {
        step *= Math.max(1, Math.min(4, STAGE_FLOATS / (step * b.columns())));
        to = scratch.stage(step * b.columns() + width);
        toOffsets = scratch.stageOffsets(count);
        for (int i = 0; i < count; i++) {
          toOffsets[i] = i % step * b.columns();
        }
      }
      for (int groupStart = panel0; groupStart < panelEnd; groupStart += group) {
        int groupEnd = Math.min(panelEnd, groupStart + group);
        int column0 = b.column(groupStart);
        int columns = b.column(groupEnd) - column0;
        for (int first = 0; first < count; first += step) {
          int rowsNow = Math.min(step, count - first);
          long below = (count - first - rowsNow) * (long) b.columns();
          boolean over = overflows && (staged || below >= kernel.columns());
          for (int panel = groupEnd - 1; panel >= groupStart; panel--) {
            int column = b.column(panel);
            int valid = b.valid(panel);
            kernel.multiply(
                kc,
                left,
                aOffsets,
                b.part(panel, k0, kc, scratch),
                b.partOffset(panel, k0),
                to,
                toOffsets,
                column,
                first,
                rowsNow,
                over ? kernel.panelWidth(valid) : valid,
                add,
                bias,
                hasBias ? column - firstColumn : 0,
                edge);
          }
          if (last && epilogue != null && epilogue.finishes() && !(staged && activates)) {
            boolean joined = columns == b.columns() && (staged || rows.dense(columns));
            finish(to, toOffsets, first, rowsNow, column0, columns, row0, joined);
          }
          if (staged) {
            Activation then = activates ? epilogue.activation() : Activation.NONE;
            kernel.activate(then, to, 0, c, cOffsets[first], rowsNow * columns);
          }
        }
      }
      k0 += kc;
    } while (k0 < kEnd);
  }

  /**
   * The rest of the epilogue on a piece of the result that has just been written.
   *
   * @param joined whether the rows follow one another without a gap
   */
  private void finish(
      float[] to,
      int[] toOffsets,
      int first,
      int count,
      int column,
      int columns,
      int row0,
      boolean joined) {
    if (!joined || epilogue.residual() != null) {
      for (int i = first; i < first + count; i++) {
        kernel.finish(to, toOffsets[i] + column, columns, epilogue, row0 + i, column);
      }
      return;
    }
    kernel.finish(to, toOffsets[first] + column, count * columns, null, 0, epilogue.activation());
  }
}
