package org.hcpl.nn;

import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ConvOptions;

/**
 * The split-attention convolution of ResNeSt (Zhang et al. 2020) with timm's names: {@code conv},
 * {@code bn0}, {@code fc1}, {@code bn1}, {@code fc2}; {@code [N, H, W, in] -> [N, H', W', out]}.
 *
 * <p>The convolution makes {@code radix} splits of {@code out} channels; the mean of their sum
 * decides, through two 1x1 convolutions and a softmax over the splits, how they are mixed.
 */
public final class SplitAttention extends Module {
  private final int radix;
  private final Conv2d conv;
  private final BatchNorm2d bn0;
  private final Module act0;
  private final Conv2d fc1;
  private final BatchNorm2d bn1;
  private final Module act1;
  private final Conv2d fc2;
  private final Module share;

  /**
   * @param options stride, padding, dilation and groups; the convolution has radix times the groups
   * @param reduced the width between the two 1x1 convolutions, already times the radix
   */
  public SplitAttention(int in, int out, int kernel, ConvOptions options, int radix, int reduced) {
    this.radix = radix;
    int groups = options.groups();
    ConvOptions pointwise = ConvOptions.DEFAULT.groups(groups);
    this.conv =
        child("conv", new Conv2d(in, out * radix, kernel, options.groups(groups * radix), false));
    this.bn0 = child("bn0", new BatchNorm2d(out * radix));
    this.act0 = child("act0", Activation.RELU.module());
    this.fc1 = child("fc1", new Conv2d(out, reduced, 1, pointwise, true));
    this.bn1 = child("bn1", new BatchNorm2d(reduced));
    this.act1 = child("act1", Activation.RELU.module());
    this.fc2 = child("fc2", new Conv2d(reduced, out * radix, 1, pointwise, true));
    this.share = child("rsoftmax", new RadixSoftmax(radix, groups));
  }

  /** timm's width between the 1x1 convolutions: a quarter of in * radix, in eights, at least 32. */
  public static int defaultReduced(int in, int radix) {
    double wanted = in * radix * 0.25;
    int rounded = Math.max(32, (int) (wanted + 4) / 8 * 8);
    return rounded < 0.9 * wanted ? rounded + 8 : rounded;
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor splits = act0.apply(bn0.apply(conv.apply(x)));
    int n = splits.dim(0);
    int h = splits.dim(1);
    int w = splits.dim(2);
    int out = splits.dim(3) / radix;
    Tensor separate = splits.reshape(n, h, w, radix, out);
    Tensor mean = separate.sum(false, 3).globalAvgPool().reshape(n, 1, 1, out);
    Tensor logits = fc2.apply(act1.apply(bn1.apply(fc1.apply(mean))));
    Tensor attention = share.apply(logits);
    return separate.mul(attention.reshape(n, 1, 1, radix, out)).sum(false, 3);
  }

  /** The share of each split, {@code [N, 1, 1, radix * out] -> [N, radix * out]}, splits first. */
  private static final class RadixSoftmax extends Module {
    private final int radix;
    private final int groups;

    RadixSoftmax(int radix, int groups) {
      this.radix = radix;
      this.groups = groups;
    }

    @Override
    public Tensor forward(Tensor logits) {
      int n = logits.dim(0);
      if (radix == 1) {
        return logits.sigmoid().reshape(n, -1);
      }
      // The channels are [group, split, channel]; the splits come first in the result.
      return logits
          .reshape(n, groups, radix, logits.dim(3) / radix / groups)
          .permute(0, 2, 1, 3)
          .softmax(1)
          .reshape(n, -1);
    }
  }
}
