package org.hcpl.nn.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

class PowerNormalisationProperties {
  /** Two units in the last place: of the power and its product with alpha. */
  private static final double ROUNDING = 2 * 0x1p-23;

  /** Values are where the formula says, in double, whatever the features. */
  @Property(tries = 300)
  void agreesWithTheFormula(
      @ForAll @Size(min = 1, max = 40) float[] anyFeatures,
      @ForAll @DoubleRange(min = -100, max = 100) double alpha,
      @ForAll @DoubleRange(min = 0.1, max = 3) double beta) {
    float[] y =
        PowerNormalisation.of(
                Tensor.of(anyFeatures, anyFeatures.length),
                Tensor.scalar(alpha),
                Tensor.scalar(beta))
            .toArray();
    for (int i = 0; i < y.length; i++) {
      float s = anyFeatures[i];
      double expected = s <= 0 ? 0 : (float) alpha * Math.pow(s, (float) beta);
      within(y[i], expected, Math.abs(expected) * ROUNDING + Float.MIN_VALUE);
    }
  }

  /** A value and its slope depend on their own number and channel alone. */
  @Property(tries = 100)
  void neighboursDoNotMatter(
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 70) int channels,
      @ForAll @IntRange(min = 0, max = 1 << 20) int seed) {
    Shape shape = Shape.of(rows, channels);
    Rng rng = Rng.of(seed);
    Tensor s = rng.uniform(shape, -1, 2);
    Tensor alpha = rng.uniform(Shape.of(channels), -1, 1);
    Tensor beta = rng.uniform(Shape.of(channels), 0.1, 3);
    Tensor dy = rng.uniform(shape, -1, 1);
    float[] all = PowerNormalisation.of(s, alpha, beta).toArray();
    float[] slopes = Tensor.run(new PowerGradient(), List.of(s, alpha, beta, dy)).toArray();
    int row = seed % rows;
    int c = seed % channels;
    int at = row * channels + c;
    Tensor one = s.reshape(-1).slice(0, at, 1);
    Tensor alphaOne = alpha.slice(0, c, 1);
    Tensor betaOne = beta.slice(0, c, 1);
    Tensor dyOne = dy.reshape(-1).slice(0, at, 1);
    assertThat(PowerNormalisation.of(one, alphaOne, betaOne).item()).isEqualTo(all[at]);
    assertThat(Tensor.run(new PowerGradient(), List.of(one, alphaOne, betaOne, dyOne)).toArray()[0])
        .isEqualTo(slopes[at]);
  }

  /** The gradients are those of the formula: of dy, alpha, beta as they are. */
  @Property(tries = 300)
  void gradientsAgreeWithTheFormula(
      @ForAll @Size(min = 1, max = 40) float[] anyFeatures,
      @ForAll @DoubleRange(min = -100, max = 100) double alpha,
      @ForAll @DoubleRange(min = 0.1, max = 1) double beta) {
    int n = anyFeatures.length;
    Tensor s = Tensor.of(anyFeatures, n);
    Tensor dy = Rng.of(n).uniform(Shape.of(n), -1, 1);
    float[] found =
        Tensor.run(new PowerGradient(), List.of(s, Tensor.scalar(alpha), Tensor.scalar(beta), dy))
            .toArray();
    float[] weights = dy.toArray();
    double a = (float) alpha;
    double b = (float) beta;
    double sum = 0;
    double size = 0;
    double logSum = 0;
    double logSize = 0;
    for (int i = 0; i < n; i++) {
      float x = anyFeatures[i];
      double weighted = x <= 0 ? 0 : weights[i] * Math.pow(x, b);
      double log = x <= 0 ? 0 : Math.log(x);
      double slope = weighted * a * b / Math.max(x, PowerNormalisation.SLOPE_FLOOR);
      double bound =
          2 * ROUNDING * Math.abs(slope) + Float.MIN_VALUE * Math.max(1, Math.abs(a) * 1e7);
      within(found[i], slope, bound);
      sum += weighted;
      size += Math.abs(weighted);
      logSum += weighted * log;
      logSize += Math.abs(weighted * log);
    }
    within(found[n], sum, 2 * ROUNDING * size + 1e-37);
    within(found[n + 1], a * logSum, Math.abs(a) * (2 * ROUNDING * logSize + 1e-35));
  }

  /** Also where the expected value is too large for a float. */
  private static void within(float found, double expected, double bound) {
    assertThat((double) found).isBetween(below(expected - bound), above(expected + bound));
  }

  private static double below(double value) {
    return Math.min(value, (float) value);
  }

  private static double above(double value) {
    return Math.max(value, (float) value);
  }
}
