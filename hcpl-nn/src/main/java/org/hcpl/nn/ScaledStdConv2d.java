package org.hcpl.nn;

import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ConvOptions;

/**
 * A convolution with scaled weight standardisation (Brock et al. 2021, normaliser-free networks)
 * and timm's names: parameters {@code weight} {@code [out, kH, kW, in / groups]}, {@code bias}
 * {@code [out]}, {@code gain} {@code [out, 1, 1, 1]}.
 *
 * <p>It convolves with {@code gain * gamma * fanIn^-0.5 * (weight - mean) / sqrt(variance + eps)},
 * mean and biased variance over each filter.
 */
public final class ScaledStdConv2d extends Module {
  private final Parameter weight;
  private final Parameter bias;
  private final Parameter gain;
  private final ConvOptions options;
  private final double gamma;
  private final double eps;

  /**
   * @param gamma the correction for the activation before, such as 1.7868129431578026 for SiLU
   * @param eps added to the variance: 1e-6 in timm's layer, 1e-5 in its normaliser-free networks
   */
  public ScaledStdConv2d(
      int in, int out, int kernel, ConvOptions options, boolean bias, double gamma, double eps) {
    Conv2d.check("scaledStdConv2d", in, out, kernel, kernel, options);
    this.weight = parameter("weight", Layout.CONV, out, kernel, kernel, in / options.groups());
    this.bias = bias ? parameter("bias", Layout.PLAIN, out) : null;
    this.gain = parameter("gain", Layout.CONV, out, 1, 1, 1);
    this.options = options;
    this.gamma = gamma;
    this.eps = eps;
    gain.fill(1);
  }

  /** {@code [out, kH, kW, in / groups]}, before it is standardised. */
  public Parameter weight() {
    return weight;
  }

  /** The bias, or null. */
  public Parameter bias() {
    return bias;
  }

  /** A factor for each filter, {@code [out, 1, 1, 1]}. */
  public Parameter gain() {
    return gain;
  }

  @Override
  protected void reset(Rng rng) {
    Init.kaimingNormal(rng.split("weight"), weight);
    gain.fill(1);
    if (bias != null) {
      bias.fill(0);
    }
  }

  /** The standardised weight that the convolution uses. */
  public Tensor standardised() {
    Tensor w = weight.value();
    Tensor centred = w.sub(w.mean(true, 1, 2, 3));
    Tensor variance = centred.square().mean(true, 1, 2, 3);
    double scale = gamma / Math.sqrt(Init.fanIn(weight));
    return centred.mul(gain.value().mul(scale).mul(variance.add(eps).pow(-0.5)));
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.conv2d(standardised(), bias == null ? null : bias.value(), options);
  }
}
