package org.hcpl.train.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.localise.ClassList;
import org.junit.jupiter.api.Test;

class ContestMetricTest {
  private static final int SIZE = 20;

  /** Rows and columns from (inclusive) to (exclusive). */
  private static Mask box(int top, int bottom, int left, int right) {
    LabelImage image = LabelImage.of(SIZE, SIZE);
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        image.labels()[y * SIZE + x] = 1;
      }
    }
    return Mask.of(image, 1);
  }

  private static final Mask A = box(0, 5, 0, 5);
  private static final Mask B = box(0, 5, 10, 15);
  private static final Mask C = box(10, 15, 0, 5);
  private static final Mask NOWHERE = box(15, 20, 15, 20);

  private static Instance truth(int label, Mask mask) {
    return new Instance(label, 1, mask);
  }

  private static Instance guess(int label, double confidence, Mask mask) {
    return new Instance(label, confidence, mask);
  }

  private static ImageInstances image(String id, List<Integer> labels, Instance... cells) {
    return new ImageInstances(id, SIZE, SIZE, labels, List.of(cells));
  }

  private static ContestResult score(ImageInstances image, Instance... predictions) {
    ContestMetric metric = new ContestMetric();
    metric.add(image, List.of(predictions));
    return metric.result();
  }

  private static double ap(ContestResult result, int label) {
    return result.perClass().get(label).averagePrecision();
  }

  @Test
  void precisionIsMadeMonotoneAndSummedOverRecall() {
    // Right, wrong, right, wrong of three cells: precision 1, 1/2, 2/3, 1/2 at recall 1/3, 1/3,
    // 2/3,
    // 2/3; area 1/3 * 1 + 1/3 * 2/3 = 5/9.
    ContestResult result =
        score(
            image("a", List.of(), truth(0, A), truth(0, B), truth(0, C)),
            guess(0, 0.6, NOWHERE),
            guess(0, 0.9, A),
            guess(0, 0.8, NOWHERE),
            guess(0, 0.7, B));
    ContestResult.OfClass nucleoplasm = result.perClass().get(0);
    assertThat(nucleoplasm.averagePrecision()).isCloseTo(5.0 / 9, within(1e-12));
    assertThat(nucleoplasm.precision()).containsExactly(1, 0.5, 2.0 / 3, 0.5);
    assertThat(nucleoplasm.recall()).containsExactly(1.0 / 3, 1.0 / 3, 2.0 / 3, 2.0 / 3);
    assertThat(nucleoplasm.confidence()).containsExactly(0.9, 0.8, 0.7, 0.6);
    assertThat(nucleoplasm.instances()).isEqualTo(3);
    assertThat(nucleoplasm.right()).isEqualTo(2);
    assertThat(result.meanAveragePrecision()).isCloseTo(5.0 / 9, within(1e-12));
    assertThat(ap(result, 1)).isNaN();
  }

  @Test
  void aRightPredictionAfterWrongOnesLiftsNoPrecisionBeforeItsOwn() {
    // Wrong, right, right: precision 0, 1/2, 2/3 becomes 2/3 throughout; area 2/2 * 2/3.
    ContestResult result =
        score(
            image("a", List.of(), truth(0, A), truth(0, B)),
            guess(0, 0.9, NOWHERE),
            guess(0, 0.8, A),
            guess(0, 0.7, B));
    assertThat(ap(result, 0)).isCloseTo(2.0 / 3, within(1e-12));
  }

  @Test
  void theThresholdItselfMatches() {
    // 15 of 25 pixels: exactly 0.6. 14 of 25: less.
    ImageInstances image = image("a", List.of(), truth(0, A));
    assertThat(ap(score(image, guess(0, 0.5, box(0, 3, 0, 5))), 0)).isEqualTo(1);
    LabelImage less = LabelImage.of(SIZE, SIZE);
    A.paint(less, 1);
    box(0, 2, 0, 5).paint(less, 0);
    less.labels()[2 * SIZE] = 0;
    assertThat(ap(score(image, guess(0, 0.5, Mask.of(less, 1))), 0)).isZero();
  }

  @Test
  void aSecondHitOfACellIsWrong() {
    ContestResult result =
        score(
            image("a", List.of(), truth(0, A), truth(0, B)),
            guess(0, 0.9, A),
            guess(0, 0.8, A),
            guess(0, 0.7, B));
    // Precision 1, 1/2, 2/3 at recall 1/2, 1/2, 1: 1/2 + 1/2 * 2/3.
    assertThat(ap(result, 0)).isCloseTo(5.0 / 6, within(1e-12));
  }

  @Test
  void aPredictionLooksAtTheCellItOverlapsMostOnly() {
    // Cells that overlap: the second prediction overlaps the first cell more, which is taken, and
    // the other, free one with 20 / 25 = 0.8. It is wrong all the same.
    Mask wide = box(0, 5, 0, 5);
    Mask narrow = box(0, 5, 0, 4);
    ContestResult result =
        score(
            image("a", List.of(), truth(0, wide), truth(0, narrow)),
            guess(0, 0.9, wide),
            guess(0, 0.8, wide));
    assertThat(result.perClass().get(0).right()).isEqualTo(1);
    assertThat(ap(result, 0)).isEqualTo(0.5);
  }

  @Test
  void onlyVerifiedClassesCount() {
    ImageInstances first = image("a", List.of(5), truth(0, A));
    ImageInstances second = image("b", List.of(), truth(5, B), truth(7, B));
    ContestMetric metric = new ContestMetric();
    // Class 5 is verified in the first image by its label, class 7 is not.
    metric.add(first, List.of(guess(0, 0.9, A), guess(5, 0.9, A), guess(7, 0.9, A)));
    metric.add(second, List.of(guess(0, 0.95, B), guess(5, 0.8, B), guess(7, 0.8, B)));
    ContestResult result = metric.result();
    assertThat(ap(result, 0)).isEqualTo(1);
    assertThat(ap(result, 5)).isEqualTo(0.5);
    assertThat(ap(result, 7)).isEqualTo(1);
    assertThat(result.perClass().get(0).ignored()).isEqualTo(1);
    assertThat(result.perClass().get(5).ignored()).isZero();
    assertThat(result.perClass().get(7).ignored()).isEqualTo(1);
    assertThat(result.meanAveragePrecision()).isCloseTo((1 + 0.5 + 1) / 3, within(1e-12));
  }

  @Test
  void aVerifiedClassOfTheWrongCellIsWrong() {
    ContestResult result =
        score(image("a", List.of(), truth(0, A), truth(5, B)), guess(0, 0.9, B), guess(0, 0.8, A));
    assertThat(ap(result, 0)).isEqualTo(0.5);
    assertThat(ap(result, 5)).isZero();
  }

  @Test
  void aClassWithoutCellsHasNoValue() {
    ContestResult result = score(image("a", List.of(5)), guess(5, 0.9, A));
    assertThat(ap(result, 5)).isNaN();
    assertThat(result.meanAveragePrecision()).isNaN();
    assertThat(result.perClass().get(5).predictions()).isEqualTo(1);
  }

  @Test
  void oneMaskMayHaveManyClasses() {
    List<Instance> all = new ArrayList<>();
    for (int label = 0; label < 19; label++) {
      all.add(guess(label, 1 - 0.05 * label, A));
    }
    ContestResult result =
        score(image("a", List.of(), truth(0, A), truth(18, A)), all.toArray(new Instance[0]));
    assertThat(result.meanAveragePrecision()).isEqualTo(1);
    assertThat(result.perClass().stream().mapToInt(ContestResult.OfClass::ignored).sum())
        .isEqualTo(17);
  }

  @Test
  void ofEqualConfidencesTheFirstOfTheLaterImageComesFirst() {
    ImageInstances image = image("a", List.of(), truth(0, A));
    assertThat(ap(score(image, guess(0, 0.5, A), guess(0, 0.5, NOWHERE)), 0)).isEqualTo(1);
    assertThat(ap(score(image, guess(0, 0.5, NOWHERE), guess(0, 0.5, A)), 0)).isEqualTo(0.5);
    assertThat(ap(score(image, guess(0, 0.0, NOWHERE), guess(0, -0.0, A)), 0)).isEqualTo(0.5);
    ContestMetric metric = new ContestMetric();
    metric.add(image, List.of(guess(0, 0.5, A)));
    metric.add(image("b", List.of(0)), List.of(guess(0, 0.5, A)));
    assertThat(ap(metric.result(), 0)).isEqualTo(0.5);
    // Which of two equal predictions takes a cell does not matter, both cannot.
    ContestResult twice = score(image, guess(0, 0.5, A), guess(0, 0.5, A));
    assertThat(twice.perClass().get(0).precision()).containsExactly(0, 0.5);
  }

  @Test
  void groupsAreFoundOnceAndTakeExtraHits() {
    Instance group = new Instance(0, 1, true, box(10, 20, 0, 10));
    ImageInstances image = image("a", List.of(), truth(0, A), group);
    // Two predictions inside the group: one hit with the better confidence, none wrong.
    ContestResult found =
        score(
            image,
            guess(0, 0.9, A),
            guess(0, 0.8, C),
            guess(0, 0.7, box(16, 20, 0, 4)),
            guess(0, 0.6, NOWHERE));
    assertThat(found.perClass().get(0).instances()).isEqualTo(2);
    assertThat(found.perClass().get(0).confidence()).containsExactly(0.9, 0.8, 0.6);
    assertThat(ap(found, 0)).isEqualTo(1);
    // Nobody in the group: it counts as missed.
    assertThat(ap(score(image, guess(0, 0.9, A)), 0)).isEqualTo(0.5);
    // Half outside the group (5 of 10 columns): wrong.
    ContestResult outside = score(image, guess(0, 0.9, box(12, 16, 5, 15)), guess(0, 0.5, A));
    assertThat(ap(outside, 0)).isEqualTo(0.25);
  }

  @Test
  void agreesWithAPlainReckoningOnRandomImages() {
    Random random = new Random(7);
    for (int trial = 0; trial < 50; trial++) {
      ContestMetric metric = new ContestMetric();
      List<double[]> hits = new ArrayList<>();
      int cells = 0;
      for (int i = 0; i < 4; i++) {
        List<Instance> truth = new ArrayList<>();
        List<Instance> guesses = new ArrayList<>();
        List<Mask> free = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
          int top = 10 * (k / 2);
          int left = 10 * (k % 2);
          Mask cell = box(top, top + 8, left, left + 8);
          if (random.nextBoolean()) {
            truth.add(truth(3, cell));
            free.add(cell);
          }
          int shift = random.nextInt(4);
          guesses.add(guess(3, random.nextDouble(), box(top + shift, top + 8, left, left + 8)));
        }
        cells += truth.size();
        metric.add(new ImageInstances("" + i, SIZE, SIZE, List.of(3), truth), guesses);
        // Cells lie apart, so each guess can match its own cell alone: 1 - shift / 8 >= 0.6.
        for (Instance guess : guesses) {
          boolean right = free.removeIf(cell -> guess.mask().iou(cell) >= 0.6);
          hits.add(new double[] {guess.confidence(), right ? 1 : 0});
        }
      }
      if (cells == 0) {
        continue;
      }
      hits.sort(Collections.reverseOrder((a, b) -> Double.compare(a[0], b[0])));
      double expected = 0;
      for (int i = 0; i < hits.size(); i++) {
        if (hits.get(i)[1] == 1) {
          double best = 0;
          for (int j = i; j < hits.size(); j++) {
            double right = hits.subList(0, j + 1).stream().mapToDouble(h -> h[1]).sum();
            best = Math.max(best, right / (j + 1));
          }
          expected += best / cells;
        }
      }
      assertThat(ap(metric.result(), 3)).isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void badUseIsNamed() {
    ContestMetric metric = new ContestMetric();
    metric.add(image("a", List.of(), truth(0, A)), List.of());
    assertThatThrownBy(() -> metric.add(image("a", List.of()), List.of()))
        .isInstanceOf(MetricException.class)
        .hasMessageContaining("image a was added before");
    Mask small = Mask.ofRuns(3, 3, new int[] {0, 9});
    assertThatThrownBy(() -> metric.add(image("b", List.of()), List.of(guess(0, 1, small))))
        .hasMessageContaining("b: mask of 9 pixels in 3 x 3 (expected: masks of the image's size");
    assertThatThrownBy(() -> guess(0, Double.NaN, small)).hasMessageContaining("confidence NaN");
    assertThatThrownBy(() -> new ContestMetric(ClassList.HPA_2021, 60))
        .hasMessageContaining("IoU threshold 60.0 (expected: above 0, at most 1)");
  }
}
