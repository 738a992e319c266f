package org.hcpl.nn.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.data.Offset;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.testing.GradCheck;
import org.hcpl.tensor.testing.OpCheck;
import org.junit.jupiter.api.Test;

class PowerNormalisationTest {
  private static final Shape ONE = Shape.of();
  private static final float INF = Float.POSITIVE_INFINITY;

  @Test
  void kernelsDefinitionsAndGradientsAgree() {
    OpCheck.of(new PowerNormalisation(), Shape.of(4, 5), Shape.of(5), Shape.of(5))
        .values(0.3, 1.7)
        .sums(4)
        .refuses(
            "powerNormalisation: beta [2] for x [3] (expected: [] or one value a channel",
            Shape.of(3),
            ONE,
            Shape.of(2))
        .check();
    OpCheck.of(new PowerNormalisation(), Shape.of(7, 3), ONE, Shape.of(3))
        .values(0.3, 1.7)
        .sums(21)
        .check();
    Tensor alpha = Tensor.scalar(-1.5);
    GradCheck.check(
        "powerNormalisation",
        in -> PowerNormalisation.of(in.get(0), alpha, in.get(1)),
        Rng.of(1).uniform(Shape.of(6), 0.2, 2),
        Tensor.scalar(0.7));
  }

  @Test
  void noNumbersHaveGradientsOfZero() {
    for (Shape none : List.of(Shape.of(0, 3), Shape.of(4, 0))) {
      Shape c = Shape.of(none.dim(1));
      OpCheck.of(new PowerNormalisation(), none, ONE, ONE).notSmooth().check();
      OpCheck.of(new PowerNormalisation(), none, c, ONE).notSmooth().check();
    }
  }

  /** More than a row, with a rest at the end: of one parameter, of many channels, of few. */
  @Test
  void longRunsAgree() {
    OpCheck check =
        OpCheck.of(new PowerNormalisation(), Shape.of(3, 1061), ONE, ONE)
            .values(0.3, 1.7)
            .sums(3183);
    check.checkBackends();
    check.checkDefinition();
    check.checkMemory();
    check.checkStatedGradient();
    OpCheck many =
        OpCheck.of(new PowerNormalisation(), Shape.of(3, 1061), Shape.of(1061), ONE)
            .values(0.3, 1.7)
            .sums(3183);
    many.checkBackends();
    many.checkDefinition();
    many.checkMemory();
    many.checkStatedGradient();
    OpCheck few =
        OpCheck.of(new PowerNormalisation(), Shape.of(1061, 3), Shape.of(3), Shape.of(3))
            .values(0.3, 1.7)
            .sums(1061);
    few.checkBackends();
    few.checkDefinition();
    few.checkMemory();
    few.checkStatedGradient();
  }

  @Test
  void theFusedGradientAgreesWithItsDefinition() {
    Shape x = Shape.of(2, 3, 5);
    Shape c = Shape.of(5);
    List<Tensor> inputs =
        List.of(
            Rng.of(1).uniform(x, -1, 2),
            Rng.of(2).uniform(c, -1, 1),
            Rng.of(3).uniform(c, 0.1, 3),
            Rng.of(4).uniform(x, -1, 1));
    float[] kernel = Tensor.run(new PowerGradient(), inputs).toArray();
    float[] definition = new PowerGradient().define(inputs).toArray();
    for (int i = 0; i < kernel.length; i++) {
      assertThat((double) kernel[i])
          .as("entry %d", i)
          .isCloseTo(definition[i], Offset.offset(2e-5));
    }
  }

  @Test
  void numbersThatAreNotPositiveGiveZeroWithoutGradient() {
    Tensor s = Tensor.of(new float[] {-1, 0, -0f, -1e-45f, -INF, 1e-38f}, 6).requireGrad(true);
    Tensor alpha = Tensor.scalar(1).requireGrad(true);
    Tensor beta = Tensor.scalar(0.5).requireGrad(true);
    Tensor y = PowerNormalisation.of(s, alpha, beta);
    y.sum().backward();
    assertThat(y.toArray()).startsWith(0, 0, 0, 0, 0);
    float[] slope = s.grad().toArray();
    assertThat(slope).startsWith(0, 0, 0, 0, 0);
    assertThat(slope[5]).isPositive().isFinite();
    assertThat(alpha.grad().item()).isFinite();
    assertThat(beta.grad().item()).isFinite();
  }

  @Test
  void theSlopeNextToZeroIsBounded() {
    float[] tiny = {Float.MIN_VALUE, 1e-40f, 1e-30f, 1e-12f};
    Tensor s = Tensor.of(tiny, 4).requireGrad(true);
    PowerNormalisation.of(s, Tensor.scalar(2), Tensor.scalar(0.1)).sum().backward();
    float[] slope = s.grad().toArray();
    for (int i = 0; i < tiny.length; i++) {
      double expected = 0.2 * Math.pow(tiny[i], 0.1f) / PowerNormalisation.SLOPE_FLOOR;
      assertThat(slope[i] / expected).isCloseTo(1, Offset.offset(1e-6));
    }
  }

  /** In kernel and definition alike, for an exponent under 1, 1, and one over it. */
  @Test
  void infinityGoesThrough() {
    for (double exponent : new double[] {0.3, 1, 3}) {
      Tensor beta = Tensor.scalar(exponent);
      Tensor alpha = Tensor.scalar(-0.5);
      List<Tensor> inputs = List.of(Tensor.of(new float[] {INF, -INF, 1}, 3), alpha, beta);
      assertThat(Tensor.run(new PowerNormalisation(), inputs).toArray())
          .containsExactly(-INF, 0, -0.5f);
      assertThat(new PowerNormalisation().define(inputs).add(0).toArray())
          .containsExactly(-INF, 0, -0.5f);
      List<Tensor> weighted = List.of(inputs.get(0), alpha, beta, Tensor.ones(3));
      float slope = (float) (-0.5 * exponent);
      float[] expected = {-INF, 0, slope, INF, -INF};
      assertThat(Tensor.run(new PowerGradient(), weighted).toArray()).containsExactly(expected);
      assertThat(new PowerGradient().define(weighted).add(0).toArray()).containsExactly(expected);
    }
  }

  @Test
  void nanStaysNan() {
    Tensor s = Tensor.of(new float[] {Float.NaN, 4}, 2).requireGrad(true);
    Tensor y = PowerNormalisation.of(s, Tensor.scalar(1), Tensor.scalar(0.5));
    y.sum().backward();
    assertThat(y.toArray()).containsExactly(Float.NaN, 2);
    assertThat(s.grad().toArray()).containsExactly(Float.NaN, 0.25f);
    for (Tensor[] parameters :
        new Tensor[][] {
          {Tensor.scalar(Double.NaN), Tensor.scalar(0.5)},
          {Tensor.scalar(1), Tensor.scalar(Double.NaN)}
        }) {
      Tensor numbers = Tensor.of(new float[] {4, -1}, 2);
      assertThat(PowerNormalisation.of(numbers, parameters[0], parameters[1]).toArray())
          .containsExactly(Float.NaN, 0);
    }
  }

  /** The power alone is no float, its product with alpha is. */
  @Test
  void powersBeyondFloatsAreScaledFirst() {
    Tensor s = Tensor.of(new float[] {1e20f, 1e-20f}, 2);
    float[] small = PowerNormalisation.of(s, Tensor.scalar(1e-30f), Tensor.scalar(3)).toArray();
    assertThat(small[0] / 1e30).isCloseTo(1, Offset.offset(1e-6));
    assertThat(small[1]).isZero();
    float[] large = PowerNormalisation.of(s, Tensor.scalar(1e30f), Tensor.scalar(3)).toArray();
    assertThat(large[0]).isEqualTo(INF);
    assertThat(large[1] / 1e-30).isCloseTo(1, Offset.offset(1e-6));
  }

  @Test
  void nothingGivesNothing() {
    Tensor s = Tensor.zeros(0, 5).requireGrad(true);
    Tensor beta = Tensor.ones(5).requireGrad(true);
    Tensor y = PowerNormalisation.of(s, Tensor.scalar(1), beta);
    assertThat(y.shape()).isEqualTo(Shape.of(0, 5));
    y.sum().backward();
    assertThat(beta.grad().toArray()).containsOnly(0);
  }

  /** Of one number of threads all bits; values and slopes of any number. */
  @Test
  void threadsChangeNoBits() {
    Shape x = Shape.of(70, 509);
    List<Tensor> inputs =
        List.of(
            Rng.of(1).uniform(x, -1, 2),
            Rng.of(2).uniform(Shape.of(509), -1, 1),
            Rng.of(3).uniform(Shape.of(509), 0.1, 3),
            Rng.of(4).uniform(x, -1, 1));
    int before = Parallel.threads();
    try {
      Parallel.setThreads(1);
      float[] values = Tensor.run(new PowerNormalisation(), inputs.subList(0, 3)).toArray();
      float[] slopes = Tensor.run(new PowerGradient(), inputs).slice(0, 0, x.size()).toArray();
      Parallel.setThreads(3);
      float[] gradients = Tensor.run(new PowerGradient(), inputs).toArray();
      for (int k = 0; k < 5; k++) {
        assertThat(Tensor.run(new PowerNormalisation(), inputs.subList(0, 3)).toArray())
            .isEqualTo(values);
        Tensor all = Tensor.run(new PowerGradient(), inputs);
        assertThat(all.toArray()).isEqualTo(gradients);
        assertThat(all.slice(0, 0, x.size()).toArray()).isEqualTo(slopes);
      }
    } finally {
      Parallel.setThreads(before);
    }
  }

  @Test
  void parametersMustFit() {
    assertThatThrownBy(
            () -> PowerNormalisation.of(Tensor.zeros(2, 3), Tensor.zeros(2, 3), Tensor.scalar(1)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("alpha [2, 3]");
  }
}
