package org.hcpl.tensor.cpu;

import org.hcpl.tensor.cpu.vector.VectorMicroKernel;

/**
 * The innermost part of every product: a tile of some rows by one panel of columns.
 *
 * <p>The left matrix is read where it lies (one offset a row, so rows may be pixels anywhere); the
 * right one comes packed in panels: for each of the {@code k} inner indices the panel's {@code
 * width} columns side by side, filled up with zeros.
 */
public interface MicroKernel {
  /** Rows of the tile that runs fastest; blocks of rows are best a multiple of it. */
  int rows();

  /** Columns of a full panel. */
  int columns();

  /** The least panel width that holds {@code valid} columns, at most {@link #columns()}. */
  int panelWidth(int valid);

  /**
   * Columns that a full panel had best give to the next and last one, which has {@code rest}: two
   * panels of middling width can be faster than a wide one and a narrow one.
   */
  default int shared(int rest) {
    return 0;
  }

  /**
   * For rows {@code i} of {@code first..first + count - 1} and columns {@code j} below {@code
   * valid}: {@code c[cRows[i] + cColumn + j] = start + sum over p < k of a[aRows[i] + p] *
   * b[bOffset + p * panelWidth(valid) + j]}, where start is the value there if {@code accumulate}
   * and {@code bias[biasOffset + j]} otherwise.
   *
   * @param bias readable over the whole panel width from {@code biasOffset} on
   * @param edge {@code rows() * columns()} floats that the kernel may use as it likes
   */
  void multiply(
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
      float[] edge);

  /** {@code c[j] += values[j]} for {@code count} values. */
  void add(float[] c, int cOffset, float[] values, int valuesOffset, int count);

  /** {@code to[j] = activation(from[j])} for {@code count} values; both may be the same place. */
  void activate(
      Activation activation, float[] from, int fromOffset, float[] to, int toOffset, int count);

  /**
   * {@code c[j] = activation(c[j] + residual[j])} for {@code count} values; residual may be null.
   */
  default void finish(
      float[] c,
      int cOffset,
      int count,
      float[] residual,
      int residualOffset,
      Activation activation) {
    if (residual != null) {
      add(c, cOffset, residual, residualOffset, count);
    }
    if (activation != Activation.NONE) {
      activate(activation, c, cOffset, c, cOffset, count);
    }
  }

  /**
   * All of an epilogue but what a sum began with, on columns {@code column..} of one row.
   *
   * @param row of the result, for the residual
   */
  default void finish(float[] c, int cOffset, int count, Epilogue epilogue, int row, int column) {
    if (epilogue.residual() != null || epilogue.activation() != Activation.NONE) {
      int at = epilogue.residualOffset() + row * epilogue.residualStride() + column;
      finish(c, cOffset, count, epilogue.residual(), at, epilogue.activation());
    }
  }

  /**
   * Copies {@code count} windows of {@code length} floats, {@code fromStep} apart, to places {@code
   * toStep} apart. It may go on up to a whole vector past the end of a window: {@link #overrun}
   * floats after each target must be free or be written later.
   */
  void copyWindows(
      float[] from,
      int fromOffset,
      int fromStep,
      float[] to,
      int toOffset,
      int toStep,
      int length,
      int count);

  /** How far {@link #copyWindows} may write past the end of a window. */
  int overrun();

  /** {@code c[j] += sum over p < k of a[p] * b[p * ldb + j]} for {@code n} values. */
  void addRows(
      int n,
      float[] c,
      int cOffset,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int ldb);

  /** {@code sum over p < k of a[p] * b[p]}, in several partial sums. */
  float dot(int k, float[] a, int aOffset, float[] b, int bOffset);

  /** The fastest kernel of this virtual machine. */
  static MicroKernel best() {
    return Best.KERNEL;
  }

  /** Resolved once; the class of the Vector API is loaded only where it may be. */
  final class Best {
    private static final MicroKernel KERNEL =
        VectorSupport.available() ? new VectorMicroKernel() : new PlainMicroKernel();

    private Best() {}
  }
}
