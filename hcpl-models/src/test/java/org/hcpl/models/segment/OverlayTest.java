package org.hcpl.models.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.Plane;
import org.junit.jupiter.api.Test;

class OverlayTest {
  @Test
  void theOverlayShowsCellsNucleiAndNumbers() {
    Scene scene = new Scene(100, 140);
    scene.cell(50, 40, 12, 12, 0.6, 28).cell(50, 100, 12, 12, 0.6, 28);
    Segmentation found = new CellSegmenter().segment(scene.image());
    BufferedImage plain = Overlay.composite(scene.image(), 1000);
    BufferedImage outlined = Overlay.render(scene.image(), found);
    BufferedImage numbered =
        Overlay.render(scene.image(), found, Overlay.Options.DEFAULT.withNumbers(true));

    assertThat(colours(plain)).doesNotContain(0xffffff, 0x7fd4ff);
    assertThat(colours(outlined)).contains(0xffffff, 0x7fd4ff);
    assertThat(colours(numbered)).contains(0xffff60);
    assertThat(
            Overlay.render(scene.image(), found, Overlay.Options.DEFAULT.withMaxSide(70))
                .getHeight())
        .isEqualTo(50);
    Plane black = Plane.of(5, 5);
    HpaImage small = new HpaImage("s", List.of(black, black, black, black), Double.NaN);
    assertThatThrownBy(() -> Overlay.render(small, found))
        .hasMessageContaining("overlay: image 5x5, segmentation 140x100");
  }

  @Test
  void nucleiAloneAreShownGreyInOutlinesOfTheirOwnColour() {
    Scene scene = new Scene(80, 120);
    scene.cell(40, 30, 11, 11, 0.6, 20).cell(40, 85, 11, 11, 0.6, 20);
    Plane seen = scene.seen(scene.nuclei, 0, 0.01, 5);
    Plane black = Plane.of(80, 120);
    HpaImage image = new HpaImage("n", List.of(black, black, seen, black), Double.NaN);
    BufferedImage picture = Overlay.render(image, new CellSegmenter().segment(image));

    long coloured =
        colours(picture).stream().filter(c -> (c >> 16) != (c & 0xff)).distinct().count();
    assertThat(coloured).isEqualTo(2);
  }

  private static Set<Integer> colours(BufferedImage picture) {
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        colours.add(picture.getRGB(x, y) & 0xffffff);
      }
    }
    return colours;
  }
}
