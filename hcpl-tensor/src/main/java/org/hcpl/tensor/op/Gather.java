package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/** The entries of an axis at {@code index}, in that order. */
public record Gather(int axis, int... index) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape in = inputs.get(0);
    for (int i : index) {
      if (i < 0 || i >= in.dim(axis)) {
        throw new ShapeException(
            "gather: index "
                + i
                + " into axis "
                + axis
                + " of "
                + in
                + " (expected: 0.."
                + (in.dim(axis) - 1)
                + ")");
      }
    }
    return in.with(axis, index.length);
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return List.of(Tensor.run(new ScatterAdd(axis, inputs.get(0).dim(axis), index), dOutput));
  }
}
