package org.hcpl.scatter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.testing.GradCheck;
import org.junit.jupiter.api.Test;

final class ScatteringTest {
  @Test
  void channelsOfAnImageStandTogether() {
    Tensor a = Rng.of(1).uniform(Shape.of(1, 13, 10, 1), -1, 1);
    Tensor b = Rng.of(2).uniform(Shape.of(1, 13, 10, 1), -1, 1);
    Tensor both = Scattering.of(Tensor.concat(3, a, b), 2, 4, 2);
    Tensor apart = Tensor.concat(3, Scattering.of(a, 2, 4, 2), Scattering.of(b, 2, 4, 2));
    assertThat(both.shape()).isEqualTo(Shape.of(1, 3, 2, 2 * (1 + 8 + 16)));
    assertThat(both.toArray()).containsExactly(apart.toArray());
  }

  @Test
  void gradientIsThatOfFiniteDifferences() {
    // Large values, so that no magnitude comes close to its kink at 0 within the step.
    Tensor x = Rng.of(5).uniform(Shape.of(1, 9, 12, 1), -4, 4);
    GradCheck.check("order 1", in -> Scattering.of(in.get(0), 2, 3, 1), x);
    GradCheck.check("order 2", in -> Scattering.of(in.get(0), 2, 3, 2), x);
  }

  @Test
  void gradientOfAnEmptyImageIsFinite() {
    Tensor x = Tensor.zeros(1, 8, 8, 1).requireGrad(true);
    Tensor y = Scattering.of(x, 2, 4, 2);
    y.backward(Tensor.ones(1, 2, 2, y.dim(3)));
    for (float value : x.grad().toArray()) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void runsInTheReferenceBackend() {
    Tensor x = Rng.of(3).uniform(Shape.of(1, 8, 8, 2), -1, 1);
    Tensor expected = Scattering.of(x, 1, 4, 1);
    Tensor actual = Scattering.of(x.to(Backends.reference()), 1, 4, 1);
    assertThat(actual.toArray()).containsExactly(expected.toArray());
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> Scattering.of(Tensor.zeros(1, 7, 8, 1), 3, 8, 2))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("[1, 7, 8, 1]")
        .hasMessageContaining("at least 8");
    assertThatThrownBy(() -> new Scattering(2, 8, 3))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("order 3 (expected:");
    assertThatThrownBy(() -> MorletBank.of(10, 8, 2, 8))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("10 x 8");
  }

  @Test
  void fusionKeepsTheShapeOfTheFeaturesAndTrainsEveryParameter() {
    HybridFusion fusion = new HybridFusion(2, new Scattering2d(2, 4, 1), 5, 3);
    fusion.initialise(Rng.of(4));
    Tensor image = Rng.of(6).uniform(Shape.of(2, 16, 12, 2), -1, 1);
    Tensor features = Rng.of(7).uniform(Shape.of(2, 4, 3, 3), -1, 1);
    Tensor y = fusion.fuse(image, features);
    assertThat(y.shape()).isEqualTo(features.shape());
    y.backward(Rng.of(8).uniform(y.shape(), -1, 1));
    fusion
        .namedParameters()
        .forEach((name, p) -> assertThat(p.value().grad()).as(name).isNotNull());
    assertThatThrownBy(() -> fusion.fuse(image, Tensor.zeros(2, 8, 6, 3)))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("equal height and width");
  }
}
