package org.hcpl.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.hcpl.models.localise.Contrast;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.TensorException;
import org.junit.jupiter.api.Test;

/** The changes that differ between microscopes and exposures. */
class BlurAndNoiseTest {
  private static final int SIDE = 24;
  private static final int CHANNELS = 2;

  /** A square cell in dark surroundings, values of both signs as after normalising. */
  private static float[] cell() {
    Rng rng = Rng.of(4);
    float[] values = new float[SIDE * SIDE * CHANNELS];
    for (int y = 8; y < 16; y++) {
      for (int x = 8; x < 16; x++) {
        for (int c = 0; c < CHANNELS; c++) {
          values[(y * SIDE + x) * CHANNELS + c] = (float) (0.5 + rng.nextDouble());
        }
      }
    }
    return values;
  }

  private static float[] change(Augmentation augmentation, long seed) {
    float[] to = new float[SIDE * SIDE * CHANNELS + 3];
    augmentation.apply(cell(), to, 3, SIDE, CHANNELS, Contrast.NORMALISE, Rng.of(seed));
    assertThat(new float[] {to[0], to[1], to[2]}).containsOnly(0);
    return Arrays.copyOfRange(to, 3, to.length);
  }

  private static double sum(float[] values, int channel) {
    double sum = 0;
    for (int i = channel; i < values.length; i += CHANNELS) {
      sum += values[i];
    }
    return sum;
  }

  /** Sum of the differences between neighbours in a row. */
  private static double roughness(float[] values) {
    double sum = 0;
    for (int i = CHANNELS; i < values.length; i++) {
      sum += Math.abs(values[i] - values[i - CHANNELS]);
    }
    return sum;
  }

  @Test
  void noneChangesNothing() {
    assertThat(change(Augmentation.NONE, 1)).isEqualTo(cell());
  }

  @Test
  void blurKeepsEachChannelsSumAndSmoothes() {
    int blurred = 0;
    for (int seed = 0; seed < 40; seed++) {
      float[] changed = change(Augmentation.NONE.blur(0.08), seed);
      for (int c = 0; c < CHANNELS; c++) {
        // The cell is further from the border than the kernel reaches; single precision.
        assertThat(sum(changed, c)).isCloseTo(sum(cell(), c), within(1e-3));
      }
      assertThat(roughness(changed)).isLessThanOrEqualTo(roughness(cell()) * 1.0001);
      blurred += roughness(changed) < 0.99 * roughness(cell()) ? 1 : 0;
    }
    assertThat(blurred).isBetween(8, 32);
  }

  @Test
  void noiseStaysInTheCellAndInTheRange() {
    float[] before = cell();
    int noisy = 0;
    for (int seed = 0; seed < 40; seed++) {
      float[] changed = change(Augmentation.NONE.noise(0.5), seed);
      boolean other = false;
      for (int i = 0; i < before.length; i++) {
        assertThat(before[i] != 0 || changed[i] == 0).isTrue();
        assertThat(changed[i]).isBetween(Contrast.NORMALISE.lowest(), Contrast.NORMALISE.highest());
        other |= changed[i] != before[i];
      }
      noisy += other ? 1 : 0;
    }
    assertThat(noisy).isBetween(8, 32);
  }

  @Test
  void theSameSeedGivesTheSameCell() {
    assertThat(change(Augmentation.STRONG, 9)).isEqualTo(change(Augmentation.STRONG, 9));
    assertThat(change(Augmentation.STRONG, 9)).isNotEqualTo(change(Augmentation.STRONG, 10));
  }

  @Test
  void valuesOutOfRangeAreErrors() {
    assertThatThrownBy(() -> Augmentation.STANDARD.blur(1))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("blur 1.0");
    assertThatThrownBy(() -> Augmentation.STANDARD.noise(-0.1)).hasMessageContaining("noise -0.1");
  }
}
