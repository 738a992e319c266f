package org.hcpl.models.backbone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.ModelSpec;
import org.hcpl.nn.Activation;
import org.hcpl.nn.AvgPool2d;
import org.hcpl.nn.BatchNorm2d;
import org.hcpl.nn.Conv2d;
import org.hcpl.nn.DropPath;
import org.hcpl.nn.Identity;
import org.hcpl.nn.Init;
import org.hcpl.nn.MaxPool2d;
import org.hcpl.nn.Module;
import org.hcpl.nn.Sequential;
import org.hcpl.nn.SplitAttention;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.PoolOptions;

/**
 * ResNet (He et al. 2016, arXiv 1512.03385), its D variants with a deep stem and average pooling in
 * the shortcuts (He et al. 2018, arXiv 1812.01187), and ResNeSt, whose middle convolutions are
 * split-attention (Zhang et al. 2020, arXiv 2004.08955).
 */
public final class ResNet extends Backbone {
  private static final int STEM = 64;

  /** Channels of a bottleneck's result over its width. */
  private static final int EXPANSION = 4;

  /** Splits of ResNeSt's convolutions. */
  private static final int RADIX = 2;

  /** Two 3x3 convolutions, three with a narrow middle, or that with split attention. */
  private enum Kind {
    BASIC,
    BOTTLENECK,
    SPLIT_ATTENTION
  }

  /**
   * A member of the family.
   *
   * @param deep the D variant: three 3x3 convolutions as stem, shortcuts that average
   * @param pooled whether max pooling halves the maps after the stem
   */
  private record Variant(Kind kind, boolean deep, boolean pooled, int width, int... blocks) {
    Variant(Kind kind, boolean deep, int width, int... blocks) {
      this(kind, deep, true, width, blocks);
    }
  }

  private final Module stem;
  private final Module stemNorm;
  private final Module stemAct;
  private final Module pool;
  private final List<Module> layers = new ArrayList<>();

  private ResNet(Variant variant, ModelOptions options) {
    int width = variant.width();
    stem = child("conv1", stem(variant, options.inputChannels()));
    stemNorm = child("bn1", new BatchNorm2d(width));
    stemAct = child("act1", Activation.RELU.module());
    pool =
        child(
            "maxpool",
            variant.pooled()
                ? new MaxPool2d(PoolOptions.of(3).stride(2).padding(1))
                : new Identity());
    int count = Arrays.stream(variant.blocks()).sum();
    int index = 0;
    int channels = width;
    for (int stage = 0; stage < variant.blocks().length; stage++) {
      Sequential layer = new Sequential();
      for (int i = 0; i < variant.blocks()[stage]; i++) {
        double dropPath = options.dropPathRate() * index++ / Math.max(1, count - 1);
        int stride = i == 0 && stage > 0 ? 2 : 1;
        Block block = new Block(variant, channels, width << stage, stride, dropPath);
        layer.add(block);
        channels = block.out;
      }
      layers.add(child("layer" + (stage + 1), layer));
    }
    classifier("fc", channels, options);
  }

  private static Module stem(Variant variant, int in) {
    int width = variant.width();
    if (!variant.deep()) {
      return new Conv2d(in, width, 7, ConvOptions.DEFAULT.stride(2).padding(3), false);
    }
    ConvOptions same = ConvOptions.DEFAULT.padding(1);
    return new Sequential(
        new Conv2d(in, width / 2, 3, same.stride(2), false),
        new BatchNorm2d(width / 2),
        Activation.RELU.module(),
        new Conv2d(width / 2, width / 2, 3, same, false),
        new BatchNorm2d(width / 2),
        Activation.RELU.module(),
        new Conv2d(width / 2, width, 3, same, false));
  }

  /** timm's initial values: normal of variance 2 / fanOut. */
  @Override
  protected void reset(Rng rng) {
    modules()
        .forEach(
            (path, module) -> {
              if (module instanceof Conv2d convolution) {
                Init.kaimingNormalFanOut(rng.split(path), convolution.weight());
              }
            });
  }

  @Override
  public Tensor forwardFeatures(Tensor x) {
    Tensor maps = pool.apply(stemAct.apply(stemNorm.apply(stem.apply(x))));
    for (Module layer : layers) {
      maps = layer.apply(maps);
    }
    return maps;
  }

  /** A residual block; its layers are numbered as in timm. */
  private static final class Block extends Module {
    private final List<Module> body = new ArrayList<>();
    private final Module shortcut;
    private final Module lastAct;
    private final DropPath dropPath;
    private final int out;

    Block(Variant variant, int in, int width, int stride, double dropPathRate) {
      ConvOptions one = ConvOptions.DEFAULT;
      ConvOptions three = one.padding(1);
      if (variant.kind() == Kind.BASIC) {
        out = width;
        convolution(1, new Conv2d(in, width, 3, three.stride(stride), false), width);
        activation(1);
        convolution(2, new Conv2d(width, width, 3, three, false), width);
        lastAct = child("act2", Activation.RELU.module());
      } else {
        out = width * EXPANSION;
        convolution(1, new Conv2d(in, width, 1, one, false), width);
        activation(1);
        if (variant.kind() == Kind.BOTTLENECK) {
          convolution(2, new Conv2d(width, width, 3, three.stride(stride), false), width);
          activation(2);
        } else {
          int reduced = SplitAttention.defaultReduced(width, RADIX);
          add("conv2", new SplitAttention(width, width, 3, three, RADIX, reduced));
          if (stride > 1) {
            add("avd_last", new AvgPool2d(PoolOptions.of(3).stride(stride).padding(1)));
          }
        }
        convolution(3, new Conv2d(width, out, 1, one, false), out);
        lastAct = child("act3", Activation.RELU.module());
      }
      boolean same = stride == 1 && in == out;
      shortcut = same ? null : child("downsample", shortcut(variant.deep(), in, out, stride));
      dropPath = child("drop_path", new DropPath(dropPathRate));
    }

    private void add(String name, Module layer) {
      body.add(child(name, layer));
    }

    private void convolution(int number, Conv2d convolution, int channels) {
      add("conv" + number, convolution);
      add("bn" + number, new BatchNorm2d(channels));
    }

    private void activation(int number) {
      add("act" + number, Activation.RELU.module());
    }

    /** A 1x1 convolution; the D variants average before it instead of leaving pixels out. */
    private static Module shortcut(boolean average, int in, int out, int stride) {
      if (!average) {
        return new Sequential(
            new Conv2d(in, out, 1, ConvOptions.DEFAULT.stride(stride), false),
            new BatchNorm2d(out));
      }
      PoolOptions pool = PoolOptions.of(2).stride(stride).ceilMode(true).countIncludePad(false);
      return new Sequential(
          stride == 1 ? new Identity() : new AvgPool2d(pool),
          new Conv2d(in, out, 1, ConvOptions.DEFAULT, false),
          new BatchNorm2d(out));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor y = x;
      for (Module layer : body) {
        y = layer.apply(y);
      }
      Tensor residual = shortcut == null ? x : shortcut.apply(x);
      return lastAct.apply(dropPath.apply(y).add(residual));
    }
  }

  /** The members that are registered. */
  public static List<ModelSpec> specs() {
    return List.of(
        small(),
        plain("resnet18", 11_689_512, Kind.BASIC, 2, 2, 2, 2),
        plain("resnet34", 21_797_672, Kind.BASIC, 3, 4, 6, 3),
        plain("resnet50", 25_557_032, Kind.BOTTLENECK, 3, 4, 6, 3),
        plain("resnet101", 44_549_160, Kind.BOTTLENECK, 3, 4, 23, 3),
        plain("resnet152", 60_192_808, Kind.BOTTLENECK, 3, 8, 36, 3),
        deep("resnet50d", 224, 25_576_264, 3, 4, 6, 3),
        deep("resnet101d", 256, 44_568_392, 3, 4, 23, 3),
        deep("resnet152d", 256, 60_212_040, 3, 8, 36, 3),
        deep("resnet200d", 256, 64_693_064, 3, 24, 36, 3),
        spec(
            "resnest50d",
            "ResNeSt-50, deep stem",
            "Zhang et al. 2020, arXiv 2004.08955",
            224,
            27_483_240,
            new Variant(Kind.SPLIT_ATTENTION, true, STEM, 3, 4, 6, 3)));
  }

  /** For crops of single cells, whose texture max pooling would take away, and for few of them. */
  private static ModelSpec small() {
    Variant variant = new Variant(Kind.BASIC, true, false, STEM / 4, 1, 1, 1, 1);
    Variant tiny = new Variant(Kind.BASIC, true, false, 8, 1, 1, 1, 1);
    return new ModelSpec(
        "resnet10d_small",
        "ResNet-10, deep stem without max pooling, averaging shortcuts, a quarter of the usual channels",
        "blocks of He et al. 2018, arXiv 1812.01187; depth and width are HCPL's own",
        ModelSpec.Level.CELL,
        64,
        null,
        options -> new ResNet(variant, options),
        options -> new ResNet(tiny, options));
  }

  private static ModelSpec plain(String name, long parameters, Kind kind, int... blocks) {
    return spec(
        name,
        "ResNet-" + name.substring("resnet".length()),
        "He et al. 2016, arXiv 1512.03385",
        224,
        parameters,
        new Variant(kind, false, STEM, blocks));
  }

  private static ModelSpec deep(String name, int size, long parameters, int... blocks) {
    return spec(
        name,
        "ResNet-" + name.substring("resnet".length()) + ", deep stem and averaging shortcuts",
        "He et al. 2018, arXiv 1812.01187",
        size,
        parameters,
        new Variant(Kind.BOTTLENECK, true, STEM, blocks));
  }

  private static ModelSpec spec(
      String name, String definition, String source, int size, long parameters, Variant variant) {
    Variant tiny = new Variant(variant.kind(), variant.deep(), 8, 2, 1, 1, 1);
    return ModelSpec.timm(
        name,
        definition,
        source,
        size,
        parameters,
        options -> new ResNet(variant, options),
        options -> new ResNet(tiny, options));
  }
}
