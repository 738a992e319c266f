package org.hcpl.tensor;

import org.hcpl.tensor.op.Abs;
import org.hcpl.tensor.op.Add;
import org.hcpl.tensor.op.Affine;
import org.hcpl.tensor.op.Clamp;
import org.hcpl.tensor.op.Div;
import org.hcpl.tensor.op.Elu;
import org.hcpl.tensor.op.Erf;
import org.hcpl.tensor.op.Exp;
import org.hcpl.tensor.op.Gelu;
import org.hcpl.tensor.op.GeluTanh;
import org.hcpl.tensor.op.Greater;
import org.hcpl.tensor.op.HardSigmoid;
import org.hcpl.tensor.op.HardSwish;
import org.hcpl.tensor.op.LeakyRelu;
import org.hcpl.tensor.op.Log;
import org.hcpl.tensor.op.Maximum;
import org.hcpl.tensor.op.Minimum;
import org.hcpl.tensor.op.Mish;
import org.hcpl.tensor.op.Mul;
import org.hcpl.tensor.op.PowScalar;
import org.hcpl.tensor.op.Relu;
import org.hcpl.tensor.op.Relu6;
import org.hcpl.tensor.op.Selu;
import org.hcpl.tensor.op.Sigmoid;
import org.hcpl.tensor.op.Silu;
import org.hcpl.tensor.op.Softplus;
import org.hcpl.tensor.op.Sqrt;
import org.hcpl.tensor.op.Sub;
import org.hcpl.tensor.op.Tanh;

/**
 * Operations value by value, rounded to float32; two operands broadcast by NumPy's rule. All return
 * new tensors. Outside of its domain a function is NaN, as {@link Math} has it: the logarithm and
 * the root of a negative number, 0 / 0.
 */
public sealed interface Elementwise permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** {@code x + other}. */
  default Tensor add(Tensor other) {
    return Tensor.run(new Add(), self(), other);
  }

  /** {@code x - other}. */
  default Tensor sub(Tensor other) {
    return Tensor.run(new Sub(), self(), other);
  }

  /** {@code x * other}. */
  default Tensor mul(Tensor other) {
    return Tensor.run(new Mul(), self(), other);
  }

  /** {@code x / other}. */
  default Tensor div(Tensor other) {
    return Tensor.run(new Div(), self(), other);
  }

  /** The larger of two values; NaN if either is; where equal the gradient goes half to each. */
  default Tensor maximum(Tensor other) {
    return Tensor.run(new Maximum(), self(), other);
  }

  /** The smaller of two values; NaN if either is; where equal the gradient goes half to each. */
  default Tensor minimum(Tensor other) {
    return Tensor.run(new Minimum(), self(), other);
  }

  /** 1 where this is greater, else 0; without gradient. */
  default Tensor greater(Tensor other) {
    return Tensor.run(new Greater(), self(), other);
  }

  /** {@code x + value}. */
  default Tensor add(double value) {
    return affine(1, value);
  }

  /** {@code x - value}. */
  default Tensor sub(double value) {
    return affine(1, -value);
  }

  /** {@code x * value}. */
  default Tensor mul(double value) {
    return affine(value, 0);
  }

  /** {@code x * (1 / value)}, which may differ from {@code x / value} in the last bit. */
  default Tensor div(double value) {
    return affine(1 / value, 0);
  }

  /** {@code scale * x + shift}. */
  default Tensor affine(double scale, double shift) {
    return Tensor.run(new Affine(scale, shift), self());
  }

  /** {@code -x}. */
  default Tensor neg() {
    return affine(-1, 0);
  }

  /** {@code e^x}. */
  default Tensor exp() {
    return Tensor.run(new Exp(), self());
  }

  /** Natural logarithm. */
  default Tensor log() {
    return Tensor.run(new Log(), self());
  }

  /** The square root; its derivative at 0 is infinite. */
  default Tensor sqrt() {
    return Tensor.run(new Sqrt(), self());
  }

  /** {@code x * x}. */
  default Tensor square() {
    return pow(2);
  }

  /** {@code 1 / x}. */
  default Tensor reciprocal() {
    return pow(-1);
  }

  /** {@code x^exponent}; NaN of a negative x where the exponent is no whole number. */
  default Tensor pow(double exponent) {
    return Tensor.run(new PowScalar(exponent), self());
  }

  /** {@code |x|}; derivative 0 at 0. */
  default Tensor abs() {
    return Tensor.run(new Abs(), self());
  }

  /** The error function. */
  default Tensor erf() {
    return Tensor.run(new Erf(), self());
  }

  /** Limited to {@code low..high}; no gradient outside. */
  default Tensor clamp(double low, double high) {
    return Tensor.run(new Clamp(low, high), self());
  }

  /** The hyperbolic tangent. */
  default Tensor tanh() {
    return Tensor.run(new Tanh(), self());
  }

  /** {@code 1 / (1 + exp(-x))}. */
  default Tensor sigmoid() {
    return Tensor.run(new Sigmoid(), self());
  }

  /** {@code max(x, 0)}; derivative 0 at 0. */
  default Tensor relu() {
    return Tensor.run(new Relu(), self());
  }

  /** {@code x * sigmoid(x)}. */
  default Tensor silu() {
    return Tensor.run(new Silu(), self());
  }

  /** {@code min(max(x, 0), 6)}. */
  default Tensor relu6() {
    return Tensor.run(new Relu6(), self());
  }

  /** {@code x} where positive, else {@code slope * x}. */
  default Tensor leakyRelu(double slope) {
    return Tensor.run(new LeakyRelu(slope), self());
  }

  /** {@code x / 2 * (1 + erf(x / sqrt(2)))}. */
  default Tensor gelu() {
    return Tensor.run(new Gelu(), self());
  }

  /** {@code x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))}, close to {@link #gelu}. */
  default Tensor geluTanh() {
    return Tensor.run(new GeluTanh(), self());
  }

  /**
   * The self-normalising exponential unit (Klambauer et al. 2017): {@code scale * x} where
   * positive, else {@code scale * alpha * (exp(x) - 1)}, with scale 1.0507 and alpha 1.6733.
   */
  default Tensor selu() {
    return Tensor.run(new Selu(), self());
  }

  /** {@code x} where positive, else {@code alpha * (exp(x) - 1)}. */
  default Tensor elu(double alpha) {
    return Tensor.run(new Elu(alpha), self());
  }

  /** {@code log(1 + exp(x))}. */
  default Tensor softplus() {
    return Tensor.run(new Softplus(), self());
  }

  /** {@code min(max(x + 3, 0), 6) / 6}. */
  default Tensor hardSigmoid() {
    return Tensor.run(new HardSigmoid(), self());
  }

  /** {@code x * min(max(x + 3, 0), 6) / 6}. */
  default Tensor hardSwish() {
    return Tensor.run(new HardSwish(), self());
  }

  /** {@code x * tanh(softplus(x))}. */
  default Tensor mish() {
    return Tensor.run(new Mish(), self());
  }
}
