package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/** The gradient of {@link MaxPool2d} from x and dy; itself without gradient for x. */
public record MaxPool2dGradient(PoolOptions options) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Shape y = new MaxPool2d(options).shape(List.of(x));
    inputs.get(1).require("maxPool2dGradient", "dy", y);
    return x;
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0).detach().requireGrad(true);
    try (Grad.Mode mode = Grad.enable()) {
      Tensor y = new MaxPool2d(options).define(List.of(x));
      y.backward(inputs.get(1));
    }
    return x.grad();
  }
}
