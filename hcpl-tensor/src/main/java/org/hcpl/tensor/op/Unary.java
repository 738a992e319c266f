package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * An operation value by value: states its function and its derivative, and has a kernel and a
 * gradient on the CPU for that alone.
 */
public interface Unary extends Op {
  /** The function, in double precision. */
  double apply(double x);

  /**
   * The derivative.
   *
   * @param y {@code apply(x)}, where that helps
   */
  double derivative(double x, double y);

  @Override
  default Shape shape(List<Shape> inputs) {
    return inputs.get(0);
  }

  @Override
  default List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return List.of(Tensor.run(new UnaryGradient(this), inputs.get(0), output, dOutput));
  }
}
