package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/** The gradient of {@link Softmax} from y and dy: {@code y * (dy - sum(dy * y))}. */
public record SoftmaxGradient(int axis) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    return inputs.get(1).require("softmaxGradient", "dy", inputs.get(0));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor y = inputs.get(0);
    Tensor dy = inputs.get(1);
    return dy.sub(dy.mul(y).sum(true, axis)).mul(y);
  }
}
