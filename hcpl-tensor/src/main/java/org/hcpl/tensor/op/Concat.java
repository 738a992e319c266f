package org.hcpl.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/** Any number of tensors side by side along an axis. */
public record Concat(int axis) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape first = inputs.get(0);
    long length = 0;
    for (Shape in : inputs) {
      if (in.rank() != first.rank() || !in.with(axis, 1).equals(first.with(axis, 1))) {
        throw new ShapeException(
            "concat: shapes "
                + inputs
                + " along axis "
                + axis
                + " (expected: equal on all other axes)");
      }
      length += in.dim(axis);
    }
    if (length > Integer.MAX_VALUE) {
      throw new ShapeException(
          "concat: "
              + inputs.size()
              + " inputs of "
              + length
              + " entries along axis "
              + axis
              + " (expected: at most "
              + Integer.MAX_VALUE
              + ")");
    }
    return first.with(axis, (int) length);
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    List<Tensor> gradients = new ArrayList<>();
    int start = 0;
    for (Tensor input : inputs) {
      gradients.add(input.requiresGrad() ? dOutput.slice(axis, start, input.dim(axis)) : null);
      start += input.dim(axis);
    }
    return gradients;
  }
}
