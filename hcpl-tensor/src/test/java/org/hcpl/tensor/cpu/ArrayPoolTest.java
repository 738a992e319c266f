package org.hcpl.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.HostBuffer;
import org.junit.jupiter.api.Test;

class ArrayPoolTest {
  // Lengths that no other test asks for.
  private static final int LONG = 70_001;
  private static final int SHORT = 50_023;

  private static float[] array(Tensor tensor) {
    return ((HostBuffer) tensor.buffer()).array();
  }

  private static float[] given(int length) {
    try (Scope scope = Scope.open()) {
      return array(Tensor.full(Shape.of(length), 7));
    }
  }

  @Test
  void aTensorMayLieInALongerArray() {
    float[] free = given(LONG);
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.full(Shape.of(SHORT), 2);
      assertThat(array(tensor) == free).isTrue();
      assertThat(tensor.buffer().size()).isEqualTo(SHORT);
      assertThat(tensor.toArray()).hasSize(SHORT).containsOnly(2);
      assertThat(tensor.mul(3).sum().item()).isEqualTo(6f * SHORT);
      Tensor other = Tensor.full(Shape.of(SHORT), 1);
      assertThat(array(other) == free).as("lent twice").isFalse();
    }
  }

  @Test
  void theSameLengthIsPreferredAndMuchTooLongIsRefused() {
    int length = 1_500_007;
    float[] exact = given(length);
    given(2 * length);
    try (Scope scope = Scope.open()) {
      assertThat(exact.length).isEqualTo(length);
      assertThat(array(Tensor.full(Shape.of(length), 0)) == exact).isTrue();
      assertThat(array(Tensor.full(Shape.of(length / 8), 0)).length).isLessThan(length);
    }
  }
}
