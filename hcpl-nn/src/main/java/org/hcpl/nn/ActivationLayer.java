package org.hcpl.nn;

import org.hcpl.tensor.Tensor;

/** An {@link Activation} as a layer. */
final class ActivationLayer extends Module {
  private final Activation activation;

  ActivationLayer(Activation activation) {
    this.activation = activation;
  }

  @Override
  public Tensor forward(Tensor x) {
    return activation.apply(x);
  }
}
