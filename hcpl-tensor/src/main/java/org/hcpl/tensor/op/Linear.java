package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/** {@code x W' + b} on the last axis: x {@code [..., in]}, W {@code [out, in]}, b {@code [out]}. */
public record Linear() implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Shape weight = inputs.get(1);
    if (x.rank() < 1 || weight.rank() != 2 || weight.dim(1) != x.dim(-1)) {
      throw new ShapeException(
          "linear: input " + x + ", weight " + weight + " (expected: [..., in] and [out, in])");
    }
    if (inputs.size() > 2 && !inputs.get(2).equals(Shape.of(weight.dim(0)))) {
      throw new ShapeException(
          "linear: bias " + inputs.get(2) + " (expected: [" + weight.dim(0) + "])");
    }
    return x.with(-1, weight.dim(0));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    Tensor weight = inputs.get(1);
    Tensor y = rows(x).matmul(false, weight, true).reshape(x.shape().with(-1, weight.dim(0)));
    return inputs.size() > 2 ? y.add(inputs.get(2)) : y;
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    Tensor x = inputs.get(0);
    Tensor weight = inputs.get(1);
    Tensor dy = rows(dOutput);
    Tensor dX = x.requiresGrad() ? dy.matmul(weight).reshape(x.shape()) : null;
    Tensor dWeight = weight.requiresGrad() ? dy.matmul(true, rows(x), false) : null;
    if (inputs.size() == 2) {
      return Gradients.of(dX, dWeight);
    }
    return Gradients.of(dX, dWeight, inputs.get(2).requiresGrad() ? dy.sum(false, 0) : null);
  }

  private static Tensor rows(Tensor x) {
    return x.reshape(x.shape().product(0, x.rank() - 1), x.dim(-1));
  }
}
