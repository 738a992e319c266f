package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * {@code a * b} of two tensors of one shape, summed to a shape that broadcasts to it: the gradient
 * of a factor that was broadcast, as the gates of squeeze and excitation are.
 */
public record SumOfProducts(Shape to) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    if (!inputs.get(0).equals(inputs.get(1)) || !to.broadcastsTo(inputs.get(0))) {
      throw new ShapeException(
          "sumOfProducts: a "
              + inputs.get(0)
              + ", b "
              + inputs.get(1)
              + " to "
              + to
              + " (expected: equal shapes, and one that broadcasts to them)");
    }
    return to;
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    return inputs.get(0).mul(inputs.get(1)).sumTo(to);
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return Gradients.of(
        inputs.get(0).requiresGrad() ? inputs.get(1).mul(dOutput) : null,
        inputs.get(1).requiresGrad() ? inputs.get(0).mul(dOutput) : null);
  }
}
