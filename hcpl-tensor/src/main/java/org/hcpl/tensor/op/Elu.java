package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** {@code x} where positive, else {@code alpha * (exp(x) - 1)} (Clevert et al. 2016). */
public record Elu(double alpha) implements Unary, Primitive {

  @Override
  public double apply(double x) {
    return x > 0 ? x : alpha * Math.expm1(x);
  }

  @Override
  public double derivative(double x, double y) {
    return x > 0 ? 1 : alpha * Math.exp(x);
  }
}
