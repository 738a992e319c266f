package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;

/**
 * The gradient of a {@link Unary}: {@code dy * derivative(x, y)} from inputs x, y and dy of one
 * shape.
 */
public record UnaryGradient(Unary of) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    inputs.get(1).require("unaryGradient", "y", x);
    return inputs.get(2).require("unaryGradient", "dy", x);
  }

  @Override
  public String name() {
    return of.name() + "Gradient";
  }
}
