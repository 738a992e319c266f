package org.hcpl.models.localise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.hcpl.tensor.Rng;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContrastTest {
  private static final int PIXELS = 400;

  /** Two channels of a cell; the last quarter of the pixels is its surroundings. */
  private static float[] cell(double offset, double scale) {
    Rng rng = Rng.of(2);
    float[] values = new float[PIXELS * 2];
    for (int i = 0; i < PIXELS * 3 / 4 * 2; i++) {
      values[i] = (float) (offset + scale * rng.nextDouble());
    }
    return values;
  }

  @Test
  void normaliseGivesMean0AndDeviation1AndLeavesTheSurroundings() {
    float[] values = cell(0.1, 0.3);
    Contrast.NORMALISE.apply(values, 0, PIXELS, 2);
    for (int c = 0; c < 2; c++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < PIXELS; i++) {
        float value = values[2 * i + c];
        sum += value;
        squares += value * value;
        assertThat(i < PIXELS * 3 / 4 || value == 0).isTrue();
      }
      // Single precision, 300 values.
      assertThat(sum / 300).isCloseTo(0, within(1e-5));
      assertThat(squares / 300).isCloseTo(1, within(1e-4));
    }
  }

  @Test
  void normaliseForgetsBrightnessAndBackground() {
    float[] dim = cell(0.05, 0.1);
    float[] bright = cell(0.3, 0.6);
    Contrast.NORMALISE.apply(dim, 0, PIXELS, 2);
    Contrast.NORMALISE.apply(bright, 0, PIXELS, 2);
    for (int i = 0; i < dim.length; i++) {
      assertThat(dim[i]).isCloseTo(bright[i], within(1e-4f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsToItsRange(Contrast contrast) {
    float[] values = cell(0.01, 0.02);
    values[0] = 1;
    contrast.apply(values, 0, PIXELS, 2);
    for (float value : values) {
      assertThat(value).isBetween(contrast.lowest(), contrast.highest());
    }
  }

  @ParameterizedTest
  @EnumSource
  void copesWithCellsWithoutContrast(Contrast contrast) {
    for (float[] values : new float[][] {cell(0.5, 0), cell(0, 1e-41), new float[PIXELS * 2]}) {
      contrast.apply(values, 0, PIXELS, 2);
      for (float value : values) {
        assertThat(value).isBetween(contrast.lowest(), contrast.highest());
      }
    }
  }
}
