package org.hcpl.models.localise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.hcpl.models.ModelException;
import org.junit.jupiter.api.Test;

class CorrelationGateTest {
  /** The first class agrees, the second does not, the third never varies. */
  private static final float[][] IMAGE = {
    {0.1f, 0.9f, 0.5f}, {0.5f, 0.8f, 0.5f}, {0.9f, 0.9f, 0.5f}, {0.5f, 0.8f, 0.5f}
  };

  private static final float[][] CELL = {
    {0.2f, 0.1f, 0.3f}, {0.4f, 0.9f, 0.6f}, {0.6f, 0.5f, 0.1f}, {0.4f, 0.3f, 0.2f}
  };

  @Test
  void measuresPearsonsCorrelation() {
    double[] correlations =
        CorrelationGate.fit(IMAGE, CELL, CorrelationGate.PAPER_THRESHOLD).correlations();
    assertThat(correlations[0]).isCloseTo(1, within(1e-6));
    // Deviations of the image stream +-0.05, of the cells -0.35, 0.45, 0.05, -0.15.
    assertThat(correlations[1]).isCloseTo(-0.03 / Math.sqrt(0.01 * 0.35), within(1e-6));
    assertThat(correlations[2]).isZero();
  }

  @Test
  void fusesWhatCorrelatesAndKeepsTheCellsOwnElse() {
    CorrelationGate gate = CorrelationGate.fit(IMAGE, CELL, CorrelationGate.PAPER_THRESHOLD);
    assertThat(gate.fuse(IMAGE[1], CELL[1])).containsExactly(0.5f * 0.4f, 0.9f, 0.6f);
    assertThat(CorrelationGate.productOf(3).fuse(IMAGE[1], CELL[1]))
        .containsExactly(0.5f * 0.4f, 0.8f * 0.9f, 0.5f * 0.6f);
    assertThat(CorrelationGate.of(new double[] {0.32, 0.33}, 0.32).isOpen(0)).isFalse();
    assertThat(CorrelationGate.of(new double[] {0.32, 0.33}, 0.32).isOpen(1)).isTrue();
  }

  @Test
  void wrongNumbersAreErrors() {
    assertThatThrownBy(() -> CorrelationGate.fit(IMAGE, new float[0][], 0.32))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("4 and 0 cells");
    assertThatThrownBy(() -> CorrelationGate.productOf(3).fuse(new float[2], new float[3]))
        .hasMessageContaining("2 and 3 probabilities");
  }
}
