package org.hcpl.nn;

import java.util.Arrays;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * Stochastic depth (Huang et al. 2016): while training, sets a whole sample to 0 with probability p
 * and divides the others by 1 - p. Goes on the residual branch.
 */
public final class DropPath extends Module {
  private final double p;
  private Rng random = Rng.of(0);

  public DropPath(double p) {
    this.p = Dropout.probability("dropPath", p);
  }

  /**
   * The rule with the decisions given.
   *
   * @param x {@code [N, ...]}
   * @param keep 1 or 0 for each sample, {@code [N]}
   */
  public static Tensor drop(Tensor x, Tensor keep, double p) {
    int[] dims = new int[x.rank()];
    Arrays.fill(dims, 1);
    dims[0] = x.dim(0);
    return x.mul(keep.reshape(Shape.of(dims)).div(1 - p));
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
    return drop(x, random.bernoulli(Shape.of(x.dim(0)), 1 - p).to(x.backend()), p);
  }
}
