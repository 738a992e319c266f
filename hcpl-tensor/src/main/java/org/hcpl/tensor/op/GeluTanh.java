package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Tensor;

/**
 * {@code x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))}: the usual approximation of {@link
 * Gelu} (Hendrycks and Gimpel 2016).
 */
public record GeluTanh() implements Unary {
  private static final double ROOT = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return x.mul(0.5).mul(x.pow(3).mul(CUBIC).add(x).mul(ROOT).tanh().add(1));
  }

  @Override
  public double apply(double x) {
    return 0.5 * x * (1 + Math.tanh(ROOT * (x + CUBIC * x * x * x)));
  }

  @Override
  public double derivative(double x, double y) {
    double t = Math.tanh(ROOT * (x + CUBIC * x * x * x));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * ROOT * (1 + 3 * CUBIC * x * x);
  }
}
