package org.hcpl.tensor.cpu.vector;

import java.util.Arrays;
import org.hcpl.tensor.cpu.Parallel;

/** Copies in another order: transposes, permutations, slices of rows, padding. */
public final class VectorMove {
  /**
   * Side of the square that is transposed at a time: its lines on both sides stay in the
   * first-level cache.
   */
  private static final int TILE = 32;

  private VectorMove() {}

  /**
   * {@code y[b, j, i] = x[b, i, j]} for {@code [batch, rows, columns]}: channels first to last and
   * back.
   */
  public static void transpose(
      float[] x, int xo, float[] y, int yo, int batch, int rows, int columns) {
    int bands = (rows + TILE - 1) / TILE;
    Parallel.forRange(
        batch * bands,
        Math.max(1, VectorUnary.LIGHT / 2 / Math.max(1, TILE * columns)),
        (begin, end) -> {
          for (int b = begin; b < end; b++) {
            int base = b / bands * rows * columns;
            int i0 = b % bands * TILE;
            int i1 = Math.min(rows, i0 + TILE);
            for (int j0 = 0; j0 < columns; j0 += TILE) {
              int j1 = Math.min(columns, j0 + TILE);
              tile(x, xo + base, y, yo + base, rows, columns, i0, i1, j0, j1);
            }
          }
        });
  }

  private static void tile(
      float[] x, int xo, float[] y, int yo, int rows, int columns, int i0, int i1, int j0, int j1) {
    for (int j = j0; j < j1; j++) {
      int p = xo + i0 * columns + j;
      int q = yo + j * rows;
      for (int i = i0; i < i1; i++, p += columns) {
        y[q + i] = x[p];
      }
    }
  }

  /** Axis i of y is axis {@code axes[i]} of the contiguous x of {@code shape}. */
  public static void permute(float[] x, int xo, int[] shape, int[] axes, float[] y, int yo) {
    // Axes that stay neighbours are one axis; those of length 1 are none.
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= shape[d];
    }
    int total = stride;
    if (total == 0) {
      return;
    }
    int[] sizes = new int[axes.length];
    int[] from = new int[axes.length];
    int dims = 0;
    for (int axis : axes) {
      if (shape[axis] == 1) {
        continue;
      }
      if (dims > 0 && from[dims - 1] == strides[axis] * shape[axis]) {
        sizes[dims - 1] *= shape[axis];
        from[dims - 1] = strides[axis];
      } else {
        sizes[dims] = shape[axis];
        from[dims++] = strides[axis];
      }
    }
    if (dims <= 1) {
      copyRows(x, xo, total, y, yo, total, 1, total);
      return;
    }
    sizes = Arrays.copyOf(sizes, dims);
    from = Arrays.copyOf(from, dims);
    if (from[dims - 1] == 1) {
      permuteRows(x, xo, sizes, from, y, yo);
    } else {
      permuteTiles(x, xo, sizes, from, y, yo);
    }
  }

  /** The last axis stays the last: rows move as they are. */
  private static void permuteRows(float[] x, int xo, int[] sizes, int[] from, float[] y, int yo) {
    int dims = sizes.length;
    int width = sizes[dims - 1];
    int rows = 1;
    for (int d = 0; d < dims - 1; d++) {
      rows *= sizes[d];
    }
    Parallel.forRange(
        rows,
        Math.max(1, VectorUnary.LIGHT / 2 / width),
        (begin, end) -> {
          Counter at = new Counter(sizes, from, dims - 1, begin);
          for (int r = begin; r < end; r++) {
            copy(x, xo + at.offset, y, yo + r * width, width);
            at.next();
          }
        });
  }

  /**
   * The axis that is contiguous in x moves away from the end: planes of it and y's last axis are
   * transposed tile by tile.
   */
  private static void permuteTiles(float[] x, int xo, int[] sizes, int[] from, float[] y, int yo) {
    int dims = sizes.length;
    int fast = 0;
    while (from[fast] != 1) {
      fast++;
    }
    int[] to = new int[dims];
    to[dims - 1] = 1;
    for (int d = dims - 2; d >= 0; d--) {
      to[d] = to[d + 1] * sizes[d + 1];
    }
    int[] outer = new int[dims - 2];
    int[] outerFrom = new int[dims - 2];
    int[] outerTo = new int[dims - 2];
    int planes = 1;
    int k = 0;
    for (int d = 0; d < dims - 1; d++) {
      if (d != fast) {
        outer[k] = sizes[d];
        outerFrom[k] = from[d];
        outerTo[k++] = to[d];
        planes *= sizes[d];
      }
    }
    int rows = sizes[dims - 1];
    int rowStride = from[dims - 1];
    int columns = sizes[fast];
    int columnStride = to[fast];
    int bands = (columns + TILE - 1) / TILE;
    Parallel.forRange(
        planes * bands,
        Math.max(1, VectorUnary.LIGHT / 2 / (TILE * rows)),
        (begin, end) -> {
          for (int b = begin; b < end; b++) {
            int p = xo + new Counter(outer, outerFrom, dims - 2, b / bands).offset;
            int q = yo + new Counter(outer, outerTo, dims - 2, b / bands).offset;
            int j0 = b % bands * TILE;
            int j1 = Math.min(columns, j0 + TILE);
            for (int i0 = 0; i0 < rows; i0 += TILE) {
              int i1 = Math.min(rows, i0 + TILE);
              for (int j = j0; j < j1; j++) {
                int source = p + j + i0 * rowStride;
                int target = q + j * columnStride;
                for (int i = i0; i < i1; i++, source += rowStride) {
                  y[target + i] = x[source];
                }
              }
            }
          }
        });
  }

  /** Counts through an index space and keeps the offset of the place. */
  private static final class Counter {
    private final int[] sizes;
    private final int[] strides;
    private final int[] index;
    int offset;

    Counter(int[] sizes, int[] strides, int dims, int position) {
      this.sizes = sizes;
      this.strides = strides;
      index = new int[dims];
      int rest = position;
      for (int d = dims - 1; d >= 0; d--) {
        index[d] = rest % sizes[d];
        rest /= sizes[d];
        offset += index[d] * strides[d];
      }
    }

    void next() {
      for (int d = index.length - 1; d >= 0; d--) {
        offset += strides[d];
        if (++index[d] < sizes[d]) {
          return;
        }
        offset -= sizes[d] * strides[d];
        index[d] = 0;
      }
    }
  }

  /**
   * Copies {@code width} floats of each of {@code rows} rows: concatenation and splitting along the
   * last axis, slices, crops.
   */
  public static void copyRows(
      float[] x, int xo, int xStride, float[] y, int yo, int yStride, int rows, int width) {
    if (width == xStride && width == yStride) {
      Parallel.forRange(
          rows * width,
          VectorUnary.LIGHT,
          (begin, end) -> System.arraycopy(x, xo + begin, y, yo + begin, end - begin));
      return;
    }
    Parallel.forRange(
        rows,
        Math.max(1, VectorUnary.LIGHT / Math.max(1, width)),
        (begin, end) -> {
          for (int r = begin; r < end; r++) {
            copy(x, xo + r * xStride, y, yo + r * yStride, width);
          }
        });
  }

  /** The call into the runtime costs more than a handful of floats. */
  private static void copy(float[] x, int xo, float[] y, int yo, int n) {
    if (n <= 8) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = x[xo + i];
      }
    } else {
      System.arraycopy(x, xo, y, yo, n);
    }
  }

  /** {@code [n, h, w, c]} with a border of {@code value}. */
  public static void pad(
      float[] x,
      int xo,
      float[] y,
      int yo,
      int n,
      int h,
      int w,
      int c,
      int top,
      int bottom,
      int left,
      int right,
      float value) {
    int newW = w + left + right;
    int newH = h + top + bottom;
    eachPaddedRow(
        n,
        newH,
        newW * c,
        (image, row, at) -> {
          int to = yo + at;
          int source = row - top;
          if (source < 0 || source >= h) {
            Arrays.fill(y, to, to + newW * c, value);
          } else {
            Arrays.fill(y, to, to + left * c, value);
            copy(x, xo + (image * h + source) * w * c, y, to + left * c, w * c);
            Arrays.fill(y, to + (left + w) * c, to + newW * c, value);
          }
        });
  }

  /**
   * {@code [n, h, w, c]} with a border that mirrors the image at its first and last pixel, which
   * are not repeated.
   *
   * @throws IllegalArgumentException where the border is not smaller than the image
   */
  public static void padReflect(
      float[] x,
      int xo,
      float[] y,
      int yo,
      int n,
      int h,
      int w,
      int c,
      int top,
      int bottom,
      int left,
      int right) {
    if (Math.max(top, bottom) >= h || Math.max(left, right) >= w) {
      throw new IllegalArgumentException(
          "padReflect: border top %d, bottom %d, left %d, right %d of an image [%d, %d] (expected: less than the image)"
              .formatted(top, bottom, left, right, h, w));
    }
    int newW = w + left + right;
    eachPaddedRow(
        n,
        h + top + bottom,
        newW * c,
        (image, row, at) -> {
          int from = xo + (image * h + mirrored(row - top, h)) * w * c;
          for (int i = 0; i < left; i++) {
            copy(x, from + mirrored(i - left, w) * c, y, yo + at + i * c, c);
          }
          copy(x, from, y, yo + at + left * c, w * c);
          for (int i = left + w; i < newW; i++) {
            copy(x, from + mirrored(i - left, w) * c, y, yo + at + i * c, c);
          }
        });
  }

  private static int mirrored(int i, int size) {
    return i < 0 ? -i : i >= size ? 2 * size - 2 - i : i;
  }

  private interface PaddedRow {
    void run(int image, int row, int at);
  }

  private static void eachPaddedRow(int n, int newH, int width, PaddedRow task) {
    Parallel.forRange(
        n * newH,
        Math.max(1, VectorUnary.LIGHT / Math.max(1, width)),
        (begin, end) -> {
          for (int r = begin; r < end; r++) {
            task.run(r / newH, r % newH, r * width);
          }
        });
  }
}
