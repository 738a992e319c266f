package org.hcpl.nn;

import org.hcpl.tensor.Tensor;

/**
 * Two linear layers, {@code fc1} and {@code fc2}, with an activation between them: {@code [..., in]
 * -> [..., out]}.
 */
public final class Mlp extends Module {
  private final Linear first;
  private final Linear second;
  private final Module activation;

  /**
   * @param hidden the width between the two layers
   */
  public Mlp(int in, int hidden, int out, Activation activation) {
    this.first = child("fc1", new Linear(in, hidden));
    this.activation = child("act", activation.module());
    this.second = child("fc2", new Linear(hidden, out));
  }

  @Override
  public Tensor forward(Tensor x) {
    return second.apply(activation.apply(first.apply(x)));
  }
}
