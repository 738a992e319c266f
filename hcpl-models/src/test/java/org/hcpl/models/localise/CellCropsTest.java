package org.hcpl.models.localise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;
import org.junit.jupiter.api.Test;

class CellCropsTest {
  private static LabelImage cells() {
    LabelImage cells = LabelImage.of(20, 30);
    for (int y = 4; y < 12; y++) {
      Arrays.fill(cells.labels(), y * 30 + 10, y * 30 + 14, 3);
    }
    Arrays.fill(cells.labels(), 0, 5, 1);
    return cells;
  }

  @Test
  void boxesSayWhereCellsAre() {
    assertThat(CellBox.of(cells()))
        .containsExactly(
            new CellBox(1, 0, 0, 1, 5, 5, true), new CellBox(3, 4, 10, 12, 14, 32, false));
    assertThat(CellBox.of(LabelImage.of(3, 3))).isEmpty();
  }

  @Test
  void aSquareAroundTheCellIsZeroOutsideOfIt() {
    Plane ones = new Plane(20, 30, new float[600]);
    Arrays.fill(ones.values(), 0.5f);
    float[] crop = CellCrops.cut(List.of(ones, ones), cells(), CellBox.of(cells()).get(1), 8);
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 8; x++) {
        float expected = x >= 2 && x < 6 ? 0.5f : 0;
        assertThat(crop[(y * 8 + x) * 2]).as("%d %d", y, x).isEqualTo(expected);
        assertThat(crop[(y * 8 + x) * 2 + 1]).isEqualTo(expected);
      }
    }
  }

  @Test
  void scalingKeepsTheMean() {
    Plane plane = Plane.of(20, 30);
    for (int i = 0; i < 600; i++) {
      plane.values()[i] = (i * 37 % 100) / 100f;
    }
    CellBox box = CellBox.of(cells()).get(1);
    double at8 = mean(CellCrops.cut(List.of(plane), cells(), box, 8));
    assertThat(mean(CellCrops.cut(List.of(plane), cells(), box, 4))).isCloseTo(at8, within(1e-6));
    assertThat(mean(CellCrops.cut(List.of(plane), cells(), box, 2))).isCloseTo(at8, within(1e-6));
  }

  @Test
  void sizesMustAgree() {
    assertThatThrownBy(
            () -> CellCrops.cut(List.of(Plane.of(5, 5)), cells(), CellBox.of(cells()).get(0), 8))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("image 5x5, cell mask 30x20");
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
