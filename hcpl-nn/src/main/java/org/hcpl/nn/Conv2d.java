package org.hcpl.nn;

import static org.hcpl.tensor.io.Words.count;

import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.op.ConvOptions;

/**
 * A convolution over images {@code [N, H, W, in] -> [N, H', W', out]}: parameters {@code weight}
 * {@code [out, kH, kW, in / groups]} and {@code bias} {@code [out]}.
 *
 * <p>Initial values as PyTorch's: uniform within {@code 1 / sqrt(fanIn)}; see {@link Init} for
 * others.
 */
public final class Conv2d extends Module {
  private final Parameter weight;
  private final Parameter bias;
  private final ConvOptions options;

  /** A square kernel. */
  public Conv2d(int in, int out, int kernel, ConvOptions options, boolean bias) {
    this(in, out, kernel, kernel, options, bias);
  }

  /** A kernel of {@code kernelHeight x kernelWidth}. */
  public Conv2d(
      int in, int out, int kernelHeight, int kernelWidth, ConvOptions options, boolean bias) {
    check("conv2d", in, out, kernelHeight, kernelWidth, options);
    this.options = options;
    this.weight =
        parameter("weight", Layout.CONV, out, kernelHeight, kernelWidth, in / options.groups());
    this.bias = bias ? parameter("bias", Layout.PLAIN, out) : null;
  }

  /** Refuses sizes that no convolution has. */
  static void check(
      String op, int in, int out, int kernelHeight, int kernelWidth, ConvOptions options) {
    int groups = options.groups();
    if (in <= 0 || out <= 0 || in % groups != 0 || out % groups != 0) {
      throw new TensorException(
          op
              + ": "
              + in
              + " -> "
              + count(out, "channel")
              + " in "
              + count(groups, "group")
              + " (expected: positive counts that the groups divide)");
    }
    if (kernelHeight < 1 || kernelWidth < 1) {
      throw new TensorException(
          op + ": kernel " + kernelHeight + "x" + kernelWidth + " (expected: at least 1x1)");
    }
  }

  /** {@code [out, kH, kW, in / groups]}. */
  public Parameter weight() {
    return weight;
  }

  /** The bias, or null. */
  public Parameter bias() {
    return bias;
  }

  /** How it slides over its input. */
  public ConvOptions options() {
    return options;
  }

  @Override
  protected void reset(Rng rng) {
    Init.torchDefault(rng, weight, bias);
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.conv2d(weight.value(), bias == null ? null : bias.value(), options);
  }
}
