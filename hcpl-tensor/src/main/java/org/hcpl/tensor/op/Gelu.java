package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Tensor;

/** {@code x / 2 * (1 + erf(x / sqrt(2)))} (Hendrycks and Gimpel 2016). */
public record Gelu() implements Unary {
  private static final Erf ERF = new Erf();

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return x.mul(0.5).mul(x.mul(Math.sqrt(0.5)).erf().add(1));
  }

  @Override
  public double apply(double x) {
    return 0.5 * x * (1 + ERF.apply(x * Math.sqrt(0.5)));
  }

  @Override
  public double derivative(double x, double y) {
    return 0.5 * (1 + ERF.apply(x * Math.sqrt(0.5)))
        + x * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  }
}
