package org.hcpl.models.backbone;

import org.hcpl.models.ModelException;
import org.hcpl.nn.Activation;
import org.hcpl.nn.BatchNorm2d;
import org.hcpl.tensor.op.Identity;
import org.hcpl.tensor.op.Relu;
import org.hcpl.tensor.op.Silu;
import org.hcpl.tensor.op.Unary;

/**
 * Batch normalisation followed by an activation, under the name of the normalisation, as in timm.
 */
final class BatchNormAct2d extends BatchNorm2d {
  private static final double MOMENTUM = 0.1;

  private final Unary then;

  BatchNormAct2d(int channels, double eps, Activation activation) {
    super(channels, eps, MOMENTUM);
    this.then =
        switch (activation) {
          case IDENTITY -> new Identity();
          case RELU -> new Relu();
          case SILU -> new Silu();
          default ->
              throw new ModelException(
                  "batch norm: activation " + activation + " (expected: IDENTITY, RELU or SILU)");
        };
  }

  /** With an epsilon of 1e-5. */
  BatchNormAct2d(int channels, Activation activation) {
    this(channels, 1e-5, activation);
  }

  @Override
  protected Unary then() {
    return then;
  }
}
