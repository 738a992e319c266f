package org.hcpl.models.backbone;

import java.util.ArrayList;
import java.util.List;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.ModelSpec;
import org.hcpl.nn.Activation;
import org.hcpl.nn.BatchNorm2d;
import org.hcpl.nn.Conv2d;
import org.hcpl.nn.DropPath;
import org.hcpl.nn.Init;
import org.hcpl.nn.Linear;
import org.hcpl.nn.Module;
import org.hcpl.nn.Sequential;
import org.hcpl.nn.SqueezeExcite;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ConvOptions;

/**
 * EfficientNet B0 to B7 (Tan and Le, 2019, arXiv 1905.11946, tables 1 and 2): a stem, seven stages
 * of mobile inverted bottlenecks with squeeze-excite and SiLU, a 1x1 head, average pooling. The
 * {@code tf_} variants pad as TensorFlow does and use a batch-norm epsilon of 1e-3, as the weights
 * of the authors need; the others pad by half the kernel and use 1e-5.
 */
public final class EfficientNet extends Backbone {
  /** One stage of B0: kernel, stride of its first block, expansion, output channels, blocks. */
  private record Stage(int kernel, int stride, int expand, int channels, int blocks) {}

  private static final List<Stage> B0 =
      List.of(
          new Stage(3, 1, 1, 16, 1),
          new Stage(3, 2, 6, 24, 2),
          new Stage(5, 2, 6, 40, 2),
          new Stage(3, 2, 6, 80, 3),
          new Stage(5, 1, 6, 112, 3),
          new Stage(5, 2, 6, 192, 4),
          new Stage(3, 1, 6, 320, 1));

  private static final int STEM_CHANNELS = 32;
  private static final int HEAD_CHANNELS = 1280;
  private static final double TF_EPS = 1e-3;
  private static final double EPS = 1e-5;

  /** How a member of the family grows from B0, and its conventions. */
  private record Variant(double width, double depth, boolean same) {
    /** Channels after scaling: a multiple of 8 that is at least 0.9 of the exact number. */
    int channels(int base) {
      double exact = base * width;
      int rounded = Math.max(8, (int) (exact + 4) / 8 * 8);
      return rounded < 0.9 * exact ? rounded + 8 : rounded;
    }

    int blocks(int base) {
      return (int) Math.ceil(base * depth);
    }

    ConvOptions convolution(int kernel, int stride) {
      ConvOptions options = ConvOptions.DEFAULT.stride(stride);
      return same ? options.same() : options.padding(kernel / 2);
    }

    BatchNormAct2d norm(int channels, Activation activation) {
      return new BatchNormAct2d(channels, same ? TF_EPS : EPS, activation);
    }
  }

  private final Conv2d stem;
  private final BatchNorm2d stemNorm;
  private final Module blocks;
  private final Conv2d headConv;
  private final BatchNorm2d headNorm;

  private EfficientNet(Variant variant, ModelOptions options) {
    int channels = variant.channels(STEM_CHANNELS);
    stem =
        child(
            "conv_stem",
            new Conv2d(options.inputChannels(), channels, 3, variant.convolution(3, 2), false));
    stemNorm = child("bn1", variant.norm(channels, Activation.SILU));
    int count = B0.stream().mapToInt(stage -> variant.blocks(stage.blocks())).sum();
    int index = 0;
    List<Module> stages = new ArrayList<>();
    for (Stage stage : B0) {
      List<Module> members = new ArrayList<>();
      int out = variant.channels(stage.channels());
      for (int i = 0; i < variant.blocks(stage.blocks()); i++) {
        double dropPath = options.dropPathRate() * index++ / count;
        int stride = i == 0 ? stage.stride() : 1;
        members.add(
            stage.expand() == 1
                ? new DepthwiseSeparable(variant, channels, out, stage.kernel(), stride, dropPath)
                : new InvertedResidual(variant, channels, out, stage, stride, dropPath));
        channels = out;
      }
      stages.add(new Sequential(members.toArray(Module[]::new)));
    }
    blocks = child("blocks", new Sequential(stages.toArray(Module[]::new)));
    int features = variant.channels(HEAD_CHANNELS);
    headConv = child("conv_head", new Conv2d(channels, features, 1, ConvOptions.DEFAULT, false));
    headNorm = child("bn2", variant.norm(features, Activation.SILU));
    classifier("classifier", features, options);
  }

  /** timm's initial values: normal of variance 2 / fanOut a group; the classifier uniform. */
  @Override
  protected void reset(Rng rng) {
    modules()
        .forEach(
            (path, module) -> {
              if (module instanceof Conv2d convolution) {
                int groups = convolution.options().groups();
                Init.efficientNetConv(rng.split(path), convolution.weight(), groups);
                if (convolution.bias() != null) {
                  convolution.bias().fill(0);
                }
              } else if (module instanceof Linear linear) {
                Init.efficientNetLinear(rng.split(path), linear.weight());
                linear.bias().fill(0);
              }
            });
  }

  @Override
  public Tensor forwardFeatures(Tensor x) {
    Tensor maps = blocks.apply(stemNorm.after(stem, x));
    return headNorm.after(headConv, maps);
  }

  /** Depthwise convolution, squeeze-excite, 1x1 projection without activation. */
  private static final class DepthwiseSeparable extends Module {
    private final Conv2d depthwise;
    private final BatchNorm2d norm1;
    private final SqueezeExcite excite;
    private final Conv2d project;
    private final BatchNorm2d norm2;
    private final DropPath dropPath;
    private final boolean skip;

    DepthwiseSeparable(
        Variant variant, int in, int out, int kernel, int stride, double dropPathRate) {
      depthwise =
          child(
              "conv_dw",
              new Conv2d(in, in, kernel, variant.convolution(kernel, stride).groups(in), false));
      norm1 = child("bn1", variant.norm(in, Activation.SILU));
      excite = child("se", new SqueezeExcite(in, in / 4, Activation.SILU));
      project = child("conv_pw", new Conv2d(in, out, 1, ConvOptions.DEFAULT, false));
      norm2 = child("bn2", variant.norm(out, Activation.IDENTITY));
      skip = stride == 1 && in == out;
      dropPath = child("drop_path", new DropPath(dropPathRate));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor y = norm2.after(project, excite, norm1.after(depthwise, x));
      return skip ? dropPath.apply(y).add(x) : y;
    }
  }

  /** 1x1 expansion, depthwise convolution, squeeze-excite, 1x1 projection without activation. */
  private static final class InvertedResidual extends Module {
    private final Conv2d expand;
    private final BatchNorm2d norm1;
    private final Conv2d depthwise;
    private final BatchNorm2d norm2;
    private final SqueezeExcite excite;
    private final Conv2d project;
    private final BatchNorm2d norm3;
    private final DropPath dropPath;
    private final boolean skip;

    InvertedResidual(
        Variant variant, int in, int out, Stage stage, int stride, double dropPathRate) {
      int middle = in * stage.expand();
      int kernel = stage.kernel();
      expand = child("conv_pw", new Conv2d(in, middle, 1, ConvOptions.DEFAULT, false));
      norm1 = child("bn1", variant.norm(middle, Activation.SILU));
      depthwise =
          child(
              "conv_dw",
              new Conv2d(
                  middle,
                  middle,
                  kernel,
                  variant.convolution(kernel, stride).groups(middle),
                  false));
      norm2 = child("bn2", variant.norm(middle, Activation.SILU));
      // The reduction is a quarter of the block's input, not of the expanded width.
      excite = child("se", new SqueezeExcite(middle, in / 4, Activation.SILU));
      project = child("conv_pwl", new Conv2d(middle, out, 1, ConvOptions.DEFAULT, false));
      norm3 = child("bn3", variant.norm(out, Activation.IDENTITY));
      skip = stride == 1 && in == out;
      dropPath = child("drop_path", new DropPath(dropPathRate));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor y = norm1.after(expand, x);
      y = norm3.after(project, excite, norm2.after(depthwise, y));
      return skip ? dropPath.apply(y).add(x) : y;
    }
  }

  private record Member(
      int number, double width, double depth, int size, int tfSize, long parameters) {}

  /** Input sizes are those of timm's default weights; tf_ ones those of the paper's authors. */
  private static final List<Member> MEMBERS =
      List.of(
          new Member(0, 1.0, 1.0, 224, 224, 5_288_548),
          new Member(1, 1.0, 1.1, 240, 240, 7_794_184),
          new Member(2, 1.1, 1.2, 256, 260, 9_109_994),
          new Member(3, 1.2, 1.4, 288, 300, 12_233_232),
          new Member(4, 1.4, 1.8, 320, 380, 19_341_616),
          new Member(5, 1.6, 2.2, 448, 456, 30_389_784),
          new Member(6, 1.8, 2.6, 528, 528, 43_040_704),
          new Member(7, 2.0, 3.1, 600, 600, 66_347_960));

  /** Both spellings of all eight members. */
  public static List<ModelSpec> specs() {
    List<ModelSpec> specs = new ArrayList<>();
    for (boolean same : new boolean[] {false, true}) {
      for (Member member : MEMBERS) {
        specs.add(
            ModelSpec.timm(
                (same ? "tf_" : "") + "efficientnet_b" + member.number(),
                "EfficientNet-B"
                    + member.number()
                    + (same ? ", TensorFlow padding and batch-norm epsilon" : ""),
                "Tan and Le 2019, arXiv 1905.11946",
                same ? member.tfSize() : member.size(),
                member.parameters(),
                options ->
                    new EfficientNet(new Variant(member.width(), member.depth(), same), options),
                options -> new EfficientNet(new Variant(0.25, 0.25, same), options)));
      }
    }
    return specs;
  }
}
