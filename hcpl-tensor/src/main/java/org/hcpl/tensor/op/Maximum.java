package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Tensor;

/** The larger of a and b; NaN if either is. Where equal the gradient goes half to each. */
public record Maximum() implements Binary {
  @Override
  public double apply(double a, double b) {
    return Math.max(a, b);
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    Tensor a = inputs.get(0);
    Tensor b = inputs.get(1);
    return Gradients.of(
        a.requiresGrad() ? dOutput.mul(Gradients.share(a, b)).sumTo(a.shape()) : null,
        b.requiresGrad() ? dOutput.mul(Gradients.share(b, a)).sumTo(b.shape()) : null);
  }
}
