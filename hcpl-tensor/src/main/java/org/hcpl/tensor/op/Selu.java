package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Tensor;

/**
 * {@code scale * (x where positive, else alpha * (exp(x) - 1))} with the constants under which a
 * network keeps mean 0 and variance 1 (Klambauer et al. 2017).
 */
public record Selu() implements Unary {
  /** The alpha of the paper. */
  public static final double ALPHA = 1.6732632423543772;

  /** The lambda of the paper. */
  public static final double SCALE = 1.0507009873554805;

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return x.elu(ALPHA).mul(SCALE);
  }

  @Override
  public double apply(double x) {
    return SCALE * (x > 0 ? x : ALPHA * Math.expm1(x));
  }

  @Override
  public double derivative(double x, double y) {
    return SCALE * (x > 0 ? 1 : ALPHA * Math.exp(x));
  }
}
