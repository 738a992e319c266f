package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Tensor;

/** {@code a * b}. */
public record Mul() implements Binary {
  @Override
  public double apply(double a, double b) {
    return a * b;
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    Tensor a = inputs.get(0);
    Tensor b = inputs.get(1);
    return Gradients.of(
        a.requiresGrad() ? Gradients.sumOfProducts(dOutput, b, a.shape()) : null,
        b.requiresGrad() ? Gradients.sumOfProducts(dOutput, a, b.shape()) : null);
  }
}
