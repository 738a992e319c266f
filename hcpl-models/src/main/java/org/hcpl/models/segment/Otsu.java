package org.hcpl.models.segment;

/**
 * The threshold that parts values into two classes of largest variance between them (Otsu 1979,
 * IEEE Transactions on Systems, Man, and Cybernetics 9(1)).
 */
final class Otsu {
  private static final int BINS = 256;

  private Otsu() {}

  /**
   * A threshold and how well it parts the values.
   *
   * @param separability variance between the classes over total variance, 0..1
   * @param low mean below the threshold
   * @param high mean above it
   */
  record Split(float threshold, double separability, double low, double high) {}

  /** Splits values; where all are equal the threshold is that value and nothing is above it. */
  static Split split(float[] values) {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    if (!(max > min)) {
      return new Split(values.length == 0 ? 0 : max, 0, max, max);
    }
    float width = (max - min) / BINS;
    int[] counts = new int[BINS];
    for (float value : values) {
      counts[Math.min(BINS - 1, (int) ((value - min) / width))]++;
    }
    double total = 0;
    double squares = 0;
    for (int b = 0; b < BINS; b++) {
      total += (double) counts[b] * b;
      squares += (double) counts[b] * b * b;
    }
    double n = values.length;
    double variance = squares / n - (total / n) * (total / n);
    double below = 0;
    double sum = 0;
    double best = -1;
    int first = 0;
    int last = 0;
    double low = 0;
    double high = 0;
    for (int b = 0; b < BINS - 1; b++) {
      below += counts[b];
      sum += (double) counts[b] * b;
      if (below == 0 || below == n) {
        continue;
      }
      double mean0 = sum / below;
      double mean1 = (total - sum) / (n - below);
      double between = below / n * (1 - below / n) * (mean1 - mean0) * (mean1 - mean0);
      if (between > best * (1 + 1e-12)) {
        best = between;
        first = b;
        last = b;
        low = mean0;
        high = mean1;
      } else if (counts[b] == 0 && between >= best * (1 - 1e-12)) {
        last = b; // A gap between the classes: its middle is the threshold.
      }
    }
    float threshold = min + width * ((first + last) / 2f + 1);
    return new Split(
        threshold,
        variance > 0 ? best / variance : 0,
        min + width * (low + 0.5),
        min + width * (high + 0.5));
  }
}
