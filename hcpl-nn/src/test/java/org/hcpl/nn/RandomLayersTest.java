package org.hcpl.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.junit.jupiter.api.Test;

/** Seeds are fixed; bounds are five standard errors of the mean of n independent values. */
class RandomLayersTest {
  @Test
  void dropoutKeepsTheMeanAndScalesWhatItKeeps() {
    Dropout layer = new Dropout(0.3);
    layer.seed(Rng.of(1));
    float[] y = layer.apply(Tensor.ones(100, 100)).toArray();
    double dropped = 0;
    for (float value : y) {
      assertThat(value).isIn(0f, (float) (1 / 0.7));
      dropped += value == 0 ? 1 : 0;
    }
    assertThat(dropped / y.length).isCloseTo(0.3, Offset.offset(5 * Math.sqrt(0.21 / y.length)));
    layer.eval();
    assertThat(layer.apply(Tensor.ones(3)).toArray()).containsExactly(1, 1, 1);
  }

  @Test
  void alphaDropoutKeepsMeanAndVariance() {
    AlphaDropout layer = new AlphaDropout(0.3);
    layer.seed(Rng.of(1));
    int n = 40_000;
    float[] y = layer.apply(Rng.of(2).normal(Shape.of(n), 0, 1)).toArray();
    double sum = 0;
    double squares = 0;
    for (float value : y) {
      sum += value;
      squares += (double) value * value;
    }
    assertThat(sum / n).isCloseTo(0, Offset.offset(5 / Math.sqrt(n)));
    // The variance of a square is below 3 for these values, as for a normal one.
    assertThat(squares / n).isCloseTo(1, Offset.offset(5 * Math.sqrt(3.0 / n)));
  }

  @Test
  void oneMaskIsSharedByAllPositions() {
    AlphaDropout layer = new AlphaDropout(0.5, true);
    layer.seed(Rng.of(1));
    float[] y = layer.apply(Tensor.ones(3, 2, 2, 16)).toArray();
    for (int i = 0; i < y.length; i++) {
      assertThat(y[i]).isEqualTo(y[i % 16]);
    }
    Set<Float> values = new HashSet<>();
    for (float value : y) {
      values.add(value);
    }
    assertThat(values).hasSize(2);
  }

  @Test
  void dropPathDropsWholeSamples() {
    DropPath layer = new DropPath(0.5);
    layer.seed(Rng.of(1));
    float[] y = layer.apply(Tensor.ones(64, 3)).toArray();
    int kept = 0;
    for (int sample = 0; sample < 64; sample++) {
      assertThat(y[3 * sample]).isIn(0f, 2f).isEqualTo(y[3 * sample + 2]);
      kept += y[3 * sample] > 0 ? 1 : 0;
    }
    assertThat(kept).isBetween(16, 48);
  }

  @Test
  void probabilitiesAreChecked() {
    assertThatThrownBy(() -> new Dropout(1))
        .isInstanceOf(TensorException.class)
        .hasMessage("dropout: probability 1.0 (expected: 0 <= p < 1)");
    assertThatThrownBy(() -> new DropPath(-0.1)).hasMessageContaining("dropPath: probability -0.1");
    assertThatThrownBy(() -> new AlphaDropout(Double.NaN)).hasMessageContaining("NaN");
  }
}
