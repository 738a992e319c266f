package org.hcpl.train.metric;

import static org.hcpl.tensor.io.Words.count;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * A confidence interval by resampling.
 *
 * @param value of the samples as they are
 * @param low end of the interval
 * @param high end of the interval
 * @param rounds resamplings that had a value
 */
public record Bootstrap(double value, double low, double high, int rounds) {
  /**
   * The percentile interval of a statistic: samples are drawn with replacement, as many as there
   * are, and the statistic of each such draw is taken. Draws without a value (NaN) are left out.
   *
   * @param samples how many there are. To respect that cells of one image are alike, let the
   *     samples be images
   * @param rounds how often, such as 1000
   * @param level such as 0.95
   * @param statistic of the samples at the given indices, which repeat
   */
  public static Bootstrap of(
      int samples, int rounds, double level, long seed, ToDoubleFunction<int[]> statistic) {
    if (samples < 1 || rounds < 1 || !(level > 0 && level < 1)) {
      throw new MetricException(
          "bootstrap: "
              + count(samples, "sample")
              + ", "
              + rounds
              + " rounds, level "
              + level
              + " (expected: at least one of both, a level between 0 and 1)");
    }
    int[] indices = new int[samples];
    Arrays.setAll(indices, i -> i);
    double value = statistic.applyAsDouble(indices);
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[rounds];
    int found = 0;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < samples; i++) {
        indices[i] = (int) (random.nextDouble() * samples);
      }
      double drawn = statistic.applyAsDouble(indices);
      if (!Double.isNaN(drawn)) {
        values[found++] = drawn;
      }
    }
    double[] sorted = Arrays.copyOf(values, found);
    Arrays.sort(sorted);
    return new Bootstrap(
        value, quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2), found);
  }

  /** Linear between the order statistics, the first at 0 and the last at 1. */
  private static double quantile(double[] sorted, double at) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double place = at * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
