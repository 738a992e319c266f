package org.hcpl.nn.op;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.hcpl.tensor.Tensor;

class WeibullProperties {
  /** Whatever a network's features are, values and gradients stay finite. */
  @Property(tries = 300)
  void valuesAndGradientsAreFinite(
      @ForAll @Size(min = 1, max = 9) float[] anyFeatures,
      @ForAll @DoubleRange(min = 0.01, max = 100) double lambda,
      @ForAll @DoubleRange(min = 1, max = 5) double zeta,
      @ForAll @DoubleRange(min = 0.01, max = 100) double gamma,
      @ForAll @DoubleRange(min = 0.3, max = 10) double eta) {
    Tensor r = Tensor.of(anyFeatures, anyFeatures.length).requireGrad(true);
    Tensor[] parameters = new Tensor[4];
    double[] values = {lambda, zeta, gamma, eta};
    for (int i = 0; i < 4; i++) {
      parameters[i] = Tensor.scalar(values[i]).requireGrad(true);
    }
    Tensor y = WeibullActivation.of(r, parameters[0], parameters[1], parameters[2], parameters[3]);
    y.mean().backward();
    finite(y.toArray());
    finite(r.grad().toArray());
    for (Tensor parameter : parameters) {
      finite(parameter.grad().toArray());
    }
  }

  /** The activation is where its formula says, in double. */
  @Property(tries = 300)
  void agreesWithTheFormula(
      @ForAll @FloatRange(min = 0.01f, max = 20) float r,
      @ForAll @DoubleRange(min = 0.1, max = 5) double lambda,
      @ForAll @DoubleRange(min = 1, max = 4) double zeta,
      @ForAll @DoubleRange(min = 0.5, max = 10) double gamma,
      @ForAll @DoubleRange(min = 0.5, max = 3) double eta) {
    float[] p = {(float) lambda, (float) zeta, (float) gamma, (float) eta};
    double expected =
        Math.pow(r / (double) p[0], p[1] - 1.0) * Math.exp(-Math.pow(r / (double) p[2], p[3]));
    float found =
        WeibullActivation.of(
                Tensor.of(new float[] {r}, 1),
                Tensor.scalar(p[0]),
                Tensor.scalar(p[1]),
                Tensor.scalar(p[2]),
                Tensor.scalar(p[3]))
            .item();
    // A rounding of each term of the exponent, and of the logarithms in it, in float32; twice that.
    double decay = Math.pow(r / (double) p[2], p[3]);
    double exponent =
        1
            + (p[1] - 1) * (1 + Math.abs(Math.log(r)) + Math.abs(Math.log(p[0])))
            + decay * (1 + p[3] * (1 + Math.abs(Math.log(r)) + Math.abs(Math.log(p[2]))));
    double tolerance = Math.abs(expected) * exponent * 4 * 0x1p-24 + Float.MIN_NORMAL;
    assertThat((double) found).isCloseTo(expected, org.assertj.core.data.Offset.offset(tolerance));
  }

  private static void finite(float[] values) {
    for (float value : values) {
      assertThat(value).isFinite();
    }
  }
}
