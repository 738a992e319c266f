package org.hcpl.models.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** The middle of the box of a bent cell is outside of it. */
  @Test
  void aNumberStandsInTheNucleusAndInsideThePicture() {
    LabelImage cells = LabelImage.of(120, 120);
    LabelImage nuclei = LabelImage.of(120, 120);
    for (int y = 0; y < 120; y++) {
      for (int x = 0; x < 120; x++) {
        cells.labels()[y * 120 + x] = x < 30 || y > 90 ? 1 : 0;
        nuclei.labels()[y * 120 + x] = x < 30 && y < 30 ? 1 : 0;
      }
    }
    LabelImage none = LabelImage.of(120, 120);
    Plane black = Plane.of(120, 120);
    HpaImage image = new HpaImage("bent", List.of(black, black, black, black), Double.NaN);
    Overlay.Options numbers = Overlay.Options.DEFAULT.withNumbers(true);

    assertThat(number(Overlay.render(image, Segmentation.of(cells, nuclei, 30), numbers)))
        .isNotEmpty()
        .allMatch(at -> at.x < 30 && at.y < 30);
    assertThat(number(Overlay.render(image, Segmentation.of(cells, none, 30), numbers)))
        .isNotEmpty()
        .allMatch(at -> at.x < 36 || at.y > 84);
    for (int i = 0; i < 120 * 120; i++) {
      nuclei.labels()[i] = cells.labels()[i] = i == 0 ? 1 : 0;
    }
    assertThat(number(Overlay.render(image, Segmentation.of(cells, nuclei, 30), numbers)))
        .as("a digit 1 of five rows, eight of whose 15 squares are drawn, each of 2x2 pixels")
        .hasSize(32);
  }

  @Test
  void outlinesStandOutFromBrightGround() {
    LabelImage cells = LabelImage.of(60, 60);
    for (int y = 10; y < 50; y++) {
      Arrays.fill(cells.labels(), y * 60 + 10, y * 60 + 50, 1);
    }
    Plane bright = Plane.of(60, 60);
    Arrays.fill(bright.values(), 1);
    Arrays.fill(bright.values(), 0, 6 * 60, 0);
    HpaImage image = new HpaImage("bright", List.of(bright, bright, bright, bright), Double.NaN);
    BufferedImage picture =
        Overlay.render(image, Segmentation.of(cells, LabelImage.of(60, 60), Double.NaN));

    assertThat(picture.getRGB(30, 30) & 0xffffff).isEqualTo(0xffffff);
    assertThat(picture.getRGB(10, 30) & 0xffffff).as("outline").isEqualTo(0xffffff);
    assertThat(picture.getRGB(11, 30) & 0xffffff).as("beside it").isEqualTo(0x3f3f3f);
  }

  @ParameterizedTest
  @CsvSource({"0.1, 1000, 200", "0.1, 500, 100", "0.25, 1000, 200", "30, 1000, 167"})
  void aBarShowsARoundLengthWhereThePixelSizeIsKnown(double edge, int side, int expected) {
    Plane black = Plane.of(1000, 1000);
    HpaImage unknown = new HpaImage("bar", List.of(black, black, black, black), Double.NaN);
    LabelImage none = LabelImage.of(1000, 1000);
    Segmentation nothing = Segmentation.of(none, none, Double.NaN);
    Overlay.Options options = Overlay.Options.DEFAULT.withMaxSide(side);
    BufferedImage picture =
        Overlay.render(unknown.withPixelSizeMicrometres(edge), nothing, options);

    int longest = 0;
    for (int y = 0; y < side; y++) {
      int run = 0;
      for (int x = 0; x < side; x++) {
        run = (picture.getRGB(x, y) & 0xffffff) == 0xffffff ? run + 1 : 0;
        longest = Math.max(longest, run);
      }
    }
    assertThat(longest).isEqualTo(expected);
    assertThat(colours(Overlay.render(unknown, nothing, options))).containsExactly(0);
    BufferedImage speck =
        Overlay.render(unknown.withPixelSizeMicrometres(edge), nothing, options.withMaxSide(20));
    assertThat(colours(speck)).as("too small for a bar").containsExactly(0);
  }

  @Test
  void aLengthIsWrittenInDots() {
    Lettering text = Lettering.of("10" + Lettering.MICROMETRES, 1);
    int w = text.width();
    int[] rgb = new int[5 * w];
    text.write(rgb, 5, w, 0, 0, 1);
    StringBuilder dots = new StringBuilder();
    for (int i = 0; i < rgb.length; i++) {
      dots.append(rgb[i] == 1 ? '#' : '.').append(i % w == w - 1 ? "\n" : "");
    }
    assertThat(dots.toString())
        .isEqualTo(
            """
            .#..###............
            ##..#.#...#.#.##.#.
            .#..#.#...#.#.#.#.#
            .#..#.#...###.#.#.#
            ###.###...#...#.#.#
            """);
  }

  private static List<Point> number(BufferedImage picture) {
    List<Point> places = new ArrayList<>();
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        if ((picture.getRGB(x, y) & 0xffffff) == 0xffff60) {
          places.add(new Point(x, y));
        }
      }
    }
    return places;
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
