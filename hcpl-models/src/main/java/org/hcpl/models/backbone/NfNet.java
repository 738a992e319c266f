package org.hcpl.models.backbone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.ModelSpec;
import org.hcpl.nn.Activation;
import org.hcpl.nn.AvgPool2d;
import org.hcpl.nn.DropPath;
import org.hcpl.nn.EfficientChannelAttention;
import org.hcpl.nn.Identity;
import org.hcpl.nn.Module;
import org.hcpl.nn.ScaledStdConv2d;
import org.hcpl.nn.Sequential;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.PoolOptions;

/**
 * ECA-NFNet-L0: a network without normalisation layers (Brock et al. 2021, arXiv 2102.06171) whose
 * convolutions standardise their weights, in timm's light form with SiLU and efficient channel
 * attention. Every block divides by the standard deviation that its input is expected to have and
 * adds its result with a small weight, so that the variance stays known.
 */
public final class NfNet extends Backbone {
  /** Weight of a block's result; the variance grows by its square a block. */
  private static final double ALPHA = 0.2;

  /** timm scales what channel attention lets through, whose sigmoid is 1/2 on average. */
  private static final double ATTENTION_GAIN = 2;

  /** timm's estimate of 1 over the standard deviation of SiLU of a standard normal value. */
  private static final double SILU_GAMMA = 1.7881293296813965;

  private static final double EPS = 1e-5;

  /**
   * Stem channels, channels and blocks of the stages, width of a convolution group, last channels.
   */
  private record Variant(int stem, int[] channels, int[] blocks, int group, int features) {}

  private final Sequential stem = child("stem", new Sequential());
  private final Sequential stages = child("stages", new Sequential());
  private final Module finalConv;
  private final Module finalAct;

  private NfNet(Variant variant, ModelOptions options) {
    int channels = options.inputChannels();
    for (int i = 1; i <= 4; i++) {
      int out = variant.stem() >> (4 - i);
      // Halves the resolution at the first and the last of its convolutions.
      int stride = i == 1 || i == 4 ? 2 : 1;
      stem.add("conv" + i, convolution(channels, out, 3, stride, 1));
      if (i < 4) {
        stem.add("act" + (i + 1), Activation.SILU.module());
      }
      channels = out;
    }
    int count = Arrays.stream(variant.blocks()).sum();
    int index = 0;
    double variance = 1;
    for (int stage = 0; stage < variant.blocks().length; stage++) {
      Sequential blocks = new Sequential();
      int out = variant.channels()[stage];
      for (int i = 0; i < variant.blocks()[stage]; i++) {
        double dropPath = options.dropPathRate() * index++ / Math.max(1, count - 1);
        int stride = i == 0 && stage > 0 ? 2 : 1;
        blocks.add(
            new Block(channels, out, stride, variant.group(), 1 / Math.sqrt(variance), dropPath));
        // The first block of a stage has no identity shortcut, so the variance starts again.
        variance = (i == 0 ? 1 : variance) + ALPHA * ALPHA;
        channels = out;
      }
      stages.add(blocks);
    }
    finalConv = child("final_conv", convolution(channels, variant.features(), 1, 1, 1));
    finalAct = child("final_act", Activation.SILU.module());
    classifier("head.fc", variant.features(), options);
  }

  private static ScaledStdConv2d convolution(int in, int out, int kernel, int stride, int groups) {
    ConvOptions options = ConvOptions.DEFAULT.stride(stride).padding(kernel / 2).groups(groups);
    return new ScaledStdConv2d(in, out, kernel, options, true, SILU_GAMMA, EPS);
  }

  @Override
  public Tensor forwardFeatures(Tensor x) {
    return finalAct.apply(finalConv.apply(stages.apply(stem.apply(x))));
  }

  /** A bottleneck with two grouped 3x3 convolutions, activations before the convolutions. */
  private static final class Block extends Module {
    private final double beta;
    private final Module shortcut;
    private final Module act1;
    private final List<Module> body = new ArrayList<>();
    private final Module attention;
    private final DropPath dropPath;

    Block(int in, int out, int stride, int group, double beta, double dropPathRate) {
      this.beta = beta;
      int middle = out / 4;
      int groups = middle / group;
      shortcut =
          in == out && stride == 1 ? null : child("downsample", new Shortcut(in, out, stride));
      act1 = child("act1", Activation.SILU.module());
      add("conv1", convolution(in, middle, 1, 1, 1));
      add("act2", Activation.SILU.module());
      add("conv2", convolution(middle, middle, 3, stride, groups));
      add("act2b", Activation.SILU.module());
      add("conv2b", convolution(middle, middle, 3, 1, groups));
      add("act3", Activation.SILU.module());
      add("conv3", convolution(middle, out, 1, 1, 1));
      int kernel = EfficientChannelAttention.kernelSize(out);
      attention = child("attn_last", new EfficientChannelAttention(kernel));
      dropPath = child("drop_path", new DropPath(dropPathRate));
    }

    private void add(String name, Module layer) {
      body.add(child(name, layer));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor active = act1.apply(x).mul(beta);
      Tensor residual = shortcut == null ? x : shortcut.apply(active);
      Tensor y = active;
      for (Module layer : body) {
        y = layer.apply(y);
      }
      y = attention.apply(y).mul(ATTENTION_GAIN);
      return dropPath.apply(y).mul(ALPHA).add(residual);
    }
  }

  /** Average pooling where the resolution falls, and a 1x1 convolution. */
  private static final class Shortcut extends Module {
    private final Module pool;
    private final Module conv;

    Shortcut(int in, int out, int stride) {
      PoolOptions options = PoolOptions.of(2).stride(stride).ceilMode(true).countIncludePad(false);
      pool = child("pool", stride == 1 ? new Identity() : new AvgPool2d(options));
      conv = child("conv", convolution(in, out, 1, 1, 1));
    }

    @Override
    public Tensor forward(Tensor x) {
      return conv.apply(pool.apply(x));
    }
  }

  /** ECA-NFNet-L0. */
  public static List<ModelSpec> specs() {
    Variant light =
        new Variant(128, new int[] {256, 512, 1536, 1536}, new int[] {1, 2, 6, 3}, 64, 2304);
    Variant tiny = new Variant(16, new int[] {32, 64, 64}, new int[] {1, 2, 1}, 8, 48);
    return List.of(
        ModelSpec.timm(
            "eca_nfnet_l0",
            "ECA-NFNet-L0: no normalisation layers, standardised weights, channel attention",
            "Brock et al. 2021, arXiv 2102.06171; timm's light variant",
            224,
            24_143_924,
            options -> new NfNet(light, options),
            options -> new NfNet(tiny, options)));
  }
}
