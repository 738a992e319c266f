package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.hcpl.tensor.cpu.Parallel;

/**
 * Sums down the columns of {@code [rows, C]}.
 *
 * <p>Rows are taken in blocks: within a block a column is summed in float (at most {@link
 * #BLOCK_ROWS} terms), blocks are added in double, pieces of work in their order. The pieces depend
 * on the size alone, so that the result has the same bits for every number of threads.
 */
final class Columns {
  /** Most terms of one float sum. */
  static final int BLOCK_ROWS = 64;

  /** Elements of one piece of work. */
  private static final int PIECE = 1 << 16;

  /** Pieces of one reduction, enough for any number of cores that is likely. */
  private static final int MAX_PIECES = 32;

  private Columns() {}

  /** Sums of one block of rows, for one or more quantities: writes {@code out[t * c + j]}. */
  @FunctionalInterface
  interface Block {
    void sum(int firstRow, int rows, float[] out);
  }

  /** Work of one matrix among several of equal shape. */
  @FunctionalInterface
  interface BlockOf {
    void sum(int matrix, int firstRow, int rows, float[] out);
  }

  /** Takes the totals {@code [terms * c]} of one matrix, which start at {@code offset}. */
  @FunctionalInterface
  interface Sink {
    void accept(int matrix, double[] totals, int offset);
  }

  static int pieces(int rows, int c) {
    long size = (long) rows * c;
    return (int) Math.max(1, Math.min(Math.min(MAX_PIECES, rows), size / PIECE));
  }

  /** Column sums of {@code terms} quantities over all rows. */
  static double[] sum(int rows, int c, int terms, Block block) {
    double[][] result = new double[1][];
    sumEach(
        1,
        rows,
        c,
        terms,
        (matrix, first, count, out) -> block.sum(first, count, out),
        (matrix, totals, offset) -> result[0] = totals);
    return result[0];
  }

  /**
   * Column sums of each of {@code matrices} matrices; the sink may be called from several threads.
   */
  static void sumEach(int matrices, int rows, int c, int terms, BlockOf block, Sink sink) {
    int pieces = pieces(rows, c);
    int width = terms * c;
    if (pieces == 1) {
      int grain = Math.max(1, VectorUnary.LIGHT / Math.max(1, rows * c));
      Parallel.forRange(
          matrices,
          grain,
          (begin, end) -> {
            float[] scratch = new float[width];
            for (int m = begin; m < end; m++) {
              double[] totals = new double[width];
              piece(m, 0, rows, block, scratch, totals, 0);
              sink.accept(m, totals, 0);
            }
          });
      return;
    }
    for (int m = 0; m < matrices; m++) {
      int matrix = m;
      double[] partial = new double[pieces * width];
      Parallel.forRange(
          pieces,
          1,
          (begin, end) -> {
            float[] scratch = new float[width];
            for (int p = begin; p < end; p++) {
              int from = (int) ((long) rows * p / pieces);
              int to = (int) ((long) rows * (p + 1) / pieces);
              piece(matrix, from, to, block, scratch, partial, p * width);
            }
          });
      for (int p = 1; p < pieces; p++) {
        for (int j = 0; j < width; j++) {
          partial[j] += partial[p * width + j];
        }
      }
      sink.accept(m, partial, 0);
    }
  }

  private static void piece(
      int matrix, int from, int to, BlockOf block, float[] scratch, double[] totals, int offset) {
    for (int row = from; row < to; row += BLOCK_ROWS) {
      block.sum(matrix, row, Math.min(BLOCK_ROWS, to - row), scratch);
      add(scratch, totals, offset);
    }
  }

  private static void add(float[] block, double[] totals, int offset) {
    for (int j = 0; j < block.length; j++) {
      totals[offset + j] += block[j];
    }
  }

  /** {@code out[oo + j] = sum over rows of x[xo + r * c + j]}. */
  static void values(float[] x, int xo, int rows, int c, float[] out, int oo) {
    int j = 0;
    for (; j + 4 * L <= c; j += 4 * L) {
      values4(x, xo + j, rows, c, out, oo + j);
    }
    for (; j + L <= c; j += L) {
      FloatVector sum = FloatVector.zero(S);
      for (int r = 0, p = xo + j; r < rows; r++, p += c) {
        sum = sum.add(FloatVector.fromArray(S, x, p));
      }
      sum.intoArray(out, oo + j);
    }
    if (j < c) {
      VectorMask<Float> m = S.indexInRange(j, c);
      FloatVector sum = FloatVector.zero(S);
      for (int r = 0, p = xo + j; r < rows; r++, p += c) {
        sum = sum.add(FloatVector.fromArray(S, x, p, m));
      }
      sum.intoArray(out, oo + j, m);
    }
  }

  private static void values4(float[] x, int xo, int rows, int c, float[] out, int oo) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int r = 0, p = xo; r < rows; r++, p += c) {
      s0 = s0.add(FloatVector.fromArray(S, x, p));
      s1 = s1.add(FloatVector.fromArray(S, x, p + L));
      s2 = s2.add(FloatVector.fromArray(S, x, p + 2 * L));
      s3 = s3.add(FloatVector.fromArray(S, x, p + 3 * L));
    }
    s0.intoArray(out, oo);
    s1.intoArray(out, oo + L);
    s2.intoArray(out, oo + 2 * L);
    s3.intoArray(out, oo + 3 * L);
  }

  /**
   * {@code out[j] = sum (x - centre[j])} and {@code out[c + j] = sum (x - centre[j])^2} over the
   * rows.
   */
  static void deviations(float[] x, int xo, int rows, int c, float[] centre, float[] out) {
    int j = 0;
    for (; j + 2 * L <= c; j += 2 * L) {
      FloatVector c0 = FloatVector.fromArray(S, centre, j);
      FloatVector c1 = FloatVector.fromArray(S, centre, j + L);
      FloatVector r0 = FloatVector.zero(S);
      FloatVector r1 = r0;
      FloatVector s0 = r0;
      FloatVector s1 = r0;
      for (int r = 0, p = xo + j; r < rows; r++, p += c) {
        FloatVector d0 = FloatVector.fromArray(S, x, p).sub(c0);
        FloatVector d1 = FloatVector.fromArray(S, x, p + L).sub(c1);
        r0 = r0.add(d0);
        r1 = r1.add(d1);
        s0 = d0.fma(d0, s0);
        s1 = d1.fma(d1, s1);
      }
      r0.intoArray(out, j);
      r1.intoArray(out, j + L);
      s0.intoArray(out, c + j);
      s1.intoArray(out, c + j + L);
    }
    for (; j < c; j += L) {
      VectorMask<Float> m = S.indexInRange(j, c);
      FloatVector centreVector = FloatVector.fromArray(S, centre, j, m);
      FloatVector rest = FloatVector.zero(S);
      FloatVector sum = rest;
      for (int r = 0, p = xo + j; r < rows; r++, p += c) {
        FloatVector d = FloatVector.fromArray(S, x, p, m).sub(centreVector);
        rest = rest.add(d);
        sum = d.fma(d, sum);
      }
      rest.intoArray(out, j, m);
      sum.intoArray(out, c + j, m);
    }
  }

  /** {@code out[j] = sum g} and {@code out[c + j] = sum g (x - centre[j])} over the rows. */
  static void products(
      float[] g, int go, float[] x, int xo, int rows, int c, float[] centre, int co, float[] out) {
    int j = 0;
    for (; j + 2 * L <= c; j += 2 * L) {
      FloatVector c0 = FloatVector.fromArray(S, centre, co + j);
      FloatVector c1 = FloatVector.fromArray(S, centre, co + j + L);
      FloatVector s0 = FloatVector.zero(S);
      FloatVector s1 = s0;
      FloatVector t0 = s0;
      FloatVector t1 = s0;
      for (int r = 0, p = j; r < rows; r++, p += c) {
        FloatVector g0 = FloatVector.fromArray(S, g, go + p);
        FloatVector g1 = FloatVector.fromArray(S, g, go + p + L);
        s0 = s0.add(g0);
        s1 = s1.add(g1);
        t0 = FloatVector.fromArray(S, x, xo + p).sub(c0).fma(g0, t0);
        t1 = FloatVector.fromArray(S, x, xo + p + L).sub(c1).fma(g1, t1);
      }
      s0.intoArray(out, j);
      s1.intoArray(out, j + L);
      t0.intoArray(out, c + j);
      t1.intoArray(out, c + j + L);
    }
    for (; j < c; j += L) {
      VectorMask<Float> m = S.indexInRange(j, c);
      FloatVector centreVector = FloatVector.fromArray(S, centre, co + j, m);
      FloatVector s = FloatVector.zero(S);
      FloatVector t = s;
      for (int r = 0, p = j; r < rows; r++, p += c) {
        FloatVector gv = FloatVector.fromArray(S, g, go + p, m);
        s = s.add(gv);
        t = FloatVector.fromArray(S, x, xo + p, m).sub(centreVector).fma(gv, t);
      }
      s.intoArray(out, j, m);
      t.intoArray(out, c + j, m);
    }
  }

  /**
   * {@link #products} of {@code g silu'((x - centre) a + b)} instead of g, for c a multiple of the
   * lanes. Goes row by row: with one column after the other, as there, 144 channels took almost
   * twice as long.
   */
  static void siluProducts(
      float[] g,
      int go,
      float[] x,
      int xo,
      int rows,
      int c,
      float[] centre,
      float[] a,
      float[] b,
      float[] out) {
    Arrays.fill(out, 0, 2 * c, 0f);
    for (int r = 0; r < rows; r++) {
      int p = r * c;
      for (int j = 0; j < c; j += L) {
        FloatVector d =
            FloatVector.fromArray(S, x, xo + p + j).sub(FloatVector.fromArray(S, centre, j));
        FloatVector z = d.fma(FloatVector.fromArray(S, a, j), FloatVector.fromArray(S, b, j));
        FloatVector dz = VectorMath.siluSlope(z).mul(FloatVector.fromArray(S, g, go + p + j));
        FloatVector.fromArray(S, out, j).add(dz).intoArray(out, j);
        d.fma(dz, FloatVector.fromArray(S, out, c + j)).intoArray(out, c + j);
      }
    }
  }

  /** {@code out[oo + j] = max or min over rows}; NaN wins. */
  static void extremes(boolean max, float[] x, int xo, int rows, int c, float[] out, int oo) {
    for (int j = 0; j < c; j += L) {
      VectorMask<Float> m = S.indexInRange(j, c);
      if (max) {
        FloatVector best = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        for (int r = 0, p = xo + j; r < rows; r++, p += c) {
          best = best.max(FloatVector.fromArray(S, x, p, m));
        }
        best.intoArray(out, oo + j, m);
      } else {
        FloatVector best = FloatVector.broadcast(S, Float.POSITIVE_INFINITY);
        for (int r = 0, p = xo + j; r < rows; r++, p += c) {
          best = best.min(FloatVector.fromArray(S, x, p, m));
        }
        best.intoArray(out, oo + j, m);
      }
    }
  }
}
