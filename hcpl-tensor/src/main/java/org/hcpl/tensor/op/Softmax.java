package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * {@code exp(x) / sum(exp(x))} along an axis, with the maximum taken off first; NaN along all of it
 * if that is infinite, as in PyTorch.
 */
public record Softmax(int axis) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    return inputs.get(0);
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    if (x.size() == 0) {
      return x; // The maximum of an empty axis would be an error.
    }
    Tensor e = x.sub(x.detach().max(true, axis)).exp();
    return e.div(e.sum(true, axis));
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return List.of(Tensor.run(new SoftmaxGradient(axis), output, dOutput));
  }
}
