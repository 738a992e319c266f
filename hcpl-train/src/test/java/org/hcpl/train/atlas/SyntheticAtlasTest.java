package org.hcpl.train.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;
import org.hcpl.train.metric.ContestMetric;
import org.hcpl.train.metric.ContestResult;
import org.hcpl.train.metric.Instance;
import org.junit.jupiter.api.Test;

class SyntheticAtlasTest {
  private static SyntheticAtlas atlas(int images, long seed) {
    return new SyntheticAtlas(AtlasOptions.of(images, seed).withSize(160).withCells(2, 4));
  }

  private static long checksum(SyntheticImage image) {
    CRC32 sum = new CRC32();
    for (Plane plane : image.image().planes()) {
      for (float value : plane.values()) {
        sum.update(Math.round(255 * value));
      }
    }
    for (int label : image.cells().labels()) {
      sum.update(label);
    }
    for (int label : image.nuclei().labels()) {
      sum.update(label);
    }
    sum.update(image.cellLabels().toString().getBytes(StandardCharsets.UTF_8));
    return sum.getValue();
  }

  @Test
  void anImageDependsOnOptionsAndIndexAlone() {
    SyntheticAtlas atlas = atlas(6, 1);
    long[] forwards = IntStream.range(0, 6).mapToLong(i -> checksum(atlas.image(i))).toArray();
    long[] parallel =
        IntStream.range(0, 6).parallel().mapToLong(i -> checksum(atlas(6, 1).image(i))).toArray();
    assertThat(parallel).isEqualTo(forwards);
    assertThat(Arrays.stream(forwards).distinct().count()).isEqualTo(6);
    assertThat(checksum(atlas(9, 1).image(3))).isEqualTo(forwards[3]);
    assertThat(checksum(atlas(6, 2).image(3))).isNotEqualTo(forwards[3]);
  }

  @Test
  void theBitsAreTheSameEverywhere() {
    // Made by version 1 of the generator. A change here must come with a new VERSION.
    assertThat(SyntheticAtlas.VERSION).isEqualTo(1);
    SyntheticAtlas atlas = atlas(3, 42);
    assertThat(
            new long[] {
              checksum(atlas.image(0)), checksum(atlas.image(1)), checksum(atlas.image(2))
            })
        .containsExactly(3844446228L, 4253638997L, 3248551508L);
  }

  @Test
  void masksAreWholeCellsNumberedInTurn() {
    boolean cut = false;
    for (int i = 0; i < 4; i++) {
      SyntheticAtlas atlas = new SyntheticAtlas(AtlasOptions.of(4, 5).withSize(256));
      SyntheticImage image = atlas.image(i);
      LabelImage cells = image.cells();
      LabelImage nuclei = image.nuclei();
      Set<Integer> found = new TreeSet<>();
      Set<Integer> withNucleus = new TreeSet<>();
      for (int p = 0; p < cells.labels().length; p++) {
        if (cells.labels()[p] > 0) {
          found.add(cells.labels()[p]);
        }
        if (nuclei.labels()[p] > 0) {
          withNucleus.add(nuclei.labels()[p]);
          assertThat(nuclei.labels()[p]).isEqualTo(cells.labels()[p]);
        }
      }
      List<Integer> expected = IntStream.rangeClosed(1, image.cellLabels().size()).boxed().toList();
      assertThat(found).containsExactlyElementsOf(expected);
      assertThat(withNucleus).containsExactlyElementsOf(expected);
      for (int x = 0; x < 256; x++) {
        cut |= cells.at(0, x) > 0;
      }
    }
    assertThat(cut).isTrue();
  }

  @Test
  void imagesAreLabelledWithTheUnionOfTheirCells() {
    SyntheticAtlas atlas =
        new SyntheticAtlas(
            AtlasOptions.of(24, 3)
                .withSize(128)
                .withPixelSize(0.8)
                .withCells(6, 9)
                .withAbsence(0.3)
                .withLabels(3, 0.6));
    int several = 0;
    int lacking = 0;
    int cells = 0;
    for (int i = 0; i < atlas.size(); i++) {
      SyntheticImage image = atlas.image(i);
      Set<Integer> union = new TreeSet<>();
      image.cellLabels().forEach(union::addAll);
      if (union.size() > 1) {
        union.remove(18);
      }
      assertThat(image.labels()).containsExactlyElementsOf(union).isNotEmpty();
      assertThat(image.labels()).contains(atlas.mainPattern(i));
      several += image.labels().size() > 1 ? 1 : 0;
      for (List<Integer> labels : image.cellLabels()) {
        assertThat(labels).isSorted().isNotEmpty();
        assertThat(labels.contains(18)).isEqualTo(labels.equals(List.of(18)));
        cells++;
        lacking +=
            labels.size() < image.labels().size()
                    || (labels.contains(18) && !image.labels().contains(18))
                ? 1
                : 0;
      }
    }
    assertThat(several).isBetween(8, 21);
    assertThat((double) lacking / cells).isBetween(0.15, 0.4);
  }

  @Test
  void withoutAbsenceEveryCellShowsEveryPattern() {
    SyntheticAtlas atlas =
        new SyntheticAtlas(
            AtlasOptions.of(8, 3)
                .withSize(160)
                .withClasses(List.of(0, 7, 13, 16))
                .withAbsence(0)
                .withNoise(0));
    for (int i = 0; i < atlas.size(); i++) {
      SyntheticImage image = atlas.image(i);
      assertThat(new HashSet<>(image.cellLabels())).containsExactly(image.labels());
    }
  }

  /** Where the protein is: shares of its light in the nuclei, correlation with red and yellow. */
  private record Place(double inNucleus, double withRed, double withYellow, double mean) {
    static Place of(int label) {
      SyntheticAtlas atlas =
          new SyntheticAtlas(
              AtlasOptions.of(2, 11)
                  .withSize(160)
                  .withCells(3, 5)
                  .withClasses(List.of(label))
                  .withAbsence(0)
                  .withNoise(0));
      double nucleus = 0;
      double all = 0;
      List<double[]> pixels = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        SyntheticImage image = atlas.image(i);
        for (int p = 0; p < image.cells().labels().length; p++) {
          if (image.cells().labels()[p] > 0) {
            double green = image.image().plane(Channel.GREEN).values()[p];
            all += green;
            nucleus += image.nuclei().labels()[p] > 0 ? green : 0;
            pixels.add(
                new double[] {
                  green,
                  image.image().plane(Channel.RED).values()[p],
                  image.image().plane(Channel.YELLOW).values()[p]
                });
          }
        }
      }
      return new Place(
          nucleus / all, correlation(pixels, 1), correlation(pixels, 2), all / pixels.size());
    }

    private static double correlation(List<double[]> pixels, int with) {
      double[] a = pixels.stream().mapToDouble(p -> p[0]).toArray();
      double[] b = pixels.stream().mapToDouble(p -> p[with]).toArray();
      return new PearsonsCorrelation().correlation(a, b);
    }
  }

  @Test
  void theProteinIsWhereItsClassSays() {
    Place[] places = IntStream.range(0, 19).mapToObj(Place::of).toArray(Place[]::new);
    for (int label = 0; label < 19; label++) {
      if (label < 6) {
        assertThat(places[label].inNucleus()).as("class %d in nuclei", label).isGreaterThan(0.55);
      } else if (label != 11 && label != 18) {
        assertThat(places[label].inNucleus()).as("class %d in nuclei", label).isLessThan(0.35);
      }
      assertThat(places[label].mean())
          .as("class %d light", label)
          .isGreaterThan(label == 18 ? -1 : 1.2 * places[18].mean());
    }
    assertThat(places[10].withRed()).isGreaterThan(0.85);
    assertThat(places[6].withYellow()).isGreaterThan(0.85);
    assertThat(places[0].withRed()).isLessThan(0.3);
    assertThat(places[0].inNucleus()).isGreaterThan(0.85);
  }

  @Test
  void classesAreBalancedOrNotAsAsked() {
    int[] even = counts(AtlasOptions.of(190, 1));
    assertThat(Arrays.stream(even).min().orElseThrow()).isGreaterThanOrEqualTo(9);
    assertThat(Arrays.stream(even).max().orElseThrow()).isLessThanOrEqualTo(11);
    int[] uneven = counts(AtlasOptions.of(1000, 1).withImbalance(1));
    // As often as among the contest's 35,839 labels.
    assertThat(uneven[0]).isBetween(240, 251);
    assertThat(uneven[16]).isBetween(154, 164);
    assertThat(uneven[18]).isLessThanOrEqualTo(3);
  }

  private static int[] counts(AtlasOptions options) {
    SyntheticAtlas atlas = new SyntheticAtlas(options);
    int[] counts = new int[19];
    for (int i = 0; i < atlas.size(); i++) {
      counts[atlas.mainPattern(i)]++;
    }
    return counts;
  }

  @Test
  void theSplitIsFixedByTheSeedAndTakesFromEachPattern() {
    SyntheticAtlas atlas = atlas(95, 1);
    List<Integer> test = atlas.testImages(0.2);
    assertThat(test)
        .isEqualTo(atlas(95, 1).testImages(0.2))
        .isNotEqualTo(atlas(95, 2).testImages(0.2));
    assertThat(test).hasSizeBetween(17, 21).doesNotHaveDuplicates().isSorted();
    assertThat(test.stream().map(atlas::mainPattern).distinct().count()).isEqualTo(19);
    assertThat(atlas.testImages(0)).isEmpty();
    assertThatThrownBy(() -> atlas.testImages(1)).hasMessageContaining("test share 1.0");
  }

  @Test
  void truthScoresFullAgainstItself() {
    SyntheticAtlas atlas = atlas(4, 9);
    ContestMetric metric = new ContestMetric();
    for (int i = 0; i < 4; i++) {
      SyntheticImage image = atlas.image(i);
      metric.add(image.truth(), image.truth().instances());
    }
    ContestResult result = metric.result();
    assertThat(result.meanAveragePrecision()).isEqualTo(1);
  }

  @Test
  void aPredictionOfAClassThatTheImageDoesNotHaveIsWrong() {
    SyntheticImage image = atlas(1, 9).image(0);
    List<Instance> everything = new ArrayList<>();
    for (Instance cell : image.truth().instances()) {
      for (int label = 0; label < 19; label++) {
        everything.add(new Instance(label, 1, cell.mask()));
      }
    }
    ContestMetric metric = new ContestMetric();
    metric.add(image.truth(), everything);
    assertThat(metric.result().perClass()).allMatch(of -> of.ignored() == 0);
    assertThat(metric.result().perClass())
        .filteredOn(of -> of.instances() == 0)
        .isNotEmpty()
        .allMatch(of -> of.predictions() > 0);
  }

  @Test
  void spindlesAreInDividingCells() {
    SyntheticAtlas atlas =
        new SyntheticAtlas(
            AtlasOptions.of(3, 4).withSize(256).withClasses(List.of(11, 16)).withLabels(2, 1));
    boolean both = false;
    for (int i = 0; i < 3; i++) {
      SyntheticImage image = atlas.image(i);
      assertThat(image.labels()).containsExactly(11, 16);
      for (List<Integer> labels : image.cellLabels()) {
        both |= labels.equals(List.of(16));
      }
    }
    assertThat(both).isTrue();
  }

  @Test
  void badOptionsAreNamed() {
    AtlasOptions good = AtlasOptions.of(1, 1);
    assertThatThrownBy(() -> AtlasOptions.of(0, 1))
        .isInstanceOf(AtlasException.class)
        .hasMessage("synthetic atlas: images is 0 (expected: 1 to 1000000)");
    assertThatThrownBy(() -> good.withSize(10)).hasMessageContaining("size is 10");
    assertThatThrownBy(() -> good.withCells(5, 4)).hasMessageContaining("minCells is 5");
    assertThatThrownBy(() -> good.withCells(5, 4000)).hasMessageContaining("maxCells is 4000");
    assertThatThrownBy(() -> good.withClasses(List.of())).hasMessageContaining("classes is []");
    assertThatThrownBy(() -> good.withClasses(List.of(19))).hasMessageContaining("class is 19");
    assertThatThrownBy(() -> good.withLabels(0, 0)).hasMessageContaining("maxLabels is 0");
    assertThatThrownBy(() -> good.withLabels(2, 1.5)).hasMessageContaining("moreLabels is 1.5");
    assertThatThrownBy(() -> good.withAbsence(-1)).hasMessageContaining("absence is -1.0");
    assertThatThrownBy(() -> good.withImbalance(3)).hasMessageContaining("imbalance is 3.0");
    assertThatThrownBy(() -> good.withNoise(Double.NaN)).hasMessageContaining("noise is NaN");
    assertThatThrownBy(() -> good.withBlur(-1)).hasMessageContaining("blurPixels is -1.0");
    assertThatThrownBy(() -> good.withPixelSize(0)).hasMessageContaining("pixelSizeMicrometres is");
    assertThatThrownBy(() -> new SyntheticAtlas(good).image(1))
        .hasMessage("synthetic atlas: image 1 (expected: 0 to 0)");
  }
}
