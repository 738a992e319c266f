package org.hcpl.nn;

import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;

/**
 * Initial values of parameters. Fans follow PyTorch: of a weight {@code [out, kH, kW, in]} or
 * {@code [out, in]} the fan in is {@code kH * kW * in}, the fan out {@code kH * kW * out}, whatever
 * the groups.
 */
public final class Init {
  private Init() {}

  /** The number of inputs of one output. */
  public static int fanIn(Parameter weight) {
    Shape shape = weight.shape();
    return shape.size() / shape.dim(0);
  }

  /** The number of outputs that one input reaches. */
  public static int fanOut(Parameter weight) {
    Shape shape = weight.shape();
    return shape.size() / shape.dim(-1);
  }

  /** Zero-mean normal. */
  public static void normal(Rng rng, Parameter parameter, double standardDeviation) {
    parameter.set(rng.normal(parameter.shape(), 0, standardDeviation));
  }

  /** Uniform in {@code -bound..bound}. */
  public static void uniform(Rng rng, Parameter parameter, double bound) {
    parameter.set(rng.uniform(parameter.shape(), -bound, bound));
  }

  /** Normal without what lies more than two standard deviations out. */
  public static void truncatedNormal(Rng rng, Parameter parameter, double standardDeviation) {
    parameter.set(rng.truncatedNormal(parameter.shape(), standardDeviation));
  }

  /** Normal of variance {@code 2 / fanIn}, for ReLU (He et al. 2015). */
  public static void kaimingNormal(Rng rng, Parameter weight) {
    normal(rng, weight, Math.sqrt(2.0 / fanIn(weight)));
  }

  /** Normal of variance {@code 2 / fanOut}, which keeps the gradients' size (He et al. 2015). */
  public static void kaimingNormalFanOut(Rng rng, Parameter weight) {
    normal(rng, weight, Math.sqrt(2.0 / fanOut(weight)));
  }

  /** Uniform of variance {@code 2 / fanIn}. */
  public static void kaimingUniform(Rng rng, Parameter weight) {
    uniform(rng, weight, Math.sqrt(6.0 / fanIn(weight)));
  }

  /** Normal of variance {@code 2 / (fanIn + fanOut)} (Glorot and Bengio 2010). */
  public static void xavierNormal(Rng rng, Parameter weight) {
    normal(rng, weight, Math.sqrt(2.0 / (fanIn(weight) + fanOut(weight))));
  }

  /** Uniform of variance {@code 2 / (fanIn + fanOut)}. */
  public static void xavierUniform(Rng rng, Parameter weight) {
    uniform(rng, weight, Math.sqrt(6.0 / (fanIn(weight) + fanOut(weight))));
  }

  /**
   * For SELU (Klambauer et al. 2017): truncated normal with {@code sqrt(1 / fanIn)} as GapNet-PL's
   * authors use it; the truncation at two makes the standard deviation 0.88 of that.
   */
  public static void selu(Rng rng, Parameter weight) {
    truncatedNormal(rng, weight, Math.sqrt(1.0 / fanIn(weight)));
  }

  /**
   * timm's for EfficientNet's convolutions: normal of variance {@code 2 * groups / fanOut}.
   *
   * @param groups of the convolution
   */
  public static void efficientNetConv(Rng rng, Parameter weight, int groups) {
    normal(rng, weight, Math.sqrt(2.0 * groups / fanOut(weight)));
  }

  /** timm's for EfficientNet's classifier: uniform within {@code 1 / sqrt(out)}. */
  public static void efficientNetLinear(Rng rng, Parameter weight) {
    uniform(rng, weight, 1 / Math.sqrt(weight.shape().dim(0)));
  }

  /** PyTorch's default: weight and bias uniform within {@code 1 / sqrt(fanIn)}. */
  static void torchDefault(Rng rng, Parameter weight, Parameter bias) {
    double bound = 1 / Math.sqrt(fanIn(weight));
    uniform(rng.split("weight"), weight, bound);
    if (bias != null) {
      uniform(rng.split("bias"), bias, bound);
    }
  }
}
