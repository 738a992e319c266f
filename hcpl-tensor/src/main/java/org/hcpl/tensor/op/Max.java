package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/** The maximum over one axis, which stays with length 1; the gradient goes to the first one. */
public record Max(int axis) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    if (inputs.get(0).dim(axis) == 0) {
      throw new ShapeException(
          "max: axis "
              + axis
              + " of "
              + inputs.get(0)
              + " is empty (expected: at least one value)");
    }
    return inputs.get(0).with(axis, 1);
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return List.of(Tensor.run(new MaxGradient(axis), inputs.get(0), dOutput));
  }
}
