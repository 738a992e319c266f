package org.hcpl.models.backbone;

import org.hcpl.nn.Activation;
import org.hcpl.nn.BatchNorm2d;
import org.hcpl.tensor.Tensor;

/**
 * Batch normalisation followed by an activation, under the name of the normalisation, as in timm.
 */
final class BatchNormAct2d extends BatchNorm2d {
  private static final double MOMENTUM = 0.1;

  private final Activation activation;

  BatchNormAct2d(int channels, double eps, Activation activation) {
    super(channels, eps, MOMENTUM);
    this.activation = activation;
  }

  /** With an epsilon of 1e-5. */
  BatchNormAct2d(int channels, Activation activation) {
    this(channels, 1e-5, activation);
  }

  @Override
  public Tensor forward(Tensor x) {
    return activation.apply(super.forward(x));
  }
}
