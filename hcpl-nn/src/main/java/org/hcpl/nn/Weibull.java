package org.hcpl.nn;

import org.hcpl.nn.op.WeibullActivation;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;

/**
 * The learnable Weibull activation (see {@link WeibullActivation}), {@code [..., C] -> [..., C]}:
 * {@code T(R) = (R / lambda)^(zeta - 1) * exp(-(R / gamma)^eta)}, 0 for R &lt;= 0.
 *
 * <p>The parameters stay in the domain by softplus: lambda, gamma and eta above 0.01, zeta above 1.
 * The trained, unbounded values are the parameters {@code lambda}, {@code zeta}, {@code gamma},
 * {@code eta}; {@link #lambda()} and the others are the values in the formula. The paper states no
 * initial values; ours (lambda 1, zeta 2, gamma 6, eta 1) begin as a ReLU that saturates: close to
 * R for small R, at most 2.2 at R = 6.
 */
public final class Weibull extends Module {
  private static final double BOUND = 0.01;
  private static final double ZETA_BOUND = 1;

  private final Parameter lambda;
  private final Parameter zeta;
  private final Parameter gamma;
  private final Parameter eta;

  private Weibull(int... dims) {
    lambda = parameter("lambda", Layout.PLAIN, dims);
    zeta = parameter("zeta", Layout.PLAIN, dims);
    gamma = parameter("gamma", Layout.PLAIN, dims);
    eta = parameter("eta", Layout.PLAIN, dims);
    set(1, 2, 6, 1);
  }

  /** One set of four parameters for all channels. */
  public static Weibull shared() {
    return new Weibull();
  }

  /** Four parameters for each of {@code channels} channels. */
  public static Weibull perChannel(int channels) {
    return new Weibull(channels);
  }

  /**
   * Sets the values in the formula, the same for all channels.
   *
   * @throws org.hcpl.tensor.TensorException outside lambda, gamma, eta &gt; 0.01, zeta &gt; 1
   */
  public void set(double lambdaValue, double zetaValue, double gammaValue, double etaValue) {
    Positive.set(BOUND, lambda, lambdaValue);
    Positive.set(ZETA_BOUND, zeta, zetaValue);
    Positive.set(BOUND, gamma, gammaValue);
    Positive.set(BOUND, eta, etaValue);
  }

  /** The scale of the rising factor, {@code []} or {@code [C]}. */
  public Tensor lambda() {
    return Positive.above(BOUND, lambda);
  }

  /** One more than the exponent of the rising factor. */
  public Tensor zeta() {
    return Positive.above(ZETA_BOUND, zeta);
  }

  /** The scale of the falling factor. */
  public Tensor gamma() {
    return Positive.above(BOUND, gamma);
  }

  /** The exponent in the falling factor. */
  public Tensor eta() {
    return Positive.above(BOUND, eta);
  }

  @Override
  protected void reset(Rng rng) {
    set(1, 2, 6, 1);
  }

  @Override
  public Tensor forward(Tensor x) {
    return WeibullActivation.of(x, lambda(), zeta(), gamma(), eta());
  }
}
