package org.hcpl.nn;

import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ConvOptions;

/**
 * Squeeze-and-excitation (Hu et al. 2018) with timm's names: {@code x * gate(expand(act(reduce(mean
 * of x))))}, {@code [N, H, W, C] -> [N, H, W, C]}.
 */
public final class SqueezeExcite extends Module {
  private final Conv2d reduce;
  private final Conv2d expand;
  private final Module activation;
  private final Module gate;

  /** With a sigmoid gate. */
  public SqueezeExcite(int channels, int reduced, Activation activation) {
    this(channels, reduced, activation, Activation.SIGMOID);
  }

  /**
   * @param channels C
   * @param reduced the width between the two 1x1 convolutions
   */
  public SqueezeExcite(int channels, int reduced, Activation activation, Activation gate) {
    this.reduce = child("conv_reduce", new Conv2d(channels, reduced, 1, ConvOptions.DEFAULT, true));
    this.activation = child("act1", activation.module());
    this.expand = child("conv_expand", new Conv2d(reduced, channels, 1, ConvOptions.DEFAULT, true));
    this.gate = child("gate", gate.module());
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.mul(gate(x));
  }

  /** What x is multiplied by, {@code [N, H, W, C] -> [N, 1, 1, C]}. */
  Tensor gate(Tensor x) {
    Tensor mean = x.globalAvgPool().reshape(x.dim(0), 1, 1, x.dim(3));
    return gate.apply(expand.apply(activation.apply(reduce.apply(mean))));
  }
}
