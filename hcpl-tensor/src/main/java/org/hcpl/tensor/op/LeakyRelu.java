package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Tensor;

/** {@code x} where positive, else {@code slope * x}. */
public record LeakyRelu(double slope) implements Unary {

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return x.relu().sub(x.neg().relu().mul(slope));
  }

  @Override
  public double apply(double x) {
    return x > 0 ? x : slope * x;
  }

  @Override
  public double derivative(double x, double y) {
    return x > 0 ? 1 : slope;
  }
}
