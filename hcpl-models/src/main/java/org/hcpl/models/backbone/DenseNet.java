package org.hcpl.models.backbone;

import java.util.ArrayList;
import java.util.List;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.ModelSpec;
import org.hcpl.nn.Activation;
import org.hcpl.nn.AvgPool2d;
import org.hcpl.nn.BatchNorm2d;
import org.hcpl.nn.Conv2d;
import org.hcpl.nn.MaxPool2d;
import org.hcpl.nn.Module;
import org.hcpl.nn.Sequential;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.PoolOptions;

/**
 * DenseNet with bottlenecks and compression 0.5 (Huang et al. 2017, arXiv 1608.06993, table 1):
 * every layer of a block sees the feature maps of all layers before it.
 */
public final class DenseNet extends Backbone {
  /** The width of a bottleneck in growth rates. */
  private static final int BOTTLENECK = 4;

  /** Channels of the stem, channels that each layer adds, layers of each block. */
  private record Variant(int stem, int growth, int... blocks) {}

  private final Sequential features;

  private DenseNet(Variant variant, ModelOptions options) {
    int channels = variant.stem();
    features = child("features", new Sequential());
    ConvOptions stem = ConvOptions.DEFAULT.stride(2).padding(3);
    features
        .add("conv0", new Conv2d(options.inputChannels(), channels, 7, stem, false))
        .add("norm0", new BatchNormAct2d(channels, Activation.RELU))
        .add("pool0", new MaxPool2d(PoolOptions.of(3).stride(2).padding(1)));
    int blocks = variant.blocks().length;
    for (int b = 1; b <= blocks; b++) {
      int layers = variant.blocks()[b - 1];
      features.add("denseblock" + b, new DenseBlock(channels, variant.growth(), layers));
      channels += layers * variant.growth();
      if (b < blocks) {
        features.add("transition" + b, transition(channels, channels / 2));
        channels /= 2;
      }
    }
    features.add("norm5", new BatchNormAct2d(channels, Activation.RELU));
    classifier("classifier", channels, options);
  }

  @Override
  public Tensor forwardFeatures(Tensor x) {
    return features.apply(x);
  }

  /** Halves the channels and the resolution. */
  private static Sequential transition(int in, int out) {
    return new Sequential()
        .add("norm", new BatchNormAct2d(in, Activation.RELU))
        .add("conv", new Conv2d(in, out, 1, ConvOptions.DEFAULT, false))
        .add("pool", new AvgPool2d(PoolOptions.of(2)));
  }

  /** Layers, each of which gets the block's input beside the outputs of all layers before it. */
  private static final class DenseBlock extends Module {
    private final List<DenseLayer> layers = new ArrayList<>();

    DenseBlock(int in, int growth, int count) {
      for (int i = 0; i < count; i++) {
        layers.add(child("denselayer" + (i + 1), new DenseLayer(in + i * growth, growth)));
      }
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor all = x;
      for (DenseLayer layer : layers) {
        all = Tensor.concat(-1, all, layer.apply(all));
      }
      return all;
    }
  }

  /** A 1x1 bottleneck and a 3x3 convolution, each after normalisation: the new channels alone. */
  private static final class DenseLayer extends Module {
    private final Module norm1;
    private final Conv2d conv1;
    private final BatchNorm2d norm2;
    private final Module conv2;

    DenseLayer(int in, int growth) {
      int middle = BOTTLENECK * growth;
      norm1 = child("norm1", new BatchNormAct2d(in, Activation.RELU));
      conv1 = child("conv1", new Conv2d(in, middle, 1, ConvOptions.DEFAULT, false));
      norm2 = child("norm2", new BatchNormAct2d(middle, Activation.RELU));
      conv2 = child("conv2", new Conv2d(middle, growth, 3, ConvOptions.DEFAULT.padding(1), false));
    }

    @Override
    public Tensor forward(Tensor x) {
      return conv2.apply(norm2.after(conv1, norm1.apply(x)));
    }
  }

  /** DenseNet-121, 161, 169 and 201. */
  public static List<ModelSpec> specs() {
    return List.of(
        spec("121", 7_978_856, new Variant(64, 32, 6, 12, 24, 16)),
        spec("161", 28_681_000, new Variant(96, 48, 6, 12, 36, 24)),
        spec("169", 14_149_480, new Variant(64, 32, 6, 12, 32, 32)),
        spec("201", 20_013_928, new Variant(64, 32, 6, 12, 48, 32)));
  }

  private static ModelSpec spec(String depth, long parameters, Variant variant) {
    return ModelSpec.timm(
        "densenet" + depth,
        "DenseNet-" + depth,
        "Huang et al. 2017, arXiv 1608.06993",
        224,
        parameters,
        options -> new DenseNet(variant, options),
        options -> new DenseNet(new Variant(8, 4, 2, 1, 1, 1), options));
  }
}
