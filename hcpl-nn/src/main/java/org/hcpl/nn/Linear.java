package org.hcpl.nn;

import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;

/**
 * {@code y = x * weight^T + bias} on the last axis, {@code [..., in] -> [..., out]}: parameters
 * {@code weight} {@code [out, in]} and {@code bias} {@code [out]}.
 */
public final class Linear extends Module {
  private final Parameter weight;
  private final Parameter bias;

  /** With a bias. */
  public Linear(int in, int out) {
    this(in, out, true);
  }

  public Linear(int in, int out, boolean bias) {
    if (in <= 0 || out <= 0) {
      throw new TensorException("linear: " + in + " -> " + out + " (expected: positive widths)");
    }
    this.weight = parameter("weight", Layout.PLAIN, out, in);
    this.bias = bias ? parameter("bias", Layout.PLAIN, out) : null;
  }

  /** {@code [out, in]}. */
  public Parameter weight() {
    return weight;
  }

  /** The bias, or null. */
  public Parameter bias() {
    return bias;
  }

  @Override
  protected void reset(Rng rng) {
    Init.torchDefault(rng, weight, bias);
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.linear(weight.value(), bias == null ? null : bias.value());
  }
}
