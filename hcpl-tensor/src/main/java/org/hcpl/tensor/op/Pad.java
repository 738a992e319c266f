package org.hcpl.tensor.op;

import java.util.Arrays;
import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/** A constant around: {@code before[i]} and {@code after[i]} entries on axis i. */
public record Pad(int[] before, int[] after, double value) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape in = inputs.get(0);
    if (before.length != in.rank()
        || after.length != in.rank()
        || Arrays.stream(before).anyMatch(n -> n < 0)
        || Arrays.stream(after).anyMatch(n -> n < 0)) {
      throw new ShapeException(
          "pad: before "
              + Arrays.toString(before)
              + ", after "
              + Arrays.toString(after)
              + " of "
              + in
              + " (expected: one number >= 0 an axis)");
    }
    int[] dims = in.dims();
    for (int i = 0; i < dims.length; i++) {
      long length = (long) dims[i] + before[i] + after[i];
      if (length > Integer.MAX_VALUE) {
        throw new ShapeException(
            "pad: axis "
                + i
                + " of "
                + in
                + " to "
                + length
                + " entries (expected: at most "
                + Integer.MAX_VALUE
                + ")");
      }
      dims[i] = (int) length;
    }
    return Shape.of(dims);
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    Tensor result = dOutput;
    for (int axis = 0; axis < before.length; axis++) {
      if (before[axis] != 0 || after[axis] != 0) {
        result = result.slice(axis, before[axis], inputs.get(0).dim(axis));
      }
    }
    return List.of(result);
  }
}
