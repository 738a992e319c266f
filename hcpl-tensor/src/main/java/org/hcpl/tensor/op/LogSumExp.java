package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * {@code log(sum(exp(x)))} along an axis, which stays with length 1; the maximum is taken off
 * first.
 */
public record LogSumExp(int axis) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    if (inputs.get(0).dim(axis) == 0) {
      throw new ShapeException(
          "logSumExp: axis "
              + axis
              + " of "
              + inputs.get(0)
              + " is empty (expected: at least one value)");
    }
    return inputs.get(0).with(axis, 1);
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    // Limited, so that a row of infinities does not take an infinity off itself.
    Tensor largest = x.detach().max(true, axis).clamp(-Float.MAX_VALUE, Float.MAX_VALUE);
    return x.sub(largest).exp().sum(true, axis).log().add(largest);
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return List.of(inputs.get(0).sub(output).exp().mul(dOutput));
  }
}
