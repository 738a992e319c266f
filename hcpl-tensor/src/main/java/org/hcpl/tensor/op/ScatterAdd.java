package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * Entry i of an axis added to entry {@code index[i]} of a result with {@code length} entries there:
 * the gradient of {@link Gather}.
 */
public record ScatterAdd(int axis, int length, int... index) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape in = inputs.get(0);
    if (in.dim(axis) != index.length) {
      throw new ShapeException(
          "scatterAdd: "
              + index.length
              + " indices for axis "
              + axis
              + " of "
              + in
              + " (expected: "
              + in.dim(axis)
              + ")");
    }
    for (int i : index) {
      if (i < 0 || i >= length) {
        throw new ShapeException("scatterAdd: index " + i + " (expected: 0.." + (length - 1) + ")");
      }
    }
    return in.with(axis, length);
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return List.of(dOutput.gather(axis, index));
  }
}
