package org.hcpl.models.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellSegmenterTest {
  private final CellSegmenter segmenter = new CellSegmenter();

  @Test
  void findsNucleiInUnevenLightAndNoise() {
    Scene scene = new Scene(200, 260);
    for (int k = 0; k < 12; k++) {
      scene.cell(30 + k / 4 * 65, 30 + k % 4 * 62, 14, 10 + k % 3, 0.3 + 0.05 * (k % 5), 25);
    }
    Segmentation found =
        segmenter.segmentNuclei(scene.seen(scene.nuclei, 0.7, 0.02, 5), Double.NaN);

    assertThat(found.facts()).hasSize(12);
    assertThat(scene.hits(found.nuclei())).isEqualTo(12);
    assertThat(found.nucleiOnly()).isTrue();
    assertThat(found.nucleusDiameterPixels()).isBetween(18.0, 30.0);
  }

  @Test
  void partsTouchingNucleiAndKeepsDimOnes() {
    Scene scene = new Scene(160, 160);
    scene.cell(40, 40, 14, 14, 0.6, 20).cell(40, 66, 14, 14, 0.6, 20);
    scene.cell(110, 40, 13, 13, 0.8, 20).cell(120, 110, 13, 13, 0.15, 20);
    scene.cell(60, 130, 12, 15, 0.5, 20);
    Segmentation found = segmenter.segmentNuclei(scene.seen(scene.nuclei, 0, 0.01, 5), Double.NaN);

    assertThat(scene.hits(found.nuclei())).isEqualTo(5);
    assertThat(found.facts()).hasSize(5);
  }

  /** Halves at the border, if they counted, would make whole nuclei look large enough for two. */
  @Test
  void theSizeOfWholeNucleiIsThatOfThoseInside() {
    Scene scene = new Scene(200, 200);
    for (int k = 0; k < 6; k++) {
      scene.cell(0, 15 + 33 * k, 12, 12, 0.5, 20);
    }
    scene.cell(60, 60, 12, 12, 0.5, 20).cell(60, 120, 12, 12, 0.5, 20);
    assertThat(NucleusSize.of(scene.truth).all()).isBetween(17.0, 18.0);
    assertThat(NucleusSize.of(scene.truth).whole()).as("of too few").isNaN();
    scene.cell(120, 60, 12, 12, 0.5, 20);
    assertThat(NucleusSize.of(scene.truth).all()).isBetween(17.0, 18.0);
    assertThat(NucleusSize.of(scene.truth).whole()).isBetween(23.5, 24.5);
  }

  @Test
  void debrisIsNoNucleus() {
    Scene scene = new Scene(200, 200);
    for (int k = 0; k < 9; k++) {
      scene.cell(35 + k / 3 * 60, 35 + k % 3 * 60, 12, 12, 0.5, 20);
    }
    Plane seen = scene.seen(scene.nuclei, 0, 0.01, 5);
    for (int k = 5; k < 195; k++) {
      seen.values()[k * 200 + 65] = 0.15f; // A fibre.
      seen.values()[k * 200 + 66] = 0.15f;
    }
    seen.values()[100 * 200 + 125] = 1; // A hot pixel.
    Segmentation found = segmenter.segmentNuclei(seen, Double.NaN);

    assertThat(found.facts()).hasSize(9);
    assertThat(scene.hits(found.nuclei())).isEqualTo(9);
  }

  @Test
  void darkNucleiOnBrightGroundAreFoundToo() {
    Scene scene = new Scene(150, 150);
    for (int k = 0; k < 9; k++) {
      scene.cell(25 + k / 3 * 48, 25 + k % 3 * 48, 11, 11, 0.5, 20);
    }
    Plane seen = scene.seen(scene.nuclei, 0, 0.01, 5);
    for (int i = 0; i < seen.values().length; i++) {
      seen.values()[i] = 0.9f - seen.values()[i];
    }
    assertThat(scene.hits(segmenter.segmentNuclei(seen, Double.NaN).nuclei())).isEqualTo(9);
    CellSegmenter never =
        new CellSegmenter(SegmentOptions.DEFAULT.withInvert(SegmentOptions.Invert.NO));
    assertThat(scene.hits(never.segmentNuclei(seen, Double.NaN).nuclei())).isZero();
  }

  @Test
  void growsACellAroundEachNucleus() {
    Scene scene = new Scene(240, 180);
    scene.cell(60, 50, 14, 14, 0.6, 36).cell(60, 115, 14, 14, 0.6, 36);
    scene.cell(170, 90, 14, 18, 0.6, 40).cell(235, 20, 14, 14, 0.6, 30);
    Segmentation found = segmenter.segment(scene.image());

    assertThat(found.facts()).hasSize(4);
    for (int i = 0; i < scene.h * scene.w; i++) {
      int nucleus = found.nuclei().labels()[i];
      if (nucleus != 0) {
        assertThat(found.cells().labels()[i]).isEqualTo(nucleus);
      }
    }
    for (Segmentation.Facts facts : found.facts()) {
      assertThat(facts.area()).isGreaterThan(2 * facts.nucleusArea());
      assertThat(facts.nucleusArea()).isPositive();
    }
    assertThat(found.facts()).filteredOn(Segmentation.Facts::touchesBorder).hasSize(1);
    int first = found.cells().at(60, 50);
    int second = found.cells().at(60, 115);
    assertThat(first).isNotEqualTo(second).isPositive();
    assertThat(found.cells().at(60, 70)).isEqualTo(first);
    assertThat(found.cells().at(60, 95)).isEqualTo(second);
    assertThat(found.cells().at(0, 0)).isZero();

    CellSegmenter inner = new CellSegmenter(SegmentOptions.DEFAULT.withKeepBorderCells(false));
    assertThat(inner.segment(scene.image()).facts())
        .hasSize(3)
        .noneMatch(Segmentation.Facts::touchesBorder);
  }

  /** Dark spots cut a nucleus into pieces; between them nothing stays open. */
  @Test
  void aNucleusOfSeveralPiecesHasNoSlitsAndHoles() {
    Scene scene = new Scene(240, 240);
    for (int k = 0; k < 4; k++) {
      scene.cell(60 + k / 2 * 120, 60 + k % 2 * 120, 26, 22, 0.6, 50);
    }
    Random random = new Random(11); // The second nucleus falls into pieces.
    for (int k = 0; k < 60; k++) {
      int y = 30 + random.nextInt(180);
      int x = 30 + random.nextInt(180);
      for (int i = 0; i < 11 * 11; i++) {
        int at = (y + i / 11) * 240 + x + i % 11;
        scene.nuclei.values()[at] *= Math.hypot(i / 11 - 5, i % 11 - 5) < 4.5 ? 0.35f : 1;
      }
    }
    Segmentation found = segmenter.segment(scene.image());

    assertThat(found.facts()).hasSize(4);
    int[][] pixels = Regions.pixels(found.nuclei().labels(), 4);
    for (int o = 1; o <= 4; o++) {
      assertThat(pixels[o].length / ConvexHull.area(pixels[o], 240))
          .as("solidity")
          .isGreaterThan(0.94);
    }
  }

  /** A crescent alone looks like debris; what it was cut off from makes it part of a nucleus. */
  @Test
  void aPieceThatCompletesANucleusIsKept() {
    Scene scene = new Scene(160, 160);
    for (int k = 0; k < 4; k++) {
      scene.cell(40 + k / 2 * 80, 40 + k % 2 * 80, 18, 18, 0.6, 30);
    }
    LabelImage cut = LabelImage.of(160, 160);
    for (int i = 0; i < cut.labels().length; i++) {
      boolean crescent =
          scene.truth.labels()[i] == 1 && Math.hypot(i / 160 - 40, i % 160 - 32) > 18;
      cut.labels()[i] = crescent ? 5 : scene.truth.labels()[i];
    }
    Plane seen = scene.seen(scene.nuclei, 0, 0.01, 5);
    LabelImage kept = NucleusJudge.keep(cut, Brightness.of(seen, 36), 36, Math.PI * 18 * 18);
    assertThat(kept.labels()).isEqualTo(scene.truth.labels());

    for (int i = 0; i < cut.labels().length; i++) {
      cut.labels()[i] = cut.labels()[i] == 1 ? 0 : cut.labels()[i];
    }
    kept = NucleusJudge.keep(cut, Brightness.of(seen, 36), 36, Math.PI * 18 * 18);
    assertThat(kept.max()).as("without it").isEqualTo(3);
  }

  @Test
  void moreThan255NucleiAreNumberedWithoutGaps() {
    Scene scene = new Scene(330, 450);
    for (int k = 0; k < 300; k++) {
      scene.cell(12 + k / 20 * 22, 14 + k % 20 * 22, 7, 7, 0.5, 10);
    }
    Segmentation found = segmenter.segmentNuclei(scene.seen(scene.nuclei, 0, 0.01, 5), Double.NaN);

    assertThat(found.nuclei().max()).isEqualTo(300);
    assertThat(scene.hits(found.nuclei())).isEqualTo(300);
    int[] seen = Arrays.stream(found.nuclei().labels()).filter(l -> l > 0).distinct().toArray();
    assertThat(seen).hasSize(300);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,50", "50,1", "2,3", "64,64"})
  void imagesWithoutAnythingGiveNothing(int h, int w) {
    Segmentation flat = segmenter.segmentNuclei(Plane.of(h, w), Double.NaN);
    assertThat(flat.facts()).isEmpty();
    assertThat(flat.nuclei().height()).isEqualTo(h);

    Plane black = Plane.of(h, w);
    HpaImage image = new HpaImage("e", List.of(black, black, black, black), Double.NaN);
    assertThat(segmenter.segment(image).cells().max()).isZero();
  }

  @Test
  void noiseAloneHoldsHardlyAnything() {
    Random random = new Random(11);
    Plane plane = Plane.of(200, 200);
    for (int i = 0; i < plane.values().length; i++) {
      plane.values()[i] = (float) Math.clamp(0.1 + 0.02 * random.nextGaussian(), 0, 1);
    }
    assertThat(segmenter.segmentNuclei(plane, Double.NaN).facts().size()).isLessThan(5);
  }

  @Test
  void anyBrightnessRangeGivesTheSameObjects() {
    Scene scene = new Scene(150, 150);
    for (int k = 0; k < 9; k++) {
      scene.cell(25 + k / 3 * 48, 25 + k % 3 * 48, 11, 11, 0.5, 20);
    }
    Plane seen = scene.seen(scene.nuclei, 0, 0.01, 5);
    Plane dim = new Plane(150, 150, seen.values().clone());
    for (int i = 0; i < dim.values().length; i++) {
      dim.values()[i] *= 0.0625f; // Twelve bits of a camera in sixteen bits of a file.
    }
    assertThat(scene.hits(segmenter.segmentNuclei(dim, Double.NaN).nuclei())).isEqualTo(9);
  }

  @Test
  void aKnownPixelSizeKeepsClumpsFromPassingAsNuclei() {
    Scene scene = new Scene(200, 200);
    for (int k = 0; k < 9; k++) {
      scene.cell(35 + k / 3 * 60, 35 + k % 3 * 60, 12, 12, 0.5, 20);
    }
    Plane seen = scene.seen(scene.nuclei, 0, 0.01, 5);
    CellSegmenter sized =
        new CellSegmenter(SegmentOptions.DEFAULT.withNucleusDiameterMicrometres(12));
    Segmentation found = sized.segmentNuclei(seen, 0.5);
    assertThat(found.nucleusDiameterPixels()).isBetween(16.0, 36.0);
    assertThat(scene.hits(found.nuclei())).isEqualTo(9);
  }

  @Test
  void theSameImageGivesTheSameLabels() {
    Scene scene = new Scene(120, 140);
    scene.cell(40, 40, 12, 12, 0.5, 25).cell(80, 100, 12, 12, 0.5, 25);
    assertThat(segmenter.segment(scene.image()).cells().labels())
        .isEqualTo(segmenter.segment(scene.image()).cells().labels());
  }

  @Test
  void optionsOutOfRangeAreErrors() {
    assertThatThrownBy(() -> SegmentOptions.DEFAULT.withCellReach(-1))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("segment: cellReach -1.0 (expected: 0.0..100.0)");
    assertThatThrownBy(() -> SegmentOptions.DEFAULT.withPixelSizeMicrometres(0))
        .hasMessageContaining("pixelSizeMicrometres 0.0");
    assertThatThrownBy(() -> SegmentOptions.DEFAULT.withMinCellArea(Double.NaN))
        .hasMessageContaining("minCellArea NaN");
  }
}
