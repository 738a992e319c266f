package org.hcpl.train.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.inference.MannWhitneyUTest;
import org.hcpl.models.localise.ClassList;
import org.junit.jupiter.api.Test;

class ClassificationTest {
  private static final ClassList ABC = new ClassList("abc", List.of("a", "b", "c"));

  /** Four samples by hand. */
  private static final LabelledScores SAMPLES =
      LabelledScores.of(
          ABC,
          new float[][] {{.9f, .2f, .1f}, {.6f, .7f, .1f}, {.4f, .8f, .1f}, {.1f, .3f, .2f}},
          List.of(List.of(0), List.of(0, 1), List.of(0), List.of()));

  @Test
  void countsAsByHand() {
    Classification found = Classification.of(SAMPLES, 0.5);
    // a: predicted for 1, 2; has 1, 2, 3. b: predicted for 2, 3; has 2. c: neither.
    Classification.OfClass a = found.perClass().get(0);
    assertThat(a.positives()).isEqualTo(3);
    assertThat(a.predicted()).isEqualTo(2);
    assertThat(a.right()).isEqualTo(2);
    assertThat(a.precision()).isEqualTo(1);
    assertThat(a.recall()).isEqualTo(2.0 / 3);
    assertThat(a.f1()).isEqualTo(0.8);
    Classification.OfClass b = found.perClass().get(1);
    assertThat(b.precision()).isEqualTo(0.5);
    assertThat(b.recall()).isEqualTo(1);
    assertThat(b.f1()).isEqualTo(2.0 / 3);
    Classification.OfClass c = found.perClass().get(2);
    assertThat(c.f1()).isNaN();
    assertThat(c.precision()).isNaN();
    assertThat(c.recall()).isNaN();
    assertThat(c.rocAuc()).isNaN();
    assertThat(found.macroF1()).isCloseTo((0.8 + 2.0 / 3) / 2, within(1e-15));
    assertThat(found.macroPrecision()).isEqualTo(0.75);
    assertThat(found.macroRecall()).isCloseTo(5.0 / 6, within(1e-15));
    // 3 right of 4 predicted and 4 true.
    assertThat(found.microF1()).isEqualTo(0.75);
    // Samples 1, 2 and 4 are right as a whole; of 12 decisions a of 3 and b of 3 are wrong.
    assertThat(found.exactMatch()).isEqualTo(0.75);
    assertThat(found.labelAccuracy()).isCloseTo(10.0 / 12, within(1e-15));
    assertThat(found.sampleDice()).isEqualTo((1 + 1 + 0 + 1) / 4.0);
    // The highest score of samples 1 and 2 is right, of 3 wrong; 4 has no label.
    assertThat(found.topOne()).isCloseTo(2.0 / 3, within(1e-15));
  }

  @Test
  void aClassThatIsNeverPredictedHasPrecisionAndF1OfZero() {
    Classification.OfClass b = Classification.of(SAMPLES, 0.95).perClass().get(1);
    assertThat(b.precision()).isZero();
    assertThat(b.f1()).isZero();
    // The threshold itself is enough.
    assertThat(Classification.of(SAMPLES, new double[] {.4f, .8f, 1}).perClass().get(0).recall())
        .isEqualTo(1);
  }

  @Test
  void areasUnderTheCurvesAsByHand() {
    // Pairs (true, other): .9 > .5, .9 > .1, .5 = .5, .5 > .1: 3.5 of 4.
    float[] scores = {.9f, .5f, .5f, .1f};
    boolean[] truth = {true, true, false, false};
    assertThat(Ranking.rocAuc(scores, truth)).isEqualTo(3.5 / 4);
    // First sample: precision 1, recall 1/2; the two of .5 together: precision 2/3, recall 1.
    assertThat(Ranking.averagePrecision(scores, truth)).isCloseTo(0.5 + 0.5 * 2 / 3, within(1e-15));
    assertThat(
            Ranking.rocAuc(new float[] {-1, -2, 0f, -0f}, new boolean[] {false, false, true, true}))
        .isEqualTo(1);
    assertThat(Ranking.rocAuc(new float[] {1, 1, 1}, new boolean[] {true, false, true}))
        .isEqualTo(0.5);
    assertThat(Ranking.rocAuc(scores, new boolean[4])).isNaN();
    assertThat(Ranking.rocAuc(scores, new boolean[] {true, true, true, true})).isNaN();
    assertThat(Ranking.averagePrecision(scores, new boolean[4])).isNaN();
    assertThat(Ranking.averagePrecision(scores, new boolean[] {true, true, true, true}))
        .isEqualTo(1);
  }

  @Test
  void rocAucAgreesWithMannAndWhitney() {
    Random random = new Random(3);
    for (int trial = 0; trial < 30; trial++) {
      int n = 5 + random.nextInt(60);
      float[] scores = new float[n];
      boolean[] truth = new boolean[n];
      truth[0] = true;
      for (int i = 0; i < n; i++) {
        // Few distinct scores, so many ties.
        scores[i] = random.nextInt(8) - 3;
        truth[i] |= i > 1 && random.nextBoolean();
      }
      double pairs = 0;
      double sum = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          if (truth[i] && !truth[j]) {
            pairs++;
            sum += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          }
        }
      }
      assertThat(Ranking.rocAuc(scores, truth)).isCloseTo(sum / pairs, within(1e-12));
      double[] with =
          IntStream.range(0, n).filter(i -> truth[i]).mapToDouble(i -> scores[i]).toArray();
      double[] without =
          IntStream.range(0, n).filter(i -> !truth[i]).mapToDouble(i -> scores[i]).toArray();
      // Commons Math gives the larger of U and its mirror image.
      double u = new MannWhitneyUTest().mannWhitneyU(with, without) / pairs;
      double auc = Ranking.rocAuc(scores, truth);
      assertThat(Math.max(auc, 1 - auc)).isCloseTo(u, within(1e-12));
    }
  }

  @Test
  void averagePrecisionAgreesWithItsDefinition() {
    Random random = new Random(4);
    for (int trial = 0; trial < 30; trial++) {
      int n = 3 + random.nextInt(40);
      float[] scores = new float[n];
      boolean[] truth = new boolean[n];
      truth[n - 1] = true;
      int positives = 0;
      for (int i = 0; i < n; i++) {
        scores[i] = random.nextInt(12) / 4f;
        truth[i] |= random.nextInt(3) == 0;
        positives += truth[i] ? 1 : 0;
      }
      double expected = 0;
      double lastRecall = 0;
      for (int level = 12; level >= 0; level--) {
        int above = 0;
        int hits = 0;
        for (int i = 0; i < n; i++) {
          above += scores[i] >= level / 4f ? 1 : 0;
          hits += scores[i] >= level / 4f && truth[i] ? 1 : 0;
        }
        double recall = (double) hits / positives;
        expected += above == 0 ? 0 : (recall - lastRecall) * hits / above;
        lastRecall = recall;
      }
      assertThat(Ranking.averagePrecision(scores, truth)).isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void thresholdsAreChosenWhereF1IsHighest() {
    // a: everything from above .10 to .40 separates all; the middle of .11 ... .40 is .25.
    // b: .31 to .69 predicts samples 2 and 3, F1 2/3; above .80 none. c: no true sample.
    double[] chosen = Classification.chooseThresholds(SAMPLES);
    assertThat(chosen).containsExactly(0.25, 0.5, 0.5);
    double best = Classification.of(SAMPLES, chosen).macroF1();
    for (int step = 1; step < 100; step++) {
      assertThat(Classification.of(SAMPLES, step / 100.0).macroF1()).isLessThanOrEqualTo(best);
    }
  }

  @Test
  void bootstrapCoversTheMeanOfNormalSamples() {
    Random random = new Random(5);
    double[] values = random.doubles(400).map(u -> u * 2).toArray();
    Bootstrap mean =
        Bootstrap.of(
            400,
            2000,
            0.95,
            1,
            at -> Arrays.stream(at).mapToDouble(i -> values[i]).average().orElseThrow());
    // The mean of 400 uniform values of variance 1/3: 1.96 standard errors are 0.0566.
    assertThat(mean.high() - mean.value()).isCloseTo(0.0566, within(0.008));
    assertThat(mean.value() - mean.low()).isCloseTo(0.0566, within(0.008));
    assertThat(mean.rounds()).isEqualTo(2000);
    Bootstrap again =
        Bootstrap.of(
            400,
            2000,
            0.95,
            1,
            at -> Arrays.stream(at).mapToDouble(i -> values[i]).average().orElseThrow());
    assertThat(again).isEqualTo(mean);
    Bootstrap auc =
        Bootstrap.of(4, 500, 0.9, 7, at -> Classification.of(SAMPLES.at(at), 0.5).meanRocAuc());
    assertThat(auc.rounds()).isBetween(300, 500);
    assertThat(auc.low()).isLessThanOrEqualTo(auc.value());
    assertThatThrownBy(() -> Bootstrap.of(0, 10, 0.9, 1, at -> 0))
        .hasMessageContaining("bootstrap: 0 samples, 10 rounds, level 0.9");
  }

  @Test
  void badSamplesAreNamed() {
    assertThatThrownBy(() -> new LabelledScores(ABC, new float[2][3], new boolean[1][3]))
        .isInstanceOf(MetricException.class)
        .hasMessageContaining("2 samples with scores, 1 with labels");
    assertThatThrownBy(() -> new LabelledScores(ABC, new float[1][2], new boolean[1][3]))
        .hasMessageContaining(
            "sample 0 has 2 scores and 3 labels (expected: 3, the classes of abc)");
    assertThatThrownBy(
            () -> new LabelledScores(ABC, new float[][] {{0, Float.NaN, 0}}, new boolean[1][3]))
        .hasMessageContaining("sample 0 has NaN for b");
    assertThatThrownBy(() -> Classification.of(SAMPLES, new double[2]))
        .hasMessageContaining("2 thresholds (expected: one for each of 3 classes)");
    assertThatThrownBy(() -> Ranking.rocAuc(new float[2], new boolean[3]))
        .hasMessageContaining("2 scores, 3 labels");
    assertThatThrownBy(() -> Ranking.rocAuc(new float[] {Float.NaN}, new boolean[1]))
        .hasMessageContaining("score 0 is NaN");
  }
}
