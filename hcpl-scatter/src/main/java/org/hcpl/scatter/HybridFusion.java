package org.hcpl.scatter;

import org.hcpl.nn.BatchNorm2d;
import org.hcpl.nn.Conv2d;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.op.ConvOptions;

/**
 * Mixes scattering features of the image into a convolutional network's features at the same
 * stride:
 *
 * <pre>
 *   s = conv1x1(BN(scatter(image)))
 *   y = SiLU(BN(conv1x1(concat(features, s))))
 * </pre>
 *
 * <p>After the Hybrid Fusion Block of Minskiy and Bober, Efficient Hybrid Network: Inducting
 * Scattering Features (arXiv 2203.15392). The paper's idea is to embed scattering features into the
 * flow of an EfficientNet; the layers inside the block are our reading of it, not taken from their
 * code, and hold no claim to reproduce their figures.
 */
public final class HybridFusion extends Module {
  private final BatchNorm2d norm;
  private final Conv2d embed;
  private final Scattering2d scatter;
  private final Conv2d mix;
  private final BatchNorm2d mixNorm;

  /**
   * @param imageChannels channels of the image
   * @param scatter the transform, whose {@code 2^J} is the stride of the features
   * @param embedded channels to which the scattering features are reduced
   * @param features channels of the network's features, before and after
   */
  public HybridFusion(int imageChannels, Scattering2d scatter, int embedded, int features) {
    int scattered = imageChannels * scatter.paths();
    this.scatter = child("scatter", scatter);
    this.norm = child("norm", new BatchNorm2d(scattered));
    this.embed = child("embed", new Conv2d(scattered, embedded, 1, ConvOptions.DEFAULT, true));
    this.mix =
        child("mix", new Conv2d(features + embedded, features, 1, ConvOptions.DEFAULT, false));
    this.mixNorm = child("mix_norm", new BatchNorm2d(features));
  }

  /** The branch of the image: {@code [N, H, W, C] -> [N, H / 2^J, W / 2^J, embedded]}. */
  @Override
  public Tensor forward(Tensor image) {
    return embed.apply(norm.apply(scatter.apply(image)));
  }

  /**
   * The block: features of {@code [N, h, w, F]} to the same shape.
   *
   * @param image {@code [N, H, W, C]}
   * @throws TensorException if the features' stride is not that of the transform
   */
  public Tensor fuse(Tensor image, Tensor features) {
    Tensor scattered = apply(image);
    if (features.rank() != 4
        || features.dim(1) != scattered.dim(1)
        || features.dim(2) != scattered.dim(2)) {
      throw new TensorException(
          "hybridFusion: features "
              + features.shape()
              + ", scattering of the image "
              + scattered.shape()
              + " (expected: equal height and width)\nhelp: the features' stride must be 2^scales");
    }
    return mixNorm.apply(mix.apply(Tensor.concat(3, features, scattered))).silu();
  }
}
