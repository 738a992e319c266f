package org.hcpl.train.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.hcpl.models.image.LabelImage;
import org.junit.jupiter.api.Test;

class MaskMetricsTest {
  private static LabelImage row(int... labels) {
    return new LabelImage(1, labels.length, labels);
  }

  @Test
  void equalMasksScoreOneWhateverTheNumbers() {
    MaskMetrics.Counts counts =
        MaskMetrics.compare(row(0, 1, 1, 0, 7, 7), row(0, 9, 9, 0, 300, 300));
    assertThat(counts.averagePrecision(0.5)).isEqualTo(1);
    assertThat(counts.averagePrecision(0.7)).isEqualTo(1);
    assertThat(counts.aggregatedJaccard()).isEqualTo(1);
    assertThat(counts.dice()).isEqualTo(1);
    assertThat(counts.f1(0.5)).isEqualTo(1);
  }

  @Test
  void countedByHand() {
    // True 1: four pixels, three of them found; true 2: missed; found 6: nothing there.
    LabelImage truth = row(1, 1, 1, 1, 0, 2, 2, 0, 0, 0);
    LabelImage found = row(0, 5, 5, 5, 0, 0, 0, 0, 6, 0);
    MaskMetrics.Counts counts = MaskMetrics.compare(truth, found);

    assertThat(counts.ious()).containsExactly(0.75);
    assertThat(counts.averagePrecision(0.7)).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(counts.averagePrecision(0.8)).isZero();
    assertThat(counts.falsePositives(0.7)).isEqualTo(1);
    assertThat(counts.falseNegatives(0.7)).isEqualTo(1);
    assertThat(counts.f1(0.5)).isEqualTo(0.5);
    // Intersection 3; union 4 of the pair, 2 of the missed and 1 of the false object.
    assertThat(counts.aggregatedJaccard()).isCloseTo(3.0 / 7, within(1e-12));
    assertThat(counts.dice()).isCloseTo(2 * 3.0 / (6 + 4), within(1e-12));
  }

  @Test
  void aTrueObjectInTwoHalvesIsMatchedOnceAtMost() {
    MaskMetrics.Counts counts = MaskMetrics.compare(row(1, 1, 1, 1), row(2, 2, 3, 3));
    assertThat(counts.truePositives(0.5)).isEqualTo(1);
    assertThat(counts.averagePrecision(0.5)).isEqualTo(0.5);
    // The tie goes to the smaller number, the other half counts against the union.
    assertThat(counts.aggregatedJaccard()).isCloseTo(2.0 / 6, within(1e-12));
  }

  @Test
  void emptyImages() {
    LabelImage none = LabelImage.of(2, 3);
    assertThat(MaskMetrics.compare(none, none).averagePrecision(0.5)).isEqualTo(1);
    assertThat(MaskMetrics.compare(none, none).aggregatedJaccard()).isEqualTo(1);
    LabelImage one = new LabelImage(2, 3, new int[] {1, 0, 0, 0, 0, 0});
    assertThat(MaskMetrics.compare(one, none).averagePrecision(0.5)).isZero();
    assertThat(MaskMetrics.compare(none, one).dice()).isZero();
    assertThat(MaskMetrics.compare(none, one).aggregatedJaccard()).isZero();
  }

  @Test
  void meanCountsImagesAndPooledCountsObjects() {
    MaskMetrics.Counts good = MaskMetrics.compare(row(1, 0, 2, 0, 3), row(1, 0, 2, 0, 3));
    MaskMetrics.Counts bad = MaskMetrics.compare(row(1, 0, 0), row(0, 0, 0));
    MaskMetrics.Summary summary = MaskMetrics.summary(List.of(good, bad));

    assertThat(summary.images()).isEqualTo(2);
    assertThat(summary.mean().ap50()).isEqualTo(0.5);
    assertThat(summary.pooled().ap50()).isEqualTo(0.75);
    assertThatThrownBy(() -> MaskMetrics.summary(List.of()))
        .isInstanceOf(MetricException.class)
        .hasMessageContaining("0 images");
  }

  @Test
  void sizesAndThresholdsAreChecked() {
    assertThatThrownBy(() -> MaskMetrics.compare(LabelImage.of(2, 3), LabelImage.of(3, 2)))
        .isInstanceOf(MetricException.class)
        .hasMessageContaining("mask metrics: truth 3x2, found 2x3 (expected: one size)");
    assertThatThrownBy(() -> MaskMetrics.compare(row(1), row(1)).averagePrecision(0.3))
        .hasMessageContaining("IoU threshold 0.3 (expected: 0.5..1)");
  }
}
