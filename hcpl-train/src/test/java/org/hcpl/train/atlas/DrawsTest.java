package org.hcpl.train.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;

class DrawsTest {
  @Test
  void gaussiansAreNormal() {
    Draws draws = Draws.of(1, 0);
    double[] values = new double[5000];
    Arrays.setAll(values, i -> draws.gaussian());
    double p = new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new NormalDistribution(), values);
    assertThat(p).isGreaterThan(0.01);
  }

  @Test
  void countsHaveTheMeanAndVarianceOfAPoissonDistribution() {
    for (double mean : new double[] {0.3, 4, 15.9, 16.1, 80}) {
      Draws draws = Draws.of(2, (long) (10 * mean));
      DescriptiveStatistics counts = new DescriptiveStatistics();
      for (int i = 0; i < 20_000; i++) {
        counts.addValue(draws.poisson(mean));
      }
      // Five standard errors of the mean, and of a variance (about mean * sqrt(2 / n), more when
      // small).
      assertThat(counts.getMean()).isCloseTo(mean, within(5 * Math.sqrt(mean / 20_000)));
      assertThat(counts.getVariance()).isCloseTo(mean, within(0.08 * mean + 0.02));
      assertThat(counts.getMin()).isNotNegative();
    }
    assertThat(Draws.of(1, 1).poisson(0)).isZero();
    assertThat(Draws.of(1, 1).poisson(-1)).isZero();
  }

  @Test
  void streamsOfDifferentItemsDiffer() {
    assertThat(Draws.of(1, 2).uniform()).isNotEqualTo(Draws.of(2, 1).uniform());
    assertThat(Draws.of(7, 0).uniform()).isEqualTo(Draws.of(7, 0).uniform());
    Draws draws = Draws.of(3, 3);
    for (int i = 0; i < 1000; i++) {
      assertThat(draws.between(2, 4)).isBetween(2, 4);
    }
  }

  @Test
  void falloffsAreWhatTheySay() {
    for (double x = 0; x < 19; x += 0.037) {
      assertThat(Falloff.exp(x)).isCloseTo(Math.exp(-x), within(2e-6));
    }
    assertThat(Falloff.exp(-1)).isEqualTo(1);
    assertThat(Falloff.exp(50)).isZero();
    assertThat(Falloff.step(0.5, 0, 1)).isEqualTo(0.5);
    assertThat(Falloff.step(-3, 0, 1)).isZero();
    assertThat(Falloff.step(3, 0, 1)).isEqualTo(1);
  }

  @Test
  void blurKeepsTheLight() {
    float[] spot = new float[33 * 33];
    spot[16 * 33 + 16] = 1;
    float[] wrapped = Blur.wrapped(spot, 33, 1.5);
    Blur.clamped(spot, 33, 33, 1.5);
    double sum = 0;
    double spread = 0;
    for (int i = 0; i < spot.length; i++) {
      assertThat(wrapped[i]).isCloseTo(spot[i], within(1e-7f));
      sum += spot[i];
      spread += spot[i] * Math.pow(i / 33 - 16, 2);
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
    // The kernel ends at three standard deviations, which takes a little off the variance.
    assertThat(spread).isCloseTo(1.5 * 1.5, within(0.08));
    float[] flat = {3, 3, 3, 3};
    Blur.clamped(flat, 2, 2, 2);
    assertThat(flat[0]).isCloseTo(3, within(1e-5f));
  }
}
