package org.hcpl.nn;

import java.util.Locale;
import java.util.function.UnaryOperator;
import org.hcpl.tensor.Tensor;

/** The activations that networks choose from; {@link #module()} where a layer is wanted. */
public enum Activation {
  IDENTITY(x -> x),
  RELU(x -> x.relu()),
  RELU6(x -> x.relu6()),
  /** Slope 0.01 below zero. */
  LEAKY_RELU(x -> x.leakyRelu(0.01)),
  /** {@code x * sigmoid(x)}, also called swish. */
  SILU(x -> x.silu()),
  /** The exact form, with the error function. */
  GELU(x -> x.gelu()),
  /** The approximation with tanh. */
  GELU_TANH(x -> x.geluTanh()),
  SELU(x -> x.selu()),
  /** With alpha 1. */
  ELU(x -> x.elu(1)),
  SOFTPLUS(x -> x.softplus()),
  HARD_SWISH(x -> x.hardSwish()),
  HARD_SIGMOID(x -> x.hardSigmoid()),
  MISH(x -> x.mish()),
  SIGMOID(x -> x.sigmoid()),
  TANH(x -> x.tanh());

  private final UnaryOperator<Tensor> function;

  Activation(UnaryOperator<Tensor> function) {
    this.function = function;
  }

  /** The activation of every value. */
  public Tensor apply(Tensor x) {
    return function.apply(x);
  }

  /** A new layer without parameters. */
  public Module module() {
    return new ActivationLayer(this);
  }

  /** The activation of that name in configuration files: {@code relu}, {@code gelu_tanh}, ... */
  public static Activation named(String name) {
    for (Activation activation : values()) {
      String text = activation.name().toLowerCase(Locale.ROOT);
      if (text.equals(name) || text.replace("_", "").equals(name)) {
        return activation;
      }
    }
    throw new IllegalArgumentException(
        "activation: no '"
            + name
            + "' (expected one of: "
            + java.util.Arrays.toString(values()).toLowerCase(Locale.ROOT)
            + ")");
  }
}
