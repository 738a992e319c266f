package org.hcpl.nn.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.testing.OpCheck;
import org.junit.jupiter.api.Test;

class WeibullActivationTest {
  private static final Shape ONE = Shape.of();

  @Test
  void kernelsDefinitionsAndGradientsAgree() {
    OpCheck.of(
            new WeibullActivation(),
            Shape.of(2, 3, 5),
            Shape.of(5),
            Shape.of(5),
            Shape.of(5),
            Shape.of(5))
        .values(0.6, 1.9)
        .refuses(
            "weibullActivation: zeta [4] for x [2, 5] (expected: [] or one value a channel",
            Shape.of(2, 5),
            ONE,
            Shape.of(4),
            ONE,
            ONE)
        .check();
    OpCheck.of(new WeibullActivation(), Shape.of(7, 3), ONE, ONE, ONE, ONE)
        .values(0.6, 1.9)
        .sums(20)
        .check();
    OpCheck.of(new WeibullActivation(), Shape.of(7, 3), Shape.of(3), ONE, ONE, Shape.of(3))
        .values(0.6, 1.9)
        .sums(7)
        .check();
  }

  @Test
  void noFeaturesHaveGradientsOfZero() {
    for (Shape none : List.of(Shape.of(0, 3), Shape.of(4, 0))) {
      Shape c = Shape.of(none.dim(1));
      OpCheck.of(new WeibullActivation(), none, ONE, ONE, ONE, ONE).notSmooth().check();
      OpCheck.of(new WeibullActivation(), none, c, ONE, c, ONE).notSmooth().check();
    }
    Tensor lambda = Tensor.scalar(1).requireGrad(true);
    Tensor two = Tensor.scalar(2);
    WeibullActivation.of(Tensor.zeros(0, 3), lambda, two, two, two).sum().backward();
    assertThat(lambda.grad().item()).isZero();
  }

  /** More than a row of features that share their parameters, with a rest at the end. */
  @Test
  void longRunsOfFeaturesAgree() {
    OpCheck.of(new WeibullActivation(), Shape.of(3, 1061), ONE, ONE, ONE, ONE)
        .values(0.6, 1.9)
        .sums(3183)
        .check();
  }

  @Test
  void theFusedGradientAgreesWithItsDefinition() {
    Shape x = Shape.of(2, 3, 5);
    Shape c = Shape.of(5);
    // Values on both sides of zero: a channel's parameters are positive, features need not be.
    List<Tensor> inputs =
        List.of(
            Rng.of(1).uniform(x, -1, 2),
            Rng.of(2).uniform(c, 0.5, 1.5),
            Rng.of(3).uniform(c, 1.1, 2.9),
            Rng.of(4).uniform(c, 0.5, 1.5),
            Rng.of(5).uniform(c, 0.5, 2.5),
            Rng.of(6).uniform(x, -1, 1));
    float[] kernel = Tensor.run(new WeibullGradient(), inputs).toArray();
    float[] definition = new WeibullGradient().define(inputs).toArray();
    for (int i = 0; i < kernel.length; i++) {
      assertThat((double) kernel[i])
          .as("entry %d", i)
          .isCloseTo(definition[i], org.assertj.core.data.Offset.offset(2e-5));
    }
  }

  @Test
  void featuresThatAreNotPositiveGiveZeroWithoutGradient() {
    Tensor r = Tensor.of(new float[] {-3, -0f, 0, -1e-30f, Float.NEGATIVE_INFINITY}, 5);
    r.requireGrad(true);
    Tensor[] parameters = parameters(1, 1.5, 1, 1);
    Tensor y = WeibullActivation.of(r, parameters[0], parameters[1], parameters[2], parameters[3]);
    assertThat(y.toArray()).containsOnly(0);
    y.sum().backward();
    assertThat(r.grad().toArray()).containsOnly(0);
    for (Tensor parameter : parameters) {
      assertThat(parameter.grad().item()).isZero();
    }
  }

  @Test
  void theSlopeNextToZeroIsBounded() {
    Tensor r = Tensor.of(new float[] {Float.MIN_VALUE, 1e-30f, 1e-12f}, 3).requireGrad(true);
    Tensor[] parameters = parameters(1, 1.1, 1, 1);
    WeibullActivation.of(r, parameters[0], parameters[1], parameters[2], parameters[3])
        .sum()
        .backward();
    for (float slope : r.grad().toArray()) {
      assertThat(slope).isBetween(0f, (float) (0.1 / WeibullActivation.SLOPE_FLOOR));
    }
  }

  @Test
  void largeFeaturesGiveZeroNotNan() {
    Tensor r = Tensor.of(new float[] {1e3f, 1e10f, 1e38f}, 3).requireGrad(true);
    Tensor[] parameters = parameters(1, 4, 1, 3);
    Tensor y = WeibullActivation.of(r, parameters[0], parameters[1], parameters[2], parameters[3]);
    y.sum().backward();
    assertThat(y.toArray()).containsOnly(0);
    assertThat(r.grad().toArray()).containsOnly(0);
    for (Tensor parameter : parameters) {
      assertThat(parameter.grad().item()).isZero();
    }
  }

  /** With parameters whose rise wins over their fall at the largest numbers, too. */
  @Test
  void anInfiniteFeatureGivesZeroWithoutGradient() {
    for (double eta : new double[] {0.02, 1, 3}) {
      for (boolean definition : new boolean[] {false, true}) {
        Tensor r =
            Tensor.of(new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 2}, 3)
                .requireGrad(true);
        Tensor[] p = parameters(1, 2, 1, eta);
        List<Tensor> inputs = List.of(r, p[0], p[1], p[2], p[3]);
        Tensor y =
            definition
                ? new WeibullActivation().define(inputs)
                : Tensor.run(new WeibullActivation(), inputs);
        assertThat(y.toArray()).startsWith(0, 0).doesNotContain(Float.NaN);
        y.sum().backward();
        assertThat(r.grad().toArray()).startsWith(0, 0).doesNotContain(Float.NaN);
        for (Tensor parameter : p) {
          assertThat(parameter.grad().item()).isFinite();
        }
        float[] gradient =
            new WeibullGradient()
                .define(List.of(r, p[0], p[1], p[2], p[3], Tensor.ones(3)))
                .toArray();
        assertThat(gradient).doesNotContain(Float.NaN);
        assertThat(Math.abs(gradient[0]) + Math.abs(gradient[1])).isZero();
      }
    }
  }

  @Test
  void nanStaysNan() {
    Tensor[] parameters = parameters(1, 2, 1, 1);
    Tensor y =
        WeibullActivation.of(
            Tensor.of(new float[] {Float.NaN}, 1),
            parameters[0],
            parameters[1],
            parameters[2],
            parameters[3]);
    assertThat(y.item()).isNaN();
  }

  private static Tensor[] parameters(double lambda, double zeta, double gamma, double eta) {
    return new Tensor[] {
      Tensor.scalar(lambda).requireGrad(true),
      Tensor.scalar(zeta).requireGrad(true),
      Tensor.scalar(gamma).requireGrad(true),
      Tensor.scalar(eta).requireGrad(true)
    };
  }
}
