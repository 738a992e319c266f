package org.hcpl.tensor;

import java.util.Arrays;

/**
 * The lengths of a tensor's axes, outermost first; {@code []} is a scalar. Immutable. Negative axes
 * count from the last.
 */
public final class Shape {
  private static final Shape SCALAR = new Shape(new int[0]);

  /** The longest array that every virtual machine allocates. */
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    this.dims = dims;
    boolean empty = false;
    long count = 1;
    for (int dim : dims) {
      if (dim < 0) {
        throw new ShapeException(
            "shape: dimension " + dim + " in " + Arrays.toString(dims) + " (expected: >= 0)");
      }
      empty |= dim == 0;
      // Beyond the limit the count stays there, so that it cannot overflow.
      count = Math.min(count * dim, LARGEST + 1L);
    }
    if (!empty && count > LARGEST) {
      throw new ShapeException(
          "shape: "
              + Arrays.toString(dims)
              + " has too many elements (expected: at most "
              + LARGEST
              + ")");
    }
    this.size = empty ? 0 : (int) count;
  }

  /**
   * A shape of these lengths; without any, a scalar's.
   *
   * @throws ShapeException if a length is negative or the product is more than an array can hold
   */
  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /** The number of axes. */
  public int rank() {
    return dims.length;
  }

  /** The number of elements. */
  public int size() {
    return size;
  }

  /** The length of an axis. */
  public int dim(int axis) {
    return dims[axis(axis)];
  }

  /** A copy of the lengths. */
  public int[] dims() {
    return dims.clone();
  }

  /** The axis counted from the first, whether given so or from the last. */
  public int axis(int axis) {
    int result = axis < 0 ? axis + dims.length : axis;
    if (dims.length == 0) {
      throw new ShapeException("axis " + axis + " of [] (expected: a tensor that has axes)");
    }
    if (result < 0 || result >= dims.length) {
      throw new ShapeException(
          "axis "
              + axis
              + " of "
              + this
              + " (expected: "
              + -dims.length
              + ".."
              + (dims.length - 1)
              + ")");
    }
    return result;
  }

  /** The shape with one axis of another length. */
  public Shape with(int axis, int length) {
    int[] result = dims.clone();
    result[axis(axis)] = length;
    return new Shape(result);
  }

  /** The shape without one axis. */
  public Shape without(int axis) {
    int drop = axis(axis);
    int[] result = new int[dims.length - 1];
    for (int i = 0, j = 0; i < dims.length; i++) {
      if (i != drop) {
        result[j++] = dims[i];
      }
    }
    return new Shape(result);
  }

  /** The shape with a new axis before position {@code axis}, which may be {@code rank()}. */
  public Shape insert(int axis, int length) {
    int at = axis < 0 ? axis + dims.length + 1 : axis;
    if (at < 0 || at > dims.length) {
      throw new ShapeException(
          "insert: axis "
              + axis
              + " into "
              + this
              + " (expected: "
              + (-dims.length - 1)
              + ".."
              + dims.length
              + ")");
    }
    int[] result = new int[dims.length + 1];
    System.arraycopy(dims, 0, result, 0, at);
    result[at] = length;
    System.arraycopy(dims, at, result, at + 1, dims.length - at);
    return new Shape(result);
  }

  /**
   * The product of the lengths from axis {@code from} (inclusive) to {@code to} (exclusive), both
   * counted from the first.
   */
  public int product(int from, int to) {
    int result = 1;
    for (int i = from; i < to; i++) {
      result *= dims[i];
    }
    return result;
  }

  /** Row-major strides, in elements. */
  public int[] strides() {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return strides;
  }

  /**
   * The common shape of two operands by NumPy's rule: aligned at the last axis, lengths equal or
   * one of them 1.
   *
   * @param op named in the message when they do not fit
   */
  public static Shape broadcast(String op, Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    int[] result = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int x = i <= a.rank() ? a.dims[a.rank() - i] : 1;
      int y = i <= b.rank() ? b.dims[b.rank() - i] : 1;
      if (x != y && x != 1 && y != 1) {
        throw new ShapeException(
            op
                + ": shapes do not broadcast: a "
                + a
                + ", b "
                + b
                + " (expected: equal lengths or 1, from the last axis)");
      }
      result[rank - i] = x == 1 ? y : x;
    }
    return new Shape(result);
  }

  /** Whether a tensor of this shape can be broadcast to {@code target}. */
  public boolean broadcastsTo(Shape target) {
    if (rank() > target.rank()) {
      return false;
    }
    for (int i = 1; i <= rank(); i++) {
      int from = dims[rank() - i];
      if (from != 1 && from != target.dims[target.rank() - i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Strides with which elements of this shape are read as {@code target}: 0 on broadcast axes.
   *
   * @return one stride an axis of {@code target}
   */
  public int[] broadcastStrides(Shape target) {
    int[] own = strides();
    int[] result = new int[target.rank()];
    for (int i = 1; i <= rank(); i++) {
      result[target.rank() - i] = dims[rank() - i] == 1 ? 0 : own[rank() - i];
    }
    return result;
  }

  /**
   * This shape, if it is what an operation wants of an input.
   *
   * @param op name of the operation
   * @param input name of the input
   * @throws ShapeException if it is another
   */
  public Shape require(String op, String input, Shape expected) {
    if (!equals(expected)) {
      throw new ShapeException(op + ": " + input + " " + this + " (expected: " + expected + ")");
    }
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
