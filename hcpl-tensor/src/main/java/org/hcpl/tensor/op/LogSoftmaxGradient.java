package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/** The gradient of {@link LogSoftmax} from y and dy: {@code dy - exp(y) * sum(dy)}. */
public record LogSoftmaxGradient(int axis) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    return inputs.get(1).require("logSoftmaxGradient", "dy", inputs.get(0));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor dy = inputs.get(1);
    return dy.sub(inputs.get(0).exp().mul(dy.sum(true, axis)));
  }
}
