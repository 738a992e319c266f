package org.hcpl.train.metric;

import static org.hcpl.tensor.io.Words.count;

import java.util.Arrays;

/** Measures of how well scores rank the true samples of a class above the others. */
public final class Ranking {
  private Ranking() {}

  /**
   * The area under the receiver operating characteristic: the probability that a true sample scores
   * higher than another one, ties counting half (Mann and Whitney's U over the number of pairs).
   *
   * @return 0..1; NaN if all samples are true or none is
   */
  public static double rocAuc(float[] scores, boolean[] truth) {
    long[] order = ascending(scores, truth);
    double below = 0;
    double pairs = 0;
    long positives = 0;
    for (int start = 0; start < order.length; ) {
      int end = endOfTie(order, scores, start);
      int tiedPositives = positives(order, truth, start, end);
      int tiedNegatives = end - start - tiedPositives;
      pairs += tiedPositives * (below + tiedNegatives / 2.0);
      below += tiedNegatives;
      positives += tiedPositives;
      start = end;
    }
    return pairs / (positives * below);
  }

  /**
   * Average precision, the area under the precision-recall curve: the sum of precision times gain
   * in recall over falling thresholds, samples of one score entering together, without
   * interpolation (as scikit-learn's {@code average_precision_score}).
   *
   * @return 0..1; NaN if no sample is true
   */
  public static double averagePrecision(float[] scores, boolean[] truth) {
    long[] order = ascending(scores, truth);
    double sum = 0;
    int hits = 0;
    for (int end = order.length; end > 0; ) {
      int start = end - 1;
      while (start > 0 && score(order[start - 1], scores) == score(order[end - 1], scores)) {
        start--;
      }
      int gained = positives(order, truth, start, end);
      hits += gained;
      sum += gained * ((double) hits / (order.length - start));
      end = start;
    }
    return hits == 0 ? Double.NaN : sum / hits;
  }

  private static int endOfTie(long[] order, float[] scores, int start) {
    int end = start + 1;
    while (end < order.length && score(order[end], scores) == score(order[start], scores)) {
      end++;
    }
    return end;
  }

  private static float score(long key, float[] scores) {
    return scores[(int) key];
  }

  private static int positives(long[] order, boolean[] truth, int start, int end) {
    int count = 0;
    for (int i = start; i < end; i++) {
      count += truth[(int) order[i]] ? 1 : 0;
    }
    return count;
  }

  /** Indices of the samples by rising score, each in the lower half of a key that sorts so. */
  private static long[] ascending(float[] scores, boolean[] truth) {
    if (scores.length != truth.length) {
      throw new MetricException(
          "ranking: "
              + count(scores.length, "score")
              + ", "
              + count(truth.length, "label")
              + " (expected: the same)");
    }
    long[] keys = new long[scores.length];
    for (int i = 0; i < keys.length; i++) {
      if (Float.isNaN(scores[i])) {
        throw new MetricException("ranking: score " + i + " is NaN (expected: a number)");
      }
      // -0 and 0 are one score; the order of IEEE bits is that of the numbers once the bits below
      // the sign of negative ones are turned over.
      int bits = Float.floatToIntBits(scores[i] + 0f);
      keys[i] = (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32 | i;
    }
    Arrays.sort(keys);
    return keys;
  }
}
