package org.hcpl.nn;

import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;

/**
 * Layer normalisation over the last axis (Ba et al. 2016), {@code [..., C]}: parameters {@code
 * weight}, {@code bias} {@code [C]}.
 */
public final class LayerNorm extends Module {
  private final double eps;
  private final Parameter weight;
  private final Parameter bias;

  /** With eps 1e-5. */
  public LayerNorm(int channels) {
    this(channels, 1e-5);
  }

  public LayerNorm(int channels, double eps) {
    this.eps = eps;
    this.weight = parameter("weight", Layout.PLAIN, channels);
    this.bias = parameter("bias", Layout.PLAIN, channels);
    weight.fill(1);
  }

  @Override
  protected void reset(Rng rng) {
    weight.fill(1);
    bias.fill(0);
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.layerNorm(weight.value(), bias.value(), eps);
  }
}
