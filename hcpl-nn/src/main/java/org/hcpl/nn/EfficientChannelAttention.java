package org.hcpl.nn;

import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.op.ConvOptions;

/**
 * Efficient channel attention (Wang et al. 2020) with timm's names: {@code x * sigmoid(conv(mean of
 * x))}, the convolution running along the channels with zero padding and no bias; parameter {@code
 * conv.weight} {@code [1, 1, k]}.
 */
public final class EfficientChannelAttention extends Module {
  private final AlongChannels conv;
  private final Module gate;

  /**
   * @param kernel k, odd; see {@link #kernelSize}
   */
  public EfficientChannelAttention(int kernel) {
    if (kernel < 1 || kernel % 2 == 0) {
      throw new TensorException(
          "efficientChannelAttention: kernel " + kernel + " (expected: an odd number)");
    }
    this.conv = child("conv", new AlongChannels(kernel));
    this.gate = child("gate", Activation.SIGMOID.module());
  }

  /**
   * The kernel for a number of channels: t = int(|log2(C) + beta| / gamma), made odd, at least 3.
   */
  public static int kernelSize(int channels, double gamma, double beta) {
    int t = (int) (Math.abs(Math.log(channels) / Math.log(2) + beta) / gamma);
    return Math.max(t % 2 == 1 ? t : t + 1, 3);
  }

  /** The same with gamma 2 and beta 1. */
  public static int kernelSize(int channels) {
    return kernelSize(channels, 2, 1);
  }

  @Override
  public Tensor forward(Tensor x) {
    int n = x.dim(0);
    int c = x.dim(3);
    // The channels become a row of c one-channel pixels, so a 2-D convolution does it.
    Tensor row = x.globalAvgPool().reshape(n, 1, c, 1);
    return x.mul(gate.apply(conv.apply(row)).reshape(n, 1, 1, c));
  }

  /** A one-dimensional convolution without bias, one channel in and out: {@code [N, 1, L, 1]}. */
  private static final class AlongChannels extends Module {
    private final int kernel;
    private final Parameter weight;

    AlongChannels(int kernel) {
      this.kernel = kernel;
      this.weight = parameter("weight", Layout.PLAIN, 1, 1, kernel);
    }

    @Override
    protected void reset(Rng rng) {
      Init.uniform(rng, weight, 1 / Math.sqrt(kernel));
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.conv2d(
          weight.value().reshape(1, 1, kernel, 1),
          null,
          ConvOptions.DEFAULT.padding(0, (kernel - 1) / 2));
    }
  }
}
