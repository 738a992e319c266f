package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;

/**
 * The gradient of {@link Max} from inputs x and dy: dy at the first maximum along the axis, else 0.
 */
public record MaxGradient(int axis) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    inputs.get(1).require("maxGradient", "dy", x.with(axis, 1));
    return x;
  }
}
