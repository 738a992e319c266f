package org.hcpl.tensor.op;

import org.hcpl.tensor.Primitive;

/** x limited to {@code low..high}; derivative 0 outside, 1 on the limits. */
public record Clamp(double low, double high) implements Unary, Primitive {
  @Override
  public double apply(double x) {
    return Math.min(Math.max(x, low), high);
  }

  @Override
  public double derivative(double x, double y) {
    return x >= low && x <= high ? 1 : 0;
  }
}
