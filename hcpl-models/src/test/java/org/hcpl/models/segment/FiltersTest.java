package org.hcpl.models.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each filter against the plain loop that defines it, over odd sizes. */
class FiltersTest {
  private static Plane noise(int h, int w, long seed) {
    Random random = new Random(seed);
    Plane plane = Plane.of(h, w);
    for (int i = 0; i < plane.values().length; i++) {
      plane.values()[i] = random.nextInt(20) / 20f;
    }
    return plane;
  }

  private static boolean[] mask(int h, int w, double part, long seed) {
    Random random = new Random(seed);
    boolean[] mask = new boolean[h * w];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextDouble() < part;
    }
    return mask;
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,9", "7,1", "5,13", "16,11"})
  void gaussianKeepsTheMeanOfAFlatPlaneAndSpreadsAPoint(int h, int w) {
    Plane flat = Plane.of(h, w);
    Arrays.fill(flat.values(), 0.3f);
    for (float value : Gaussian.blur(flat, 2.5).values()) {
      assertThat(value).isCloseTo(0.3f, within(1e-6f));
    }
    Plane point = Plane.of(41, 41);
    point.values()[20 * 41 + 20] = 1;
    Plane blurred = Gaussian.blur(point, 2);
    // The peak of a normalised Gaussian is 1 / (2 pi sigma^2); cutting its tail adds under 1 %.
    assertThat((double) blurred.at(20, 20)).isCloseTo(1 / (8 * Math.PI), within(4e-4));
    assertThat(blurred.at(20, 24)).isEqualTo(blurred.at(24, 20)).isLessThan(blurred.at(20, 22));
  }

  @ParameterizedTest
  @CsvSource({"1,1,2", "1,9,1", "7,1,3", "5,13,2", "16,11,20"})
  void windowsMatchTheirDefinition(int h, int w, int radius) {
    Plane plane = noise(h, w, 3);
    Plane mean = BoxFilter.mean(plane, radius);
    Plane min = BoxFilter.min(plane, radius);
    Plane max = BoxFilter.max(plane, radius);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        double sum = 0;
        int count = 0;
        float low = 2;
        float high = -1;
        for (int v = Math.max(0, y - radius); v <= Math.min(h - 1, y + radius); v++) {
          for (int u = Math.max(0, x - radius); u <= Math.min(w - 1, x + radius); u++) {
            sum += plane.at(v, u);
            count++;
            low = Math.min(low, plane.at(v, u));
            high = Math.max(high, plane.at(v, u));
          }
        }
        assertThat((double) mean.at(y, x)).isCloseTo(sum / count, within(1e-6));
        assertThat(min.at(y, x)).isEqualTo(low);
        assertThat(max.at(y, x)).isEqualTo(high);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,0.5", "1,9,0.7", "7,1,0.7", "5,13,0.9", "16,11,0.97", "11,7,0.2"})
  void distancesAreExact(int h, int w, double part) {
    boolean[] mask = mask(h, w, part, 5);
    float[] squared = DistanceTransform.squared(mask, h, w);
    for (int i = 0; i < mask.length; i++) {
      float best = Float.POSITIVE_INFINITY;
      for (int j = 0; j < mask.length; j++) {
        if (!mask[j]) {
          int dy = i / w - j / w;
          int dx = i % w - j % w;
          best = Math.min(best, dx * dx + dy * dy);
        }
      }
      assertThat(squared[i]).isEqualTo(best);
    }
  }

  @Test
  void distancesWithoutBackgroundAreInfinite() {
    boolean[] mask = new boolean[12];
    Arrays.fill(mask, true);
    assertThat(DistanceTransform.squared(mask, 3, 4)).containsOnly(Float.POSITIVE_INFINITY);
  }

  @Test
  void otsuPartsTwoClassesInTheMiddleOfTheirGap() {
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 10 == 0 ? 0.8f + i % 7 * 0.01f : 0.1f + i % 5 * 0.01f;
    }
    Otsu.Split split = Otsu.split(values);
    assertThat(split.threshold()).isBetween(0.3f, 0.7f);
    assertThat(split.separability()).isGreaterThan(0.95);
    assertThat(split.low()).isCloseTo(0.12, within(0.01));
    assertThat(split.high()).isCloseTo(0.83, within(0.01));
    assertThat(Otsu.split(new float[] {0.4f, 0.4f}).threshold()).isEqualTo(0.4f);
    assertThat(Otsu.split(new float[0]).threshold()).isZero();
  }

  @Test
  void componentsFollowTheirConnectivity() {
    boolean[] mask = {true, false, true, false, true, false, true, false, true};
    assertThat(Components.label(mask, 3, 3, false).max()).isEqualTo(5);
    assertThat(Components.label(mask, 3, 3, true).max()).isEqualTo(1);
    LabelImage image = new LabelImage(1, 5, new int[] {3, 0, 1, 1, 2});
    assertThat(Components.areas(image)).containsExactly(1, 2, 1, 1);
    assertThat(Components.keep(image, new boolean[] {false, true, false, true}).labels())
        .containsExactly(1, 0, 2, 2, 0);
  }

  @Test
  void smallHolesAreFilledAndBaysAreNot() {
    String[] rows = {"#####.", "#.#.#.", "###..#", "####.."};
    boolean[] mask = new boolean[24];
    for (int i = 0; i < 24; i++) {
      mask[i] = rows[i / 6].charAt(i % 6) == '#';
    }
    boolean[] filled = Morphology.fillHoles(mask, 4, 6, 1);
    assertThat(filled[7]).isTrue();
    assertThat(filled[9]).isFalse();
    assertThat(Morphology.fillHoles(mask, 4, 6, 0)).isEqualTo(mask);
  }

  @Test
  void openingTakesWhatIsThinAndClosingFillsIt() {
    int n = 21;
    boolean[] mask = new boolean[n * n];
    for (int y = 5; y < 16; y++) {
      for (int x = 5; x < 16; x++) {
        mask[y * n + x] = true;
      }
    }
    mask[10 * n + 17] = true;
    mask[10 * n + 16] = true;
    boolean[] opened = Morphology.open(mask, n, n, 1.5);
    assertThat(opened[10 * n + 17]).isFalse();
    assertThat(opened[10 * n + 10]).isTrue();
    mask[10 * n + 10] = false;
    assertThat(Morphology.close(mask, n, n, 1.5)[10 * n + 10]).isTrue();
  }

  @Test
  void basinsMeetOnTheRidgeAndKeepToTheMask() {
    float[] elevation = {0, 1, 2, 5, 1, 0, 0};
    int[] markers = {1, 0, 0, 0, 0, 2, 0};
    boolean[] mask = {true, true, true, true, true, true, false};
    int[] basins = Watershed.grow(elevation, markers, mask, 1, 7);
    assertThat(basins[2]).isEqualTo(1);
    assertThat(basins[4]).isEqualTo(2);
    assertThat(basins[3]).isIn(1, 2);
    assertThat(basins[6]).isZero();
    assertThat(Watershed.grow(elevation, new int[7], mask, 1, 7)).containsOnly(0);
  }

  @Test
  void shrinkingAveragesAndEnlargingInterpolates() {
    Plane plane = noise(12, 18, 1);
    Plane small = Rescale.plane(plane, 4, 6);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 6; x++) {
        double sum = 0;
        for (int k = 0; k < 9; k++) {
          sum += plane.at(3 * y + k / 3, 3 * x + k % 3);
        }
        assertThat((double) small.at(y, x)).isCloseTo(sum / 9, within(1e-6));
      }
    }
    Plane ramp = new Plane(1, 2, new float[] {0, 1});
    assertThat(Rescale.plane(ramp, 1, 4).values()).containsExactly(0f, 0.25f, 0.75f, 1f);
    assertThat(Rescale.plane(plane, 5, 7).values()).hasSize(35);
    assertThat(Rescale.plane(plane, 12, 18)).isSameAs(plane);
  }

  @Test
  void labelsAreNeverMixed() {
    LabelImage image = new LabelImage(2, 2, new int[] {3, 3, 7, 0});
    LabelImage large = Rescale.labels(image, 9, 13);
    assertThat(Arrays.stream(large.labels()).distinct().sorted().toArray())
        .containsExactly(0, 3, 7);
    assertThat(large.at(0, 0)).isEqualTo(3);
    assertThat(large.at(8, 0)).isEqualTo(7);
    assertThat(Rescale.labels(new LabelImage(1, 1, new int[] {4}), 3, 2).labels()).containsOnly(4);
    assertThat(Rescale.labels(large, 2, 2).labels()).containsExactly(3, 3, 7, 0);
  }

  @Test
  void outlinesEncloseTheAreaOfTheirObject() {
    boolean[] mask = mask(13, 17, 0.6, 9);
    LabelImage image = Components.label(Components.largest(mask, 13, 17), 13, 17, false);
    boolean[] solid = new boolean[mask.length];
    for (int i = 0; i < solid.length; i++) {
      solid[i] = image.labels()[i] > 0;
    }
    solid = Morphology.fillHoles(solid, 13, 17, 1000);
    image = Components.label(solid, 13, 17, false);
    List<Contours.Polygon> polygons = Contours.of(image);
    assertThat(polygons).hasSize(1);
    Contours.Polygon polygon = polygons.get(0);
    long twice = 0;
    for (int i = 0; i < polygon.size(); i++) {
      int j = (i + 1) % polygon.size();
      twice += (long) polygon.xs()[i] * polygon.ys()[j] - (long) polygon.xs()[j] * polygon.ys()[i];
    }
    assertThat(twice / 2).isEqualTo(Components.areas(image)[1]);
    assertThat(Contours.of(LabelImage.of(3, 3))).isEmpty();
    Contours.Polygon pixel = Contours.of(new LabelImage(1, 2, new int[] {0, 5})).get(0);
    assertThat(pixel.label()).isEqualTo(5);
    assertThat(pixel.xs()).containsExactly(1, 2, 2, 1);
    assertThat(pixel.ys()).containsExactly(0, 0, 1, 1);
  }

  @Test
  void theTreeKnowsPeaksAreasAndShapes() {
    int[] levels = {0, 3, 1, 4, 1, 0, 2};
    MaxTree tree = new MaxTree(levels, 1, 7);
    int root = tree.nodeAt(2);
    assertThat(tree.level[root]).isEqualTo(1);
    assertThat(tree.area[root]).isEqualTo(4);
    assertThat(tree.peak[root]).isEqualTo(4);
    assertThat(tree.parent[tree.nodeAt(1)]).isEqualTo(root);
    assertThat(tree.parent[tree.nodeAt(3)]).isEqualTo(root);
    assertThat(tree.parent[tree.nodeAt(6)]).isEqualTo(-1);
    assertThat(tree.nodeAt(0)).isEqualTo(-1);

    int n = 61;
    int[] disc = new int[n * n];
    int[] two = new int[n * n];
    for (int i = 0; i < n * n; i++) {
      double y = i / n - 30;
      double x = i % n - 30;
      disc[i] = Math.hypot(x, y) <= 14 ? 1 : 0;
      two[i] = Math.hypot(x - 14, y) <= 14 || Math.hypot(x + 14, y) <= 14 ? 1 : 0;
    }
    MaxTree one = new MaxTree(disc, n, n);
    assertThat(one.ellipticity(0)).isCloseTo(1, within(0.01));
    assertThat(new MaxTree(two, n, n).ellipticity(0)).isCloseTo(0.89, within(0.02));
  }

  @Test
  void hullOfARectangleIsItself() {
    int[] pixels = {11, 12, 13, 21, 22, 23};
    assertThat(ConvexHull.area(pixels, 10)).isEqualTo(6);
    assertThat(ConvexHull.area(new int[] {11, 13, 21, 22, 23}, 10)).isGreaterThanOrEqualTo(6);
    assertThat(ConvexHull.area(new int[0], 10)).isZero();
    assertThat(ConvexHull.area(new int[] {5}, 10)).isEqualTo(1);
  }
}
