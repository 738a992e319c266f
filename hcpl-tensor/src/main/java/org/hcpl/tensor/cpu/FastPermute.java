package org.hcpl.tensor.cpu;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.op.Permute;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/**
 * Exchange of axes. Axes that stay neighbours are one axis; if the last stays last, rows are copied
 * whole; else tiles of the axis that is last in the input and the one that is last in the result
 * are transposed, so that neither side is walked with a long stride for more than a tile.
 */
final class FastPermute {
  private static final int TILE = 16;
  private static final int GRAIN = 1 << 15;

  private FastPermute() {}

  static CpuKernel of(Permute op) {
    return (in, out) -> {
      if (out.size() > 0) {
        run(in[0], out, op.axes());
      }
    };
  }

  private static void run(Span in, Span out, int[] axes) {
    int[] strides = in.shape().strides();
    int[] dims = new int[axes.length];
    int[] steps = new int[axes.length];
    int rank = 0;
    for (int axis : axes) {
      int length = in.dim(axis);
      if (length == 1) {
        continue;
      }
      if (rank > 0 && steps[rank - 1] == strides[axis] * length) {
        dims[rank - 1] *= length;
        steps[rank - 1] = strides[axis];
      } else {
        dims[rank] = length;
        steps[rank++] = strides[axis];
      }
    }
    if (rank == 0) {
      out.set(0, in.get(0));
      return;
    }
    int[] shape = java.util.Arrays.copyOf(dims, rank);
    if (steps[rank - 1] == 1) {
      rows(in, out, Shape.of(shape), steps);
    } else {
      tiles(in, out, shape, steps);
    }
  }

  private static void rows(Span in, Span out, Shape shape, int[] steps) {
    int width = shape.dim(-1);
    Parallel.forRange(
        shape.size() / width,
        Math.max(1, GRAIN / width),
        (start, end) -> {
          for (int row = start; row < end; row++) {
            int from = in.offset() + FastElementwise.position(shape, steps, row);
            System.arraycopy(in.array(), from, out.array(), out.offset() + row * width, width);
          }
        });
  }

  private static void tiles(Span in, Span out, int[] dims, int[] steps) {
    int last = dims.length - 1;
    int unit = 0;
    while (steps[unit] != 1) {
      unit++;
    }
    int across = unit;
    int[] to = Shape.of(dims).strides();
    int outer = 1;
    for (int axis = 0; axis < last; axis++) {
      outer *= axis == across ? 1 : dims[axis];
    }
    int bands = (dims[across] + TILE - 1) / TILE;
    Parallel.forRange(
        outer * bands,
        Math.max(1, GRAIN / (TILE * dims[last])),
        (start, end) -> {
          for (int job = start; job < end; job++) {
            int rest = job / bands;
            int from = in.offset();
            int at = out.offset();
            for (int axis = last - 1; axis >= 0; axis--) {
              if (axis != across) {
                from += rest % dims[axis] * steps[axis];
                at += rest % dims[axis] * to[axis];
                rest /= dims[axis];
              }
            }
            int first = job % bands * TILE;
            int rows = Math.min(TILE, dims[across] - first);
            transpose(
                in.array(),
                from + first,
                steps[last],
                out.array(),
                at + first * to[across],
                to[across],
                rows,
                dims[last]);
          }
        });
  }

  /** {@code y[i * yStride + j] = x[j * xStride + i]} for i in rows, j in columns. */
  private static void transpose(
      float[] x, int from, int xStride, float[] y, int at, int yStride, int rows, int columns) {
    for (int j0 = 0; j0 < columns; j0 += TILE) {
      int stop = Math.min(columns, j0 + TILE);
      for (int i = 0; i < rows; i++) {
        int row = at + i * yStride;
        for (int j = j0; j < stop; j++) {
          y[row + j] = x[from + j * xStride + i];
        }
      }
    }
  }
}
