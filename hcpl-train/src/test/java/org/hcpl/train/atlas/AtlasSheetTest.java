package org.hcpl.train.atlas;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AtlasSheetTest {
  private static final int TILE = 64;

  @Test
  void showsEachPatternOnce() {
    BufferedImage sheet = AtlasSheet.draw(TILE, 1);
    assertThat(sheet.getWidth()).isEqualTo(5 * TILE);
    assertThat(sheet.getHeight()).isEqualTo(4 * TILE);
    Set<String> tiles = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      int[] pixels = sheet.getRGB(i % 5 * TILE, i / 5 * TILE, TILE, TILE, null, 0, TILE);
      boolean black = Arrays.stream(pixels).allMatch(rgb -> (rgb & 0xffffff) == 0);
      assertThat(black).as("tile %d", i).isEqualTo(i == 19);
      tiles.add(Arrays.toString(pixels));
    }
    assertThat(tiles).hasSize(20);
  }
}
