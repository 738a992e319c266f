package org.hcpl.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.testing.GradCheck;
import org.junit.jupiter.api.Test;

class LossTest {
  @Test
  void binaryCrossEntropyKeepsTheDigitsOfSmallLosses() {
    Tensor x = Tensor.of(new float[] {-40, 40, 20, -1000, 1000}, 5).requireGrad(true);
    Tensor z = Tensor.of(new float[] {0, 1, 1, 0, 0}, 5);
    Tensor loss = BinaryCrossEntropy.DEFAULT.reduction(Reduction.NONE).loss(x, z);
    float[] y = loss.toArray();
    float tiny = (float) Math.log1p(Math.exp(-40));
    assertThat(y[0]).isEqualTo(tiny);
    assertThat(y[1]).isEqualTo(tiny);
    assertThat(y[2]).isEqualTo((float) Math.log1p(Math.exp(-20)));
    assertThat(y[3]).isZero();
    assertThat(y[4]).isEqualTo(1000);
    loss.sum().backward();
    assertThat(x.grad().toArray()[4]).isEqualTo(1);
    assertThat(x.grad().toArray()[0]).isCloseTo((float) Math.exp(-40), Offset.offset(1e-23f));
  }

  @Test
  void crossEntropyLetsLogitsRuleClassesOut() {
    float out = Float.NEGATIVE_INFINITY;
    Tensor x = Tensor.of(new float[] {out, 0, 0}, 1, 3).requireGrad(true);
    Tensor loss = CrossEntropy.DEFAULT.loss(x, 1);
    assertThat(loss.item()).isCloseTo((float) Math.log(2), Offset.offset(1e-7f));
    loss.backward();
    assertThat(x.grad().toArray()).containsExactly(0, -0.5f, 0.5f);
    assertThat(CrossEntropy.DEFAULT.loss(x, 0).item()).isInfinite();
  }

  @Test
  void weightsBroadcastOverClasses() {
    Tensor x = Rng.of(1).uniform(Shape.of(2, 3), -2, 2);
    Tensor z = Tensor.of(new float[] {1, 0, 0.5f, 0, 1, 1}, 2, 3);
    float[] plain = BinaryCrossEntropy.DEFAULT.reduction(Reduction.NONE).loss(x, z).toArray();
    Tensor weight = Tensor.of(new float[] {2, 0, 3}, 3);
    float[] weighted =
        BinaryCrossEntropy.DEFAULT.weight(weight).reduction(Reduction.NONE).loss(x, z).toArray();
    for (int i = 0; i < 6; i++) {
      assertThat(weighted[i]).isEqualTo(plain[i] * weight.toArray()[i % 3]);
    }
    assertThatThrownBy(() -> BinaryCrossEntropy.DEFAULT.loss(x, Tensor.zeros(3, 2)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("logits [2, 3], labels [3, 2] (expected: the same shape)");
  }

  @Test
  void focalLossRefusesWhatIsNoNumber() {
    assertThatThrownBy(() -> new FocalLoss(Double.NaN, 2, Reduction.MEAN))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("alpha NaN");
  }

  @Test
  void focalLossHasFiniteGradientsEverywhere() {
    for (double gamma : new double[] {0, 0.5, 2}) {
      Tensor x = Tensor.of(new float[] {-200, 200, 0, 90}, 4).requireGrad(true);
      Tensor z = Tensor.of(new float[] {0, 1, 1, 0}, 4);
      new FocalLoss(0.25, gamma, Reduction.SUM).loss(x, z).backward();
      for (float g : x.grad().toArray()) {
        assertThat(g).as("gamma %s", gamma).isFinite();
      }
    }
    assertThatThrownBy(() -> new FocalLoss(-1)).hasMessageContaining("gamma -1.0");
    GradCheck.check(
        "focal",
        in -> new FocalLoss(2).loss(in.get(0), Tensor.of(new float[] {0, 1, 0.3f}, 3)),
        Tensor.of(new float[] {0.3f, -1, 2}, 3));
  }

  /**
   * For logits of size one on the wrong or right side errors are 2 or 0: twice the Jaccard loss.
   */
  @Test
  void lovaszOfHardPredictionsIsTheJaccardLoss() {
    float[] labels = {1, 1, 0, 0, 1, 0};
    float[] signs = {1, -1, 1, -1, 1, -1};
    Tensor loss = new LovaszHinge(false).loss(Tensor.of(signs, 1, 6), Tensor.of(labels, 1, 6));
    // Present 3, found 2 of them, one more was predicted: the intersection is 2, the union 4.
    assertThat(loss.item()).isCloseTo(2 * (1 - 2f / 4), Offset.offset(1e-6f));
    Tensor symmetric = new LovaszHinge(true).loss(Tensor.of(signs, 1, 6), Tensor.of(labels, 1, 6));
    // Absent classes: 3, found 2, one more: the same by symmetry of this example.
    assertThat(symmetric.item()).isCloseTo(1, Offset.offset(1e-6f));
  }

  @Test
  void lovaszIsZeroBeyondTheMarginAndHasTheRightGradient() {
    Tensor labels = Tensor.of(new float[] {1, 0, 1, 0, 0, 0}, 2, 3);
    Tensor right = Tensor.of(new float[] {1.5f, -2, 3, -1, -4, -1}, 2, 3);
    assertThat(new LovaszHinge(true).loss(right, labels).item()).isZero();
    GradCheck.check(
        "lovasz",
        in -> new LovaszHinge(true).loss(in.get(0), labels),
        Tensor.of(new float[] {0.1f, -0.5f, 0.7f, 2, 0.35f, -0.2f}, 2, 3));
    assertThatThrownBy(() -> new LovaszHinge(true).loss(Tensor.zeros(3), Tensor.zeros(3)))
        .hasMessageContaining("lovaszHinge: logits [3], labels [3] (expected: both [N, K])");
  }

  @Test
  void crossEntropyWithWeightsDividesByTheWeightsOfTheTargets() {
    Tensor x = Rng.of(1).uniform(Shape.of(3, 4), -2, 2);
    float[] weights = {1, 2, 3, 4};
    int[] targets = {3, -100, 1};
    float[] logp = x.logSoftmax(-1).toArray();
    float expected = -(4 * logp[3] + 2 * logp[9]) / 6;
    CrossEntropy loss = CrossEntropy.DEFAULT.classWeights(weights);
    assertThat(loss.loss(x, targets).item()).isCloseTo(expected, Offset.offset(1e-6f));
    float[] single = loss.reduction(Reduction.NONE).loss(x, targets).toArray();
    assertThat(single).hasSize(3);
    assertThat(single[1]).isZero();
    assertThat(single[0]).isCloseTo(-4 * logp[3], Offset.offset(1e-6f));
  }

  @Test
  void crossEntropyChecksItsTargets() {
    Tensor x = Tensor.zeros(2, 3);
    assertThatThrownBy(() -> CrossEntropy.DEFAULT.loss(x, 0, 3))
        .isInstanceOf(TensorException.class)
        .hasMessage("crossEntropy: target 3 of row 1 (expected: 0..2 or -100)");
    assertThatThrownBy(() -> CrossEntropy.DEFAULT.loss(x, 0))
        .hasMessageContaining("logits [2, 3], 1 target,");
    assertThatThrownBy(() -> CrossEntropy.DEFAULT.labelSmoothing(1))
        .hasMessageContaining("label smoothing 1.0");
  }

  @Test
  void meansOfNothingAreNotANumberAndSumsAreZero() {
    Tensor none = Tensor.zeros(0, 3);
    for (Reduction reduction : new Reduction[] {Reduction.MEAN, Reduction.SUM}) {
      float expected = reduction == Reduction.MEAN ? Float.NaN : 0;
      CrossEntropy loss = CrossEntropy.DEFAULT.reduction(reduction);
      assertThat(loss.loss(none).toArray()).containsExactly(expected);
      assertThat(loss.loss(Tensor.ones(2, 3), -100, -100).toArray()).containsExactly(expected);
      assertThat(BinaryCrossEntropy.DEFAULT.reduction(reduction).loss(none, none).toArray())
          .containsExactly(expected);
    }
  }
}
