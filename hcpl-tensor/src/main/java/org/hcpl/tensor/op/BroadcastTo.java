package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/** Values repeated along axes of length 1, and along new leading axes. */
public record BroadcastTo(Shape to) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    if (!inputs.get(0).broadcastsTo(to)) {
      throw new ShapeException(
          "broadcastTo: "
              + inputs.get(0)
              + " to "
              + to
              + " (expected: equal lengths or 1, from the last axis)");
    }
    return to;
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return List.of(dOutput.sumTo(inputs.get(0).shape()));
  }
}
