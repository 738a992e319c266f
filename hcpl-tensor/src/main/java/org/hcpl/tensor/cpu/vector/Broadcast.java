package org.hcpl.tensor.cpu.vector;

/**
 * A broadcast of two operands with neighbouring axes merged wherever both are regular over them, so
 * that {@code [N, H, W, C] op [C]} becomes {@code [NHW, C] op [C]}.
 */
final class Broadcast {
  private final int[] shape;
  private final int[] a;
  private final int[] b;
  private final int dims;

  private Broadcast(int[] shape, int[] a, int[] b, int dims) {
    this.shape = shape;
    this.a = a;
    this.b = b;
    this.dims = dims;
  }

  static Broadcast of(int[] shape, int[] aStrides, int[] bStrides) {
    int[] s = new int[shape.length + 1];
    int[] a = new int[shape.length + 1];
    int[] b = new int[shape.length + 1];
    int dims = 0;
    for (int d = 0; d < shape.length; d++) {
      if (shape[d] == 1) {
        continue;
      }
      int last = dims - 1;
      if (dims > 0 && a[last] == aStrides[d] * shape[d] && b[last] == bStrides[d] * shape[d]) {
        s[last] *= shape[d];
        a[last] = aStrides[d];
        b[last] = bStrides[d];
      } else {
        s[dims] = shape[d];
        a[dims] = aStrides[d];
        b[dims] = bStrides[d];
        dims++;
      }
    }
    if (dims == 0) {
      s[0] = 1;
      a[0] = 1;
      b[0] = 1;
      dims = 1;
    }
    return new Broadcast(s, a, b, dims);
  }

  boolean empty() {
    for (int d = 0; d < dims; d++) {
      if (shape[d] == 0) {
        return true;
      }
    }
    return false;
  }

  /** Size of the innermost axis. */
  int width() {
    return shape[dims - 1];
  }

  /** Product of all other axes. */
  int rows() {
    int rows = 1;
    for (int d = 0; d < dims - 1; d++) {
      rows *= shape[d];
    }
    return rows;
  }

  int innerA() {
    return a[dims - 1];
  }

  int innerB() {
    return b[dims - 1];
  }

  /** Size of the last but one axis, 1 where there is none. */
  int run() {
    return dims > 1 ? shape[dims - 2] : 1;
  }

  int runA() {
    return dims > 1 ? a[dims - 2] : 0;
  }

  int runB() {
    return dims > 1 ? b[dims - 2] : 0;
  }

  /** Whether a is the same row through a run while b is contiguous. */
  boolean repeatsA() {
    return runA() == 0 && runB() == width();
  }

  boolean repeatsB() {
    return runB() == 0 && runA() == width();
  }

  int offsetA(int row) {
    return offset(row, a);
  }

  int offsetB(int row) {
    return offset(row, b);
  }

  private int offset(int row, int[] strides) {
    int rest = row;
    int offset = 0;
    for (int d = dims - 2; d >= 0; d--) {
      offset += rest % shape[d] * strides[d];
      rest /= shape[d];
    }
    return offset;
  }
}
