package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * The sum over axes, which stay with length 1.
 *
 * @param axes rising, counted from the first
 */
public record Sum(int... axes) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape shape = inputs.get(0);
    for (int axis : axes) {
      shape = shape.with(axis, 1);
    }
    return shape;
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return List.of(dOutput.broadcastTo(inputs.get(0).shape()));
  }
}
