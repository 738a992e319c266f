package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.View;

/**
 * {@code size} entries of an axis from {@code start} on; a view where all axes before it have
 * length 1.
 */
public record Slice(int axis, int start, int size) implements View {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape in = inputs.get(0);
    if (start < 0 || size < 0 || size > in.dim(axis) - start) {
      throw new ShapeException(
          "slice: entries "
              + start
              + ".."
              + ((long) start + size)
              + " of axis "
              + axis
              + " of "
              + in
              + " (expected: within 0.."
              + in.dim(axis)
              + ")");
    }
    return in.with(axis, size);
  }

  @Override
  public int viewOffset(Shape input) {
    return input.product(0, axis) == 1 ? start * input.product(axis + 1, input.rank()) : -1;
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    Shape in = inputs.get(0).shape();
    int[] before = new int[in.rank()];
    int[] after = new int[in.rank()];
    before[axis] = start;
    after[axis] = in.dim(axis) - start - size;
    return List.of(dOutput.pad(before, after, 0));
  }
}
