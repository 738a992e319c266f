package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;

/** An operation of two operands value by value, broadcast by NumPy's rule. */
public interface Binary extends Primitive {
  /** The function, in double precision. */
  double apply(double a, double b);

  @Override
  default Shape shape(List<Shape> inputs) {
    return Shape.broadcast(name(), inputs.get(0), inputs.get(1));
  }
}
