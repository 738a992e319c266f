package org.hcpl.nn;

import org.hcpl.nn.op.PowerNormalisation;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;

/**
 * The learnable power normalisation {@code alpha * s^beta} (see {@link PowerNormalisation}), {@code
 * [..., C] -> [..., C]}, 0 for s &lt;= 0.
 *
 * <p>{@code alpha} is trained as it is; beta stays above 0.05 by softplus of the parameter {@code
 * beta}. The paper states no initial values; ours are alpha 1 and beta 0.5, the square root that
 * image retrieval uses.
 */
public final class PowerNorm extends Module {
  private static final double BOUND = 0.05;

  private final Parameter alpha;
  private final Parameter beta;

  private PowerNorm(int... dims) {
    alpha = parameter("alpha", Layout.PLAIN, dims);
    beta = parameter("beta", Layout.PLAIN, dims);
    set(1, 0.5);
  }

  /** One alpha and one beta for all channels. */
  public static PowerNorm shared() {
    return new PowerNorm();
  }

  /** One alpha and one beta for each of {@code channels} channels. */
  public static PowerNorm perChannel(int channels) {
    return new PowerNorm(channels);
  }

  /**
   * Sets the values in the formula, the same for all channels.
   *
   * @throws org.hcpl.tensor.TensorException unless beta &gt; 0.05
   */
  public void set(double alphaValue, double betaValue) {
    alpha.fill(alphaValue);
    Positive.set(BOUND, beta, betaValue);
  }

  /** The scale. */
  public Tensor alpha() {
    return alpha.value();
  }

  /** The exponent. */
  public Tensor beta() {
    return Positive.above(BOUND, beta);
  }

  @Override
  protected void reset(Rng rng) {
    set(1, 0.5);
  }

  @Override
  public Tensor forward(Tensor x) {
    return PowerNormalisation.of(x, alpha(), beta());
  }
}
