package org.hcpl.nn;

import static org.hcpl.tensor.io.Words.count;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;

/**
 * How a parameter's axes lie in weight files, which keep PyTorch's order, against its tensor, which
 * has channels last.
 */
public enum Layout {
  /** The same in both. */
  PLAIN,
  /** Convolution weights: {@code [out, kH, kW, in]} here, {@code [out, in, kH, kW]} on disk. */
  CONV;

  /** The shape on disk of a tensor of the given shape. */
  public Shape toDisk(Shape tensor) {
    return this == PLAIN
        ? tensor
        : Shape.of(rank4(tensor).dim(0), tensor.dim(3), tensor.dim(1), tensor.dim(2));
  }

  /** Row-major values of a tensor of the given shape in the order of weight files; a copy. */
  public float[] toDisk(float[] values, Shape tensor) {
    if (this == PLAIN) {
      return values.clone();
    }
    rank4(tensor);
    return exchange(
        values, tensor.dim(0), tensor.dim(1) * tensor.dim(2), tensor.dim(3), "of a tensor");
  }

  /** Row-major values as they lie on disk, in the order of a tensor of the given shape; a copy. */
  public float[] fromDisk(float[] values, Shape tensor) {
    if (this == PLAIN) {
      return values.clone();
    }
    rank4(tensor);
    return exchange(values, tensor.dim(0), tensor.dim(3), tensor.dim(1) * tensor.dim(2), "on disk");
  }

  /** {@code [count, rows, columns]} to {@code [count, columns, rows]}. */
  private static float[] exchange(float[] from, int count, int rows, int columns, String what) {
    if (from.length != count * rows * columns) {
      throw new ShapeException(
          "layout: "
              + count(from.length, "value")
              + " "
              + what
              + " (expected: "
              + count * rows * columns
              + ")");
    }
    float[] to = new float[from.length];
    for (int n = 0; n < count; n++) {
      int base = n * rows * columns;
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          to[base + c * rows + r] = from[base + r * columns + c];
        }
      }
    }
    return to;
  }

  private static Shape rank4(Shape shape) {
    if (shape.rank() != 4) {
      throw new ShapeException(
          "layout: convolution weight " + shape + " (expected: [out, kH, kW, in])");
    }
    return shape;
  }
}
