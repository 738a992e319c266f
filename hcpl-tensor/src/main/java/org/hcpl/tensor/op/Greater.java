package org.hcpl.tensor.op;

/** 1 where a is greater than b, else 0; has no gradient. */
public record Greater() implements Binary {
  @Override
  public double apply(double a, double b) {
    return a > b ? 1 : 0;
  }

  @Override
  public boolean differentiable() {
    return false;
  }
}
