package org.hcpl.tensor.cpu.vector;

import java.util.Arrays;
import org.hcpl.tensor.cpu.Parallel;

/**
 * Elementwise functions of two arrays with broadcasting. Everything writes (does not accumulate);
 * the result may be the same array and offset as an operand that is not broadcast.
 */
public final class VectorBinary {
  /**
   * Rows narrower than this are repeated side by side where an operand is the same for many of
   * them.
   */
  private static final int NARROW = 256;

  private VectorBinary() {}

  /** {@code y[i] = a[i] op b[i]} for n elements. */
  public static void same(
      BinaryOp op, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        grain(op),
        (begin, end) ->
            BinaryRows.vectorVector(op, a, ao + begin, b, bo + begin, y, yo + begin, end - begin));
  }

  /** {@code y[i] = a[i] op s} for n elements. */
  public static void scalarRight(
      BinaryOp op, float[] a, int ao, float s, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        grain(op),
        (begin, end) -> BinaryRows.vectorScalar(op, a, ao + begin, s, y, yo + begin, end - begin));
  }

  /** {@code y[i] = s op b[i]} for n elements. */
  public static void scalarLeft(BinaryOp op, float s, float[] b, int bo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        grain(op),
        (begin, end) -> BinaryRows.scalarVector(op, s, b, bo + begin, y, yo + begin, end - begin));
  }

  /**
   * {@code y[n, p, c] = a[n, p, c] op b[n, c]}: {@code [N, HW, C] op [N, 1, C]}, as in squeeze and
   * excitation.
   */
  public static void perImage(
      BinaryOp op,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] y,
      int yo,
      int n,
      int pixels,
      int c) {
    broadcast(
        op,
        a,
        ao,
        new int[] {pixels * c, c, 1},
        b,
        bo,
        new int[] {c, 0, 1},
        y,
        yo,
        new int[] {n, pixels, c});
  }

  /**
   * The strides of a contiguous operand of {@code shape} seen in {@code out}; axes of size 1 get
   * stride 0.
   */
  public static int[] strides(int[] shape, int[] out) {
    int[] strides = new int[out.length];
    int stride = 1;
    for (int d = out.length - 1, s = shape.length - 1; d >= 0 && s >= 0; d--, s--) {
      if (shape[s] != 1) {
        if (shape[s] != out[d]) {
          throw new IllegalArgumentException(
              "broadcast: axis %d of %s does not fit %s (expected: equal sizes or 1)"
                  .formatted(s, Arrays.toString(shape), Arrays.toString(out)));
        }
        strides[d] = stride;
      }
      stride *= shape[s];
    }
    return strides;
  }

  /**
   * {@code y = a op b} over a contiguous y of {@code shape}; the strides count elements, 0 where an
   * operand is broadcast.
   */
  public static void broadcast(
      BinaryOp op,
      float[] a,
      int ao,
      int[] aStrides,
      float[] b,
      int bo,
      int[] bStrides,
      float[] y,
      int yo,
      int[] shape) {
    Broadcast plan = Broadcast.of(shape, aStrides, bStrides);
    if (plan.empty()) {
      return;
    }
    int width = plan.width();
    int sa = plan.innerA();
    int sb = plan.innerB();
    if (plan.rows() == 1) {
      if (sa == 1 && sb == 1) {
        same(op, a, ao, b, bo, y, yo, width);
        return;
      } else if (sa == 1 && sb == 0) {
        scalarRight(op, a, ao, b[bo], y, yo, width);
        return;
      } else if (sa == 0 && sb == 1) {
        scalarLeft(op, a[ao], b, bo, y, yo, width);
        return;
      }
    }
    boolean unit = sa <= 1 && sb <= 1 && sa + sb >= 1;
    boolean tileA = width < NARROW && sa == 1 && sb == 1 && plan.repeatsA() && plan.run() > 1;
    boolean tileB = width < NARROW && sa == 1 && sb == 1 && plan.repeatsB() && plan.run() > 1;
    int group = Math.min(plan.run(), Math.max(1, 2 * NARROW / width));
    Parallel.forRange(
        plan.rows(),
        Math.max(1, grain(op) / Math.max(1, width)),
        (begin, end) -> {
          float[] tile = tileA || tileB ? new float[group * width] : null;
          int row = begin;
          while (row < end) {
            // A run: rows that differ in the last but one axis only.
            int stop = Math.min(end, row - row % plan.run() + plan.run());
            int pa = ao + plan.offsetA(row);
            int pb = bo + plan.offsetB(row);
            if (tile != null) {
              fill(tile, tileA ? a : b, tileA ? pa : pb, width);
            }
            while (row < stop) {
              int count = tile != null ? Math.min(group, stop - row) : 1;
              int p = yo + row * width;
              if (tileA) {
                BinaryRows.vectorVector(op, tile, 0, b, pb, y, p, count * width);
              } else if (tileB) {
                BinaryRows.vectorVector(op, a, pa, tile, 0, y, p, count * width);
              } else if (unit) {
                unitRow(op, a, pa, sa, b, pb, sb, y, p, width);
              } else {
                for (int i = 0; i < width; i++) {
                  y[p + i] = BinaryRows.scalars(op, a[pa + i * sa], b[pb + i * sb]);
                }
              }
              row += count;
              pa += count * plan.runA();
              pb += count * plan.runB();
            }
          }
        });
  }

  private static void unitRow(
      BinaryOp op, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo, int n) {
    if (sb == 0) {
      BinaryRows.vectorScalar(op, a, ao, b[bo], y, yo, n);
    } else if (sa == 0) {
      BinaryRows.scalarVector(op, a[ao], b, bo, y, yo, n);
    } else {
      BinaryRows.vectorVector(op, a, ao, b, bo, y, yo, n);
    }
  }

  private static void fill(float[] tile, float[] from, int offset, int width) {
    for (int p = 0; p < tile.length; p += width) {
      System.arraycopy(from, offset, tile, p, width);
    }
  }

  private static int grain(BinaryOp op) {
    return op == BinaryOp.POW ? VectorUnary.HEAVY : VectorUnary.LIGHT;
  }
}
