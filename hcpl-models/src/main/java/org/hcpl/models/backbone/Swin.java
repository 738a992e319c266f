package org.hcpl.models.backbone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.hcpl.models.ModelException;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.ModelSpec;
import org.hcpl.nn.Conv2d;
import org.hcpl.nn.Init;
import org.hcpl.nn.LayerNorm;
import org.hcpl.nn.Linear;
import org.hcpl.nn.Module;
import org.hcpl.nn.PatchMerging;
import org.hcpl.nn.Sequential;
import org.hcpl.nn.SwinBlock;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ConvOptions;

/**
 * Swin transformer (Liu et al. 2021, arXiv 2103.14030): patches of 4 x 4 pixels, four stages of
 * attention within windows, every second block with windows shifted by half, the resolution halved
 * between stages. Takes images of any size; {@code img_size} only decides which windows are smaller
 * than asked for.
 */
public final class Swin extends Backbone {
  private static final String IMAGE_SIZE = "img_size";
  private static final String WINDOW_SIZE = "window_size";
  private static final int PATCH = 4;
  private static final double MLP_RATIO = 4;
  private static final double INITIAL_DEVIATION = 0.02;

  /** Channels of the first stage, blocks and heads of the stages, sides of image and window. */
  private record Variant(int channels, int[] blocks, int[] heads, int image, int window) {
    /** The same with what the options set. */
    Variant with(ModelOptions options) {
      return new Variant(
          channels,
          blocks,
          heads,
          whole(options, IMAGE_SIZE, image),
          whole(options, WINDOW_SIZE, window));
    }

    private static int whole(ModelOptions options, String name, int otherwise) {
      double value = options.setting(name, otherwise);
      if (value != Math.rint(value) || value < 1) {
        throw new ModelException("swin: " + name + " " + value + " (expected: a positive integer)");
      }
      return (int) value;
    }
  }

  private final Module embed;
  private final List<Module> stages = new ArrayList<>();
  private final Module norm;

  private Swin(Variant variant, ModelOptions options) {
    int channels = variant.channels();
    embed = child("patch_embed", new PatchEmbed(options.inputChannels(), channels));
    Sequential layers = child("layers", new Sequential());
    int count = Arrays.stream(variant.blocks()).sum();
    int index = 0;
    int side = variant.image() / PATCH;
    for (int s = 0; s < variant.blocks().length; s++) {
      Sequential stage = new Sequential();
      if (s > 0) {
        stage.add("downsample", new PatchMerging(channels, 2 * channels));
        channels *= 2;
        side = (side + 1) / 2;
      }
      Sequential blocks = new Sequential();
      for (int i = 0; i < variant.blocks()[s]; i++) {
        blocks.add(
            new SwinBlock(
                channels,
                side,
                side,
                variant.heads()[s],
                variant.window(),
                i % 2 == 0 ? 0 : variant.window() / 2,
                MLP_RATIO,
                options.dropPathRate() * index++ / Math.max(1, count - 1)));
      }
      stage.add("blocks", blocks);
      layers.add(stage);
      stages.add(stage);
    }
    norm = child("norm", new LayerNorm(channels));
    classifier("head.fc", channels, options);
  }

  /** As in timm: linear layers truncated normal, biases zero. */
  @Override
  protected void reset(Rng rng) {
    modules()
        .forEach(
            (path, module) -> {
              if (module instanceof Linear linear) {
                Init.truncatedNormal(rng.split(path), linear.weight(), INITIAL_DEVIATION);
                if (linear.bias() != null) {
                  linear.bias().fill(0);
                }
              }
            });
  }

  @Override
  public Tensor forwardFeatures(Tensor x) {
    Tensor maps = embed.apply(x);
    for (Module stage : stages) {
      maps = stage.apply(maps);
    }
    return norm.apply(maps);
  }

  /** Patches to descriptors; an image that patches do not divide is padded below and right. */
  private static final class PatchEmbed extends Module {
    private final Module proj;
    private final Module norm;

    PatchEmbed(int in, int channels) {
      proj =
          child("proj", new Conv2d(in, channels, PATCH, ConvOptions.DEFAULT.stride(PATCH), true));
      norm = child("norm", new LayerNorm(channels));
    }

    @Override
    public Tensor forward(Tensor x) {
      int below = Math.floorMod(-x.dim(1), PATCH);
      int right = Math.floorMod(-x.dim(2), PATCH);
      Tensor whole = below + right == 0 ? x : x.pad(new int[4], new int[] {0, below, right, 0}, 0);
      return norm.apply(proj.apply(whole));
    }
  }

  /** Swin-T, S and B with windows of 7, for images of 224. */
  public static List<ModelSpec> specs() {
    return List.of(
        spec("tiny", 28_288_354, new Variant(96, new int[] {2, 2, 6, 2}, heads(3), 224, 7)),
        spec("small", 49_606_258, new Variant(96, new int[] {2, 2, 18, 2}, heads(3), 224, 7)),
        spec("base", 87_768_224, new Variant(128, new int[] {2, 2, 18, 2}, heads(4), 224, 7)));
  }

  private static int[] heads(int first) {
    return new int[] {first, 2 * first, 4 * first, 8 * first};
  }

  private static ModelSpec spec(String size, long parameters, Variant variant) {
    Variant tiny = new Variant(8, new int[] {2, 2}, new int[] {2, 4}, 40, 4);
    return ModelSpec.timm(
            "swin_" + size + "_patch4_window7_224",
            "Swin transformer, " + size,
            "Liu et al. 2021, arXiv 2103.14030",
            224,
            parameters,
            options -> new Swin(variant.with(options), options),
            options -> new Swin(tiny.with(options), options))
        .settings(Set.of(IMAGE_SIZE, WINDOW_SIZE));
  }
}
