package org.hcpl.nn;

import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;

/**
 * Parameters that must stay above a bound: trained freely as {@code raw}, used as {@code bound +
 * softplus(raw)}. Softplus rather than a clamp, because its gradient never vanishes at the bound.
 */
final class Positive {
  private Positive() {}

  /** {@code bound + softplus(raw)}. */
  static Tensor above(double bound, Parameter raw) {
    return raw.value().softplus().add(bound);
  }

  /** Sets raw so that {@link #above} gives {@code value}. */
  static void set(double bound, Parameter raw, double value) {
    if (!(value > bound)) {
      throw new TensorException(
          raw.name() + ": initial value " + value + " (expected: > " + bound + ")");
    }
    raw.fill(inverse(value - bound));
  }

  /** The x with softplus(x) = y, for y &gt; 0. */
  static double inverse(double y) {
    return y > 30 ? y : Math.log(Math.expm1(y));
  }
}
