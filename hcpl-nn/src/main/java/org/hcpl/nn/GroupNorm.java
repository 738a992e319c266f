package org.hcpl.nn;

import static org.hcpl.tensor.io.Words.count;

import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;

/**
 * Group normalisation (Wu and He 2018): each sample's groups of channels over all positions, {@code
 * [N, H, W, C]}; parameters {@code weight}, {@code bias} {@code [C]}.
 */
public final class GroupNorm extends Module {
  private final int groups;
  private final double eps;
  private final Parameter weight;
  private final Parameter bias;

  /** With eps 1e-5. */
  public GroupNorm(int groups, int channels) {
    this(groups, channels, 1e-5);
  }

  public GroupNorm(int groups, int channels, double eps) {
    if (groups <= 0 || channels % groups != 0) {
      throw new TensorException(
          "groupNorm: "
              + count(channels, "channel")
              + " in "
              + groups
              + " groups (expected: a divisor of the channels)");
    }
    this.groups = groups;
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
    return x.groupNorm(groups, weight.value(), bias.value(), eps);
  }
}
