package org.hcpl.tensor.cpu.vector;

import org.hcpl.tensor.cpu.Parallel;

/**
 * Reductions over one axis of {@code [outer, axis, inner]}; the last axis is {@code inner == 1},
 * leading axes are {@code outer == 1}. Everything writes (does not accumulate).
 *
 * <p>Sums are blocked or pairwise, in an order that depends on the shape alone. The empty sum is 0,
 * the empty mean and variance NaN, the empty maximum -infinity.
 */
public final class VectorReduce {
  private VectorReduce() {}

  /** {@code y[o, i] = sum over k of x[o, k, i]}. */
  public static void sum(float[] x, int xo, int outer, int axis, int inner, float[] y, int yo) {
    scaledSum(x, xo, outer, axis, inner, 1, y, yo);
  }

  /** {@code y[o, i] = mean over k of x[o, k, i]}. */
  public static void mean(float[] x, int xo, int outer, int axis, int inner, float[] y, int yo) {
    scaledSum(x, xo, outer, axis, inner, 1.0 / axis, y, yo);
  }

  private static void scaledSum(
      float[] x, int xo, int outer, int axis, int inner, double scale, float[] y, int yo) {
    if (inner == 1) {
      if (outer == 1) {
        y[yo] = (float) (total(x, xo, axis) * scale);
        return;
      }
      eachRow(outer, axis, r -> y[yo + r] = (float) (RowSums.sum(x, xo + r * axis, axis) * scale));
      return;
    }
    Columns.sumEach(
        outer,
        axis,
        inner,
        1,
        (m, first, rows, out) ->
            Columns.values(x, xo + (m * axis + first) * inner, rows, inner, out, 0),
        (m, totals, offset) -> {
          for (int i = 0; i < inner; i++) {
            y[yo + m * inner + i] = (float) (totals[offset + i] * scale);
          }
        });
  }

  /** Sum of n elements, in double over blocks of 64 Ki elements. */
  public static double total(float[] x, int xo, int n) {
    return blocked(n, (first, count) -> RowSums.sumOfQuarters(x, xo + first, count));
  }

  /** Scalar product of two arrays of n elements. */
  public static double dot(float[] a, int ao, float[] b, int bo, int n) {
    return blocked(n, (first, count) -> RowSums.dot(a, ao + first, b, bo + first, count));
  }

  private interface BlockSum {
    float of(int first, int count);
  }

  private static double blocked(int n, BlockSum block) {
    int size = VectorUnary.LIGHT;
    int blocks = (n + size - 1) / size;
    float[] sums = new float[blocks];
    Parallel.forRange(
        blocks,
        1,
        (begin, end) -> {
          for (int b = begin; b < end; b++) {
            sums[b] = block.of(b * size, Math.min(size, n - b * size));
          }
        });
    double sum = 0;
    for (float s : sums) {
      sum += s;
    }
    return sum;
  }

  /**
   * {@code y[n, c] = sum over p of a[n, p, c] * b[n, p, c]}: the gradient of a factor that was
   * broadcast over pixels.
   */
  public static void sumOfProducts(
      float[] a, int ao, float[] b, int bo, int outer, int axis, int inner, float[] y, int yo) {
    if (inner == 1) {
      eachRow(outer, axis, r -> y[yo + r] = RowSums.dot(a, ao + r * axis, b, bo + r * axis, axis));
      return;
    }
    float[] zero = new float[inner];
    Columns.sumEach(
        outer,
        axis,
        inner,
        2,
        (m, first, rows, out) -> {
          int p = (m * axis + first) * inner;
          Columns.products(a, ao + p, b, bo + p, rows, inner, zero, 0, out);
        },
        (m, totals, offset) -> {
          for (int i = 0; i < inner; i++) {
            y[yo + m * inner + i] = (float) totals[offset + inner + i];
          }
        });
  }

  /** Largest element; NaN if there is one. */
  public static void max(float[] x, int xo, int outer, int axis, int inner, float[] y, int yo) {
    extreme(true, x, xo, outer, axis, inner, y, yo);
  }

  /** Smallest element; NaN if there is one. */
  public static void min(float[] x, int xo, int outer, int axis, int inner, float[] y, int yo) {
    extreme(false, x, xo, outer, axis, inner, y, yo);
  }

  private static void extreme(
      boolean max, float[] x, int xo, int outer, int axis, int inner, float[] y, int yo) {
    if (inner == 1) {
      eachRow(
          outer,
          axis,
          r ->
              y[yo + r] =
                  max ? RowSums.max(x, xo + r * axis, axis) : RowSums.min(x, xo + r * axis, axis));
    } else {
      Parallel.forRange(
          outer,
          Math.max(1, VectorUnary.LIGHT / Math.max(1, axis * inner)),
          (begin, end) -> {
            for (int o = begin; o < end; o++) {
              Columns.extremes(max, x, xo + o * axis * inner, axis, inner, y, yo + o * inner);
            }
          });
    }
  }

  /**
   * Mean and biased variance in two passes over each block, blocks joined by Chan's formula in
   * double: one pass over memory, and no cancellation for a mean far from zero. For last-axis rows
   * a plain second pass.
   */
  public static void moments(
      float[] x,
      int xo,
      int outer,
      int axis,
      int inner,
      float[] mean,
      int meanOffset,
      float[] variance,
      int varianceOffset) {
    if (inner == 1) {
      eachRow(
          outer,
          axis,
          r -> {
            float m = RowSums.sum(x, xo + r * axis, axis) / axis;
            mean[meanOffset + r] = m;
            variance[varianceOffset + r] = RowSums.squares(x, xo + r * axis, axis, m) / axis;
          });
    } else {
      for (int o = 0; o < outer; o++) {
        Moments m = Moments.of(x, xo + o * axis * inner, axis, inner);
        for (int i = 0; i < inner; i++) {
          mean[meanOffset + o * inner + i] = (float) m.mean(i);
          variance[varianceOffset + o * inner + i] = (float) m.variance(i);
        }
      }
    }
  }

  /** Index of the first largest element along the axis; the first NaN where there is one. */
  public static void argmax(float[] x, int xo, int outer, int axis, int inner, int[] y, int yo) {
    if (axis == 0) {
      throw new IllegalArgumentException(
          "argmax: the axis is empty (expected: at least 1 element)");
    }
    if (inner == 1) {
      eachRow(
          outer,
          axis,
          r -> {
            int row = xo + r * axis;
            float best = RowSums.max(x, row, axis);
            int k = 0;
            while (x[row + k] != best && !Float.isNaN(x[row + k])) {
              k++;
            }
            y[yo + r] = k;
          });
      return;
    }
    Parallel.forRange(
        outer,
        Math.max(1, VectorUnary.HEAVY / Math.max(1, axis * inner)),
        (begin, end) -> {
          for (int o = begin; o < end; o++) {
            int base = xo + o * axis * inner;
            for (int i = 0; i < inner; i++) {
              int best = 0;
              float value = x[base + i];
              for (int k = 1; k < axis && !Float.isNaN(value); k++) {
                float v = x[base + k * inner + i];
                if (v > value || Float.isNaN(v)) {
                  value = v;
                  best = k;
                }
              }
              y[yo + o * inner + i] = best;
            }
          }
        });
  }

  /** {@code dx = dy} at the first largest element along the axis (the first NaN), 0 elsewhere. */
  public static void maxGradient(
      float[] x, int xo, float[] dy, int dyo, int outer, int axis, int inner, float[] dx, int dxo) {
    int[] places = new int[outer * inner];
    argmax(x, xo, outer, axis, inner, places, 0);
    java.util.Arrays.fill(dx, dxo, dxo + outer * axis * inner, 0f);
    for (int r = 0; r < places.length; r++) {
      int o = inner == 0 ? 0 : r / inner;
      dx[dxo + (o * axis + places[r]) * inner + r % inner] = dy[dyo + r];
    }
  }

  private interface RowTask {
    void run(int row);
  }

  private static void eachRow(int rows, int width, RowTask task) {
    Parallel.forRange(
        rows,
        Math.max(1, VectorUnary.LIGHT / Math.max(1, width)),
        (begin, end) -> {
          for (int r = begin; r < end; r++) {
            task.run(r);
          }
        });
  }
}
