package org.hcpl.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.hcpl.models.localise.Contrast;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.TensorException;
import org.junit.jupiter.api.Test;

/** Each change does what it says, alone. */
class AugmentationTest {
  private static final int SIDE = 21;

  /** A disc left of the middle in channel 0, one above the middle in channel 1. */
  private static float[] cell() {
    float[] pixels = new float[SIDE * SIDE * 2];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        pixels[(y * SIDE + x) * 2] = Math.hypot(y - 10, x - 6) <= 2.5 ? 0.5f : 0;
        pixels[(y * SIDE + x) * 2 + 1] = Math.hypot(y - 5, x - 10) <= 2.5 ? 0.4f : 0;
      }
    }
    return pixels;
  }

  private static float[] apply(Augmentation augmentation, long seed) {
    return changed(augmentation, cell(), SIDE, 2, seed);
  }

  private static float[] changed(
      Augmentation augmentation, float[] cell, int side, int channels, long seed) {
    float[] to = new float[cell.length];
    augmentation.apply(cell, to, 0, side, channels, Contrast.AS_IS, Rng.of(seed));
    return to;
  }

  /** Sum, and middle of the brightness from the middle of the image: {@code sum, y, x}. */
  private static double[] moments(float[] pixels, int channel) {
    double sum = 0;
    double y = 0;
    double x = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
      double value = pixels[i * 2 + channel];
      sum += value;
      y += value * (i / SIDE - 10);
      x += value * (i % SIDE - 10);
    }
    return new double[] {sum, y / sum, x / sum};
  }

  @Test
  void noneKeepsEveryBit() {
    for (int seed = 0; seed < 5; seed++) {
      assertThat(apply(Augmentation.NONE, seed)).containsExactly(cell());
    }
  }

  @Test
  void theSameStreamGivesTheSameCell() {
    assertThat(apply(Augmentation.STANDARD, 3)).containsExactly(apply(Augmentation.STANDARD, 3));
    assertThat(apply(Augmentation.STANDARD, 3)).isNotEqualTo(apply(Augmentation.STANDARD, 4));
  }

  @Test
  void flipsGiveAllFourMirrorImages() {
    Set<String> places = new HashSet<>();
    for (int seed = 0; seed < 40; seed++) {
      float[] flipped = apply(Augmentation.NONE.flip(true), seed);
      double[] left = moments(flipped, 0);
      double[] above = moments(flipped, 1);
      assertThat(Math.abs(left[2])).isCloseTo(4, offset(1e-6));
      assertThat(Math.abs(above[1])).isCloseTo(5, offset(1e-6));
      places.add((left[2] > 0) + " " + (above[1] > 0));
    }
    assertThat(places).hasSize(4);
  }

  @Test
  void rotationTurnsAboutTheMiddleByAnyAngle() {
    double largest = 0;
    for (int seed = 0; seed < 60; seed++) {
      double[] m = moments(apply(Augmentation.NONE.rotation(30), seed), 0);
      assertThat(Math.hypot(m[1], m[2])).as("distance from the middle").isCloseTo(4, offset(0.1));
      double angle = Math.toDegrees(Math.atan2(m[1], -m[2]));
      assertThat(Math.abs(angle)).isLessThan(31);
      largest = Math.max(largest, Math.abs(angle));
    }
    assertThat(largest).isGreaterThan(25);
  }

  @Test
  void shiftMovesByAShareOfTheSide() {
    double largest = 0;
    for (int seed = 0; seed < 60; seed++) {
      double[] m = moments(apply(Augmentation.NONE.shift(0.1), seed), 0);
      largest = Math.max(largest, Math.max(Math.abs(m[1]), Math.abs(m[2] + 4)));
      assertThat(m[0]).as("nothing is lost").isCloseTo(moments(cell(), 0)[0], offset(1e-3));
    }
    assertThat(largest).isBetween(1.7, 2.1 + 1e-6);
  }

  @Test
  void scaleChangesTheAreaBothWays() {
    double smallest = 1;
    double largest = 1;
    double area = moments(cell(), 0)[0];
    for (int seed = 0; seed < 60; seed++) {
      double size = Math.sqrt(moments(apply(Augmentation.NONE.scale(0.2), seed), 0)[0] / area);
      smallest = Math.min(smallest, size);
      largest = Math.max(largest, size);
    }
    assertThat(smallest).isBetween(0.75, 0.87);
    assertThat(largest).isBetween(1.15, 1.3);
  }

  @Test
  void cutoutPutsASquareToZeroInHalfOfTheCases() {
    int cut = 0;
    for (int seed = 0; seed < 60; seed++) {
      float[] ones = new float[SIDE * SIDE];
      Arrays.fill(ones, 1);
      float[] to = changed(Augmentation.NONE.cutout(0.3), ones, SIDE, 1, seed);
      long zeros = SIDE * SIDE - (long) moment(to);
      assertThat(zeros).isIn(0L, 36L);
      cut += zeros > 0 ? 1 : 0;
    }
    assertThat(cut).isBetween(15, 45);
  }

  private static double moment(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  @Test
  void gainChangesEachChannelsBrightnessOnItsOwn() {
    double largest = 0;
    double apart = 0;
    for (int seed = 0; seed < 60; seed++) {
      float[] changed = apply(Augmentation.NONE.gain(0.2), seed);
      double first = moments(changed, 0)[0] / moments(cell(), 0)[0];
      double second = moments(changed, 1)[0] / moments(cell(), 1)[0];
      assertThat(first).isBetween(0.8 - 1e-5, 1.25 + 1e-5);
      largest = Math.max(largest, first);
      apart = Math.max(apart, Math.abs(first - second));
      assertThat(moments(changed, 0)[2]).isCloseTo(-4, offset(1e-5));
    }
    assertThat(largest).isGreaterThan(1.2);
    assertThat(apart).isGreaterThan(0.2);
  }

  @Test
  void gammaKeepsBlackAndWhite() {
    float[] ends = {0, 1, 0.5f, 0.5f};
    boolean darker = false;
    boolean brighter = false;
    for (int seed = 0; seed < 40; seed++) {
      float[] to = changed(Augmentation.NONE.gamma(0.5), ends, 2, 1, seed);
      assertThat(to[0]).isZero();
      assertThat(to[1]).isEqualTo(1);
      darker |= to[2] < 0.4;
      brighter |= to[2] > 0.6;
    }
    assertThat(darker && brighter).isTrue();
  }

  /** A random crop is an enlargement with a shift: other parts of the cell leave the square. */
  @Test
  void scaleAndShiftTogetherCropAtRandom() {
    float[] gradient = new float[SIDE * SIDE];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (1 + i % SIDE) / 21f;
    }
    boolean left = false;
    boolean right = false;
    for (int seed = 0; seed < 60; seed++) {
      float[] seen = changed(Augmentation.NONE.scale(0.3).shift(0.2), gradient, SIDE, 1, seed);
      left |= seen[10 * SIDE] > 0.3;
      right |= seen[10 * SIDE + 20] > 0 && seen[10 * SIDE + 20] < 0.75;
    }
    assertThat(left && right).as("either side is cut at times").isTrue();
  }

  @Test
  void settingsOutOfRangeAreErrors() {
    assertThatThrownBy(() -> Augmentation.NONE.rotation(200))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("rotation 200.0")
        .hasMessageContaining("expected: 0..180");
    assertThatThrownBy(() -> Augmentation.NONE.cutout(1)).hasMessageContaining("cutout 1.0");
    assertThatThrownBy(() -> Augmentation.NONE.gain(-0.1)).hasMessageContaining("gain -0.1");
  }

  @Test
  void cropEnlargesASquareFromAnywhereInside() {
    float[] gradient = new float[SIDE * SIDE];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (1 + i % SIDE) / 21f;
    }
    double narrowest = 1;
    double first = 1;
    double last = 0;
    for (int seed = 0; seed < 60; seed++) {
      float[] seen = changed(Augmentation.NONE.crop(0.4), gradient, SIDE, 1, seed);
      double left = seen[10 * SIDE];
      double right = seen[10 * SIDE + 20];
      assertThat(left).as("nothing from outside").isGreaterThanOrEqualTo(1 / 21f - 1e-6f);
      assertThat(right).isBetween(left + 0.59 * 20 / 21, 1 + 1e-6);
      narrowest = Math.min(narrowest, (right - left) * 21 / 20);
      first = Math.min(first, left);
      last = Math.max(last, right);
    }
    assertThat(narrowest).isBetween(0.6, 0.65);
    assertThat(first).isLessThan(0.08);
    assertThat(last).isGreaterThan(0.95);
  }

  @Test
  void aTextNamesSettings() {
    assertThat(Augmentation.parse("strong")).isEqualTo(Augmentation.STRONG);
    assertThat(Augmentation.parse("None, crop=0.2,flip=1"))
        .isEqualTo(Augmentation.NONE.crop(0.2).flip(true));
    assertThatThrownBy(() -> Augmentation.parse("some"))
        .isInstanceOf(TensorException.class)
        .hasMessage("augmentation: 'some' (expected: none, standard or strong)");
    assertThatThrownBy(() -> Augmentation.parse("none,zoom=1"))
        .hasMessageContaining("'zoom=1' (expected: NAME=NUMBER with a name of flip, rotation,");
    assertThatThrownBy(() -> Augmentation.parse("none,crop=much"))
        .hasMessageContaining("'crop=much' (expected: a number)");
    assertThatThrownBy(() -> Augmentation.parse("none,crop=NaN"))
        .hasMessageContaining("crop NaN (expected: in [0, 1))");
  }
}
