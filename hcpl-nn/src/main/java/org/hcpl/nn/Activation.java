package org.hcpl.nn;

import java.util.Arrays;
import java.util.Locale;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;

/** The activations that networks choose from; {@link #module()} where a layer is wanted. */
public enum Activation {
  IDENTITY,
  RELU,
  RELU6,
  /** Slope 0.01 below zero. */
  LEAKY_RELU,
  /** {@code x * sigmoid(x)}, also called swish. */
  SILU,
  /** The exact form, with the error function. */
  GELU,
  /** The approximation with tanh. */
  GELU_TANH,
  SELU,
  /** With alpha 1. */
  ELU,
  SOFTPLUS,
  HARD_SWISH,
  HARD_SIGMOID,
  MISH,
  SIGMOID,
  TANH;

  /** The activation of every value. */
  public Tensor apply(Tensor x) {
    return switch (this) {
      case IDENTITY -> x;
      case RELU -> x.relu();
      case RELU6 -> x.relu6();
      case LEAKY_RELU -> x.leakyRelu(0.01);
      case SILU -> x.silu();
      case GELU -> x.gelu();
      case GELU_TANH -> x.geluTanh();
      case SELU -> x.selu();
      case ELU -> x.elu(1);
      case SOFTPLUS -> x.softplus();
      case HARD_SWISH -> x.hardSwish();
      case HARD_SIGMOID -> x.hardSigmoid();
      case MISH -> x.mish();
      case SIGMOID -> x.sigmoid();
      case TANH -> x.tanh();
    };
  }

  /** A new layer without parameters. */
  public Module module() {
    return new ActivationLayer(this);
  }

  /**
   * The activation of that name in configuration files: {@code relu}, {@code gelu_tanh}, ...
   *
   * @throws TensorException if there is none, with the names that there are
   */
  public static Activation named(String name) {
    for (Activation activation : values()) {
      String text = activation.name().toLowerCase(Locale.ROOT);
      if (text.equals(name) || text.replace("_", "").equals(name)) {
        return activation;
      }
    }
    throw new TensorException(
        "activation: no '"
            + name
            + "' (expected one of: "
            + Arrays.toString(values()).toLowerCase(Locale.ROOT)
            + ")");
  }
}
