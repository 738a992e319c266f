package org.hcpl.models.classic;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hcpl.models.ModelException;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.ModelSpec;
import org.hcpl.models.image.Channel;
import org.hcpl.models.localise.ClassList;
import org.hcpl.nn.Activation;
import org.hcpl.nn.AlphaDropout;
import org.hcpl.nn.Conv2d;
import org.hcpl.nn.Init;
import org.hcpl.nn.Linear;
import org.hcpl.nn.MaxPool2d;
import org.hcpl.nn.Module;
import org.hcpl.nn.Parameter;
import org.hcpl.nn.Sequential;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.io.NamedArray;
import org.hcpl.tensor.io.TfCheckpoint;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.PoolOptions;

/**
 * GapNet-PL (Rumetshofer et al., ICLR 2019, "Human-level protein localization with convolutional
 * neural networks"): three blocks of 3x3 convolutions with SELU; the averages of all three outputs,
 * side by side, go through two dense layers with alpha dropout to one logit a class. Layers as in
 * the authors' TensorFlow code (ml-jku/gapnet-pl, BSD-2), whose checkpoint {@link #loadCheckpoint}
 * reads. The graph stored with that checkpoint pads every convolution by one pixel on all four
 * sides; padding as TensorFlow's SAME would shift the stride-2 layers by a pixel and move
 * probabilities by a third.
 *
 * <p>The authors' weights expect the channels {@link #CHANNELS}, each image standardised per
 * channel, and give the classes {@link ClassList#CYTO_2017}.
 */
public final class GapNetPl extends Module {
  /** The registry's name. */
  public static final String NAME = "gapnet_pl";

  /** The channels that the authors' weights expect, in order. */
  public static final List<Channel> CHANNELS =
      List.of(Channel.BLUE, Channel.GREEN, Channel.RED, Channel.YELLOW);

  private static final int[] WIDTHS = {32, 64, 128};
  private static final int DENSE = 256;
  private static final double DROPOUT = 0.3;
  private static final long PARAMETERS = 626_221;

  private final List<Module> blocks = new ArrayList<>();
  private final Sequential head;
  private final List<Conv2d> convolutions = new ArrayList<>();
  private final List<Linear> dense = new ArrayList<>();

  private GapNetPl(int divisor, ModelOptions options) {
    int first = WIDTHS[0] / divisor;
    int second = WIDTHS[1] / divisor;
    int third = WIDTHS[2] / divisor;
    int width = DENSE / divisor;
    blocks.add(
        child(
            "block1",
            new Sequential()
                .add("conv1", convolution(options.inputChannels(), first, 2))
                .add("act1", Activation.SELU.module())
                .add("pool", new MaxPool2d(PoolOptions.of(2).same()))));
    Sequential block2 = new Sequential();
    for (int i = 1; i <= 4; i++) {
      block2
          .add("conv" + i, i == 1 ? convolution(first, second, 2) : convolution(second, second, 1))
          .add("act" + i, Activation.SELU.module());
    }
    blocks.add(child("block2", block2.add("pool", new MaxPool2d(PoolOptions.of(2).same()))));
    Sequential block3 = new Sequential();
    for (int i = 1; i <= 3; i++) {
      block3
          .add("conv" + i, convolution(i == 1 ? second : third, third, 1))
          .add("act" + i, Activation.SELU.module());
    }
    blocks.add(child("block3", block3));
    head = child("head", new Sequential());
    head.add("fc1", linear(first + second + third, width))
        .add("act1", Activation.SELU.module())
        .add("drop1", new AlphaDropout(DROPOUT))
        .add("fc2", linear(width, width))
        .add("act2", Activation.SELU.module())
        .add("drop2", new AlphaDropout(DROPOUT));
    if (options.classes() > 0) {
      head.add("fc3", linear(width, options.classes()));
    }
  }

  private Conv2d convolution(int in, int out, int stride) {
    Conv2d convolution =
        new Conv2d(in, out, 3, ConvOptions.DEFAULT.stride(stride).padding(1), true);
    convolutions.add(convolution);
    return convolution;
  }

  private Linear linear(int in, int out) {
    Linear linear = new Linear(in, out);
    dense.add(linear);
    return linear;
  }

  /** The authors' initial values: truncated normal of variance 1 / fanIn, zero biases. */
  @Override
  protected void reset(Rng rng) {
    int layer = 0;
    for (Conv2d convolution : convolutions) {
      Init.selu(rng.split(layer++), convolution.weight());
      convolution.bias().fill(0);
    }
    for (Linear linear : dense) {
      Init.selu(rng.split(layer++), linear.weight());
      linear.bias().fill(0);
    }
  }

  /** Images {@code [N, H, W, inputChannels]}, of any size, to logits {@code [N, classes]}. */
  @Override
  public Tensor forward(Tensor x) {
    List<Tensor> pooled = new ArrayList<>();
    Tensor maps = x;
    for (Module block : blocks) {
      maps = block.apply(maps);
      pooled.add(maps.globalAvgPool());
    }
    return head.apply(Tensor.concat(-1, pooled));
  }

  /**
   * Fills a network of 4 channels and 13 classes with the weights of the authors' TensorFlow
   * checkpoint.
   *
   * @param prefix the path of the checkpoint without its endings, or its {@code .index} file
   * @throws ModelException if it holds another network
   * @throws org.hcpl.tensor.io.WeightFileException if it is missing or damaged
   */
  public void loadCheckpoint(Path prefix) {
    TfCheckpoint checkpoint = TfCheckpoint.open(prefix);
    for (int i = 0; i < convolutions.size(); i++) {
      String scope = "ConvLayer-" + (i + 1) + "/";
      Conv2d layer = convolutions.get(i);
      // TensorFlow stores [kH, kW, in, out].
      set(checkpoint, prefix, scope + "W_conv", layer.weight(), 3, 0, 1, 2);
      set(checkpoint, prefix, scope + "b_conv", layer.bias(), 0);
    }
    for (int i = 0; i < dense.size(); i++) {
      String scope = "FC-" + (i + 1) + "/";
      set(checkpoint, prefix, scope + "W_dense", dense.get(i).weight(), 1, 0);
      set(checkpoint, prefix, scope + "b_dense", dense.get(i).bias(), 0);
    }
  }

  private static void set(
      TfCheckpoint checkpoint, Path file, String name, Parameter parameter, int... axes) {
    if (!checkpoint.names().contains(name)) {
      throw new ModelException(
          NAME
              + ": "
              + file
              + " holds no variable '"
              + name
              + "' (expected: the authors' checkpoint)");
    }
    NamedArray array = checkpoint.read(name);
    Tensor value = Tensor.of(array.values(), Shape.of(array.shape()));
    if (value.rank() == axes.length && axes.length > 1) {
      value = value.permute(axes);
    }
    if (!value.shape().equals(parameter.shape())) {
      throw new ModelException(
          NAME
              + ": variable '"
              + name
              + "' of "
              + file
              + " is "
              + value.shape()
              + " with channels last (expected: "
              + parameter.shape()
              + ")");
    }
    parameter.set(value);
  }

  /** The network, registered. */
  public static List<ModelSpec> specs() {
    return List.of(
        new ModelSpec(
            NAME,
            "GapNet-PL: convolutions with SELU, average pooling of three blocks, dense layers",
            "Rumetshofer et al., ICLR 2019; layers as in ml-jku/gapnet-pl (BSD-2)",
            ModelSpec.Level.IMAGE,
            1024,
            new ModelSpec.Published(4, ClassList.CYTO_2017.size(), PARAMETERS),
            options -> new GapNetPl(1, options),
            options -> new GapNetPl(8, options)));
  }
}
