package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Tensor;

/** 1 where a is greater than b, else 0; without gradient. */
public record Greater() implements Binary {
  @Override
  public double apply(double a, double b) {
    return a > b ? 1 : 0;
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return Gradients.of(null, null);
  }
}
