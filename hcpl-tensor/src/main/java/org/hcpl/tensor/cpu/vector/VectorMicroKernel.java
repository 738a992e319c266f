package org.hcpl.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.hcpl.tensor.cpu.Activation;
import org.hcpl.tensor.cpu.MicroKernel;

/**
 * The tile in the Vector API: up to 9 rows by three vectors where there are 32 registers, 4 by
 * three where there are 16, each height a class of its own ({@code Tile9}, ..., {@code Tile1})
 * because only a method with one counted loop around local accumulators keeps them in registers.
 *
 * <p>More rows by fewer vectors need more general registers, one a row, than there are.
 */
public final class VectorMicroKernel implements MicroKernel {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /** AVX-512 and ARM have 32 vector registers, AVX2 has 16. */
  private static final boolean MANY_REGISTERS = SPECIES.vectorBitSize() != 256;

  private static final int ROWS = MANY_REGISTERS ? 9 : 4;

  /** Vectors of a full panel. */
  private static final int VECTORS = 3;

  private static final float[] ZEROS = new float[VECTORS * LANES];

  /**
   * {@code to[i, j] = start[startOffset + j] + sum over p < k of a[i, p] b[p, j]} for the rows of a
   * tile from {@code first} on and the columns of one to three vectors; row i of {@code to} begins
   * at {@code toRows[toFirst + i] + toColumn}.
   *
   * <p>An implementation has one way through: HotSpot gives up a compiled method, and later makes
   * worse code for it, for every branch that is first taken after it was compiled.
   */
  @FunctionalInterface
  private interface Tile {
    void run(
        int k,
        float[] a,
        int[] aRows,
        int first,
        float[] b,
        int bOffset,
        float[] start,
        int startOffset,
        float[] to,
        int[] toRows,
        int toFirst,
        int toColumn);
  }

  /** Tiles by the vectors of their panel, less one, and by their rows. */
  private static final Tile[][] TILES = new Tile[VECTORS][ROWS + 1];

  static {
    if (MANY_REGISTERS) {
      put(9, Tile9::one, Tile9::two, Tile9::three);
    }
    put(4, Tile4::one, Tile4::two, Tile4::three);
    put(2, Tile2::one, Tile2::two, Tile2::three);
    put(1, Tile1::one, Tile1::two, Tile1::three);
  }

  private static void put(int rows, Tile... byVectors) {
    for (int i = 0; i < VECTORS; i++) {
      TILES[i][rows] = byVectors[i];
    }
  }

  /** Rows of a tile of its own. */
  private static final int[] EDGE = new int[ROWS];

  static {
    for (int i = 0; i < ROWS; i++) {
      EDGE[i] = i * VECTORS * LANES;
    }
  }

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int columns() {
    return VECTORS * LANES;
  }

  @Override
  public int panelWidth(int valid) {
    return (valid + LANES - 1) / LANES * LANES;
  }

  @Override
  public int shared(int rest) {
    return rest > 0 && rest <= LANES ? LANES : 0;
  }

  @Override
  public void multiply(
      int k,
      float[] a,
      int[] aRows,
      float[] b,
      int bOffset,
      float[] c,
      int[] cRows,
      int cColumn,
      int first,
      int count,
      int valid,
      boolean accumulate,
      float[] bias,
      int biasOffset,
      float[] edge) {
    Tile[] tiles = TILES[(valid - 1) / LANES];
    // A panel that is not full goes through a tile that is, so that tiles need no masks; sums that
    // are added go the same way, which shows little as they are long.
    boolean direct = valid % LANES == 0 && !accumulate;
    float[] start = accumulate ? ZEROS : bias;
    int rows;
    for (int i = first; i < first + count; i += rows) {
      rows = tileRows(first + count - i);
      Tile tile = tiles[rows];
      if (direct) {
        tile.run(k, a, aRows, i, b, bOffset, bias, biasOffset, c, cRows, i, cColumn);
      } else {
        tile.run(k, a, aRows, i, b, bOffset, start, accumulate ? 0 : biasOffset, edge, EDGE, 0, 0);
        for (int row = 0; row < rows; row++) {
          int to = cRows[i + row] + cColumn;
          if (accumulate) {
            addEdge(edge, EDGE[row], c, to, valid);
          } else {
            storeEdge(edge, EDGE[row], c, to, valid);
          }
        }
      }
    }
  }

  /** The rows of the next tile when this many are left. */
  private static int tileRows(int left) {
    return MANY_REGISTERS && left >= 9 ? 9 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
  }

  private static void storeEdge(float[] edge, int from, float[] c, int to, int valid) {
    if (valid < LANES) {
      VectorMask<Float> mask = SPECIES.indexInRange(0, valid);
      FloatVector.fromArray(SPECIES, edge, from).intoArray(c, to, mask);
      return;
    }
    // Whole vectors of which the last overlaps: much faster than one under a mask.
    int last = valid - LANES;
    for (int j = 0; j < last; j += LANES) {
      FloatVector.fromArray(SPECIES, edge, from + j).intoArray(c, to + j);
    }
    FloatVector.fromArray(SPECIES, edge, from + last).intoArray(c, to + last);
  }

  private static void addEdge(float[] edge, int from, float[] c, int to, int valid) {
    int j = 0;
    for (; j + LANES <= valid; j += LANES) {
      FloatVector.fromArray(SPECIES, edge, from + j)
          .add(FloatVector.fromArray(SPECIES, c, to + j))
          .intoArray(c, to + j);
    }
    for (; j < valid; j++) {
      c[to + j] += edge[from + j];
    }
  }

  @Override
  public void add(float[] c, int cOffset, float[] values, int valuesOffset, int count) {
    BinaryRows.add(c, cOffset, values, valuesOffset, c, cOffset, count);
  }

  @Override
  public void activate(
      Activation activation, float[] from, int fromOffset, float[] to, int toOffset, int count) {
    ChannelRows.activate(activation, from, fromOffset, to, toOffset, count);
  }

  @Override
  public int overrun() {
    return LANES;
  }

  @Override
  public void copyWindows(
      float[] from,
      int fromOffset,
      int fromStep,
      float[] to,
      int toOffset,
      int toStep,
      int length,
      int count) {
    int vectors = (length + LANES - 1) / LANES * LANES;
    int last = fromOffset + (count - 1) * fromStep;
    // Only windows near the end of the source would be read past it.
    int whole = last + vectors <= from.length ? count : Math.max(0, count - 1 - LANES / fromStep);
    for (int i = 0; i < whole; i++) {
      int source = fromOffset + i * fromStep;
      int target = toOffset + i * toStep;
      for (int j = 0; j < length; j += LANES) {
        FloatVector.fromArray(SPECIES, from, source + j).intoArray(to, target + j);
      }
    }
    for (int i = whole; i < count; i++) {
      System.arraycopy(from, fromOffset + i * fromStep, to, toOffset + i * toStep, length);
    }
  }

  @Override
  public void addRows(
      int n,
      float[] c,
      int cOffset,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int ldb) {
    int p = 0;
    for (; p + 8 <= k; p += 8) {
      addEight(n, c, cOffset, a, aOffset + p, b, bOffset + p * ldb, ldb);
    }
    for (; p < k; p++) {
      addOne(n, c, cOffset, a[aOffset + p], b, bOffset + p * ldb);
    }
  }

  private static void addEight(
      int n, float[] c, int cOffset, float[] a, int aOffset, float[] b, int b0, int ldb) {
    FloatVector a0 = FloatVector.broadcast(SPECIES, a[aOffset]);
    FloatVector a1 = FloatVector.broadcast(SPECIES, a[aOffset + 1]);
    FloatVector a2 = FloatVector.broadcast(SPECIES, a[aOffset + 2]);
    FloatVector a3 = FloatVector.broadcast(SPECIES, a[aOffset + 3]);
    FloatVector a4 = FloatVector.broadcast(SPECIES, a[aOffset + 4]);
    FloatVector a5 = FloatVector.broadcast(SPECIES, a[aOffset + 5]);
    FloatVector a6 = FloatVector.broadcast(SPECIES, a[aOffset + 6]);
    FloatVector a7 = FloatVector.broadcast(SPECIES, a[aOffset + 7]);
    int j = 0;
    for (; j + LANES <= n; j += LANES) {
      int from = b0 + j;
      FloatVector even = FloatVector.fromArray(SPECIES, c, cOffset + j);
      FloatVector odd = a1.mul(FloatVector.fromArray(SPECIES, b, from + ldb));
      even = a0.fma(FloatVector.fromArray(SPECIES, b, from), even);
      even = a2.fma(FloatVector.fromArray(SPECIES, b, from + 2 * ldb), even);
      odd = a3.fma(FloatVector.fromArray(SPECIES, b, from + 3 * ldb), odd);
      even = a4.fma(FloatVector.fromArray(SPECIES, b, from + 4 * ldb), even);
      odd = a5.fma(FloatVector.fromArray(SPECIES, b, from + 5 * ldb), odd);
      even = a6.fma(FloatVector.fromArray(SPECIES, b, from + 6 * ldb), even);
      odd = a7.fma(FloatVector.fromArray(SPECIES, b, from + 7 * ldb), odd);
      even.add(odd).intoArray(c, cOffset + j);
    }
    for (; j < n; j++) {
      float even = c[cOffset + j];
      float odd = a[aOffset + 1] * b[b0 + ldb + j];
      even = Math.fma(a[aOffset], b[b0 + j], even);
      for (int p = 2; p < 8; p += 2) {
        even = Math.fma(a[aOffset + p], b[b0 + p * ldb + j], even);
        odd = Math.fma(a[aOffset + p + 1], b[b0 + (p + 1) * ldb + j], odd);
      }
      c[cOffset + j] = even + odd;
    }
  }

  private static void addOne(int n, float[] c, int cOffset, float a, float[] b, int bOffset) {
    FloatVector factor = FloatVector.broadcast(SPECIES, a);
    int j = 0;
    for (; j + LANES <= n; j += LANES) {
      factor
          .fma(
              FloatVector.fromArray(SPECIES, b, bOffset + j),
              FloatVector.fromArray(SPECIES, c, cOffset + j))
          .intoArray(c, cOffset + j);
    }
    for (; j < n; j++) {
      c[cOffset + j] = Math.fma(a, b[bOffset + j], c[cOffset + j]);
    }
  }

  @Override
  public float dot(int k, float[] a, int aOffset, float[] b, int bOffset) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int p = 0;
    for (; p + 4 * LANES <= k; p += 4 * LANES) {
      int i = aOffset + p;
      int j = bOffset + p;
      s0 = FloatVector.fromArray(SPECIES, a, i).fma(FloatVector.fromArray(SPECIES, b, j), s0);
      s1 =
          FloatVector.fromArray(SPECIES, a, i + LANES)
              .fma(FloatVector.fromArray(SPECIES, b, j + LANES), s1);
      s2 =
          FloatVector.fromArray(SPECIES, a, i + 2 * LANES)
              .fma(FloatVector.fromArray(SPECIES, b, j + 2 * LANES), s2);
      s3 =
          FloatVector.fromArray(SPECIES, a, i + 3 * LANES)
              .fma(FloatVector.fromArray(SPECIES, b, j + 3 * LANES), s3);
    }
    for (; p + LANES <= k; p += LANES) {
      s0 =
          FloatVector.fromArray(SPECIES, a, aOffset + p)
              .fma(FloatVector.fromArray(SPECIES, b, bOffset + p), s0);
    }
    float sum = VectorMath.sum(s0.add(s1).add(s2.add(s3)));
    for (; p < k; p++) {
      sum = Math.fma(a[aOffset + p], b[bOffset + p], sum);
    }
    return sum;
  }
}
