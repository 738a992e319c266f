package org.hcpl.nn;

import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;

/**
 * While training, sets each value to 0 with probability p and divides the others by 1 - p
 * (Srivastava et al. 2014).
 */
public final class Dropout extends Module {
  private final double p;
  private Rng random = Rng.of(0);

  public Dropout(double p) {
    this.p = probability("dropout", p);
  }

  /** Checks a probability of dropping. */
  static double probability(String op, double p) {
    if (!(p >= 0 && p < 1)) {
      throw new TensorException(op + ": probability " + p + " (expected: 0 <= p < 1)");
    }
    return p;
  }

  @Override
  protected void reseed(Rng rng) {
    random = rng;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (!isTraining() || p == 0) {
      return x;
    }
    return x.mul(random.bernoulli(x.shape(), 1 - p).to(x.backend()).div(1 - p));
  }
}
