package org.hcpl.nn;

import java.util.Arrays;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * Dropout for SELU networks (Klambauer et al. 2017): while training, sets values to alpha' = -1.758
 * with probability p and corrects scale and shift, so that mean 0 and variance 1 stay.
 */
public final class AlphaDropout extends Module {
  /** The limit of SELU at minus infinity: -scale * alpha. */
  private static final double ALPHA = -1.7580993408473766;

  private final double p;
  private final boolean oneMask;
  private Rng random = Rng.of(0);

  /** Each value is dropped or kept on its own. */
  public AlphaDropout(double p) {
    this(p, false);
  }

  /**
   * @param oneMask whether all samples and positions share one decision a channel, as in
   *     GapNet-PL's published training code; plain masks are the better default
   */
  public AlphaDropout(double p, boolean oneMask) {
    this.p = Dropout.probability("alphaDropout", p);
    this.oneMask = oneMask;
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
    Shape shape = x.shape();
    if (oneMask) {
      int[] dims = new int[x.rank()];
      Arrays.fill(dims, 1);
      dims[dims.length - 1] = x.dim(-1);
      shape = Shape.of(dims);
    }
    double keep = 1 - p;
    double scale = 1 / Math.sqrt(keep + ALPHA * ALPHA * keep * p);
    Tensor mask = random.bernoulli(shape, keep).to(x.backend());
    Tensor dropped = mask.affine(-ALPHA, ALPHA);
    return x.mul(mask).add(dropped).affine(scale, -scale * p * ALPHA);
  }
}
