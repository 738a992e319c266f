package org.hcpl.models.segment;

import java.util.Arrays;
import java.util.Comparator;

/** Sums over the pixels of labelled regions. */
final class Regions {
  private Regions() {}

  /** The pixels of each label in rising order; index 0 is null. */
  static int[][] pixels(int[] labels, int max) {
    int[] counts = new int[max + 1];
    for (int label : labels) {
      counts[label]++;
    }
    int[][] pixels = new int[max + 1][];
    for (int o = 1; o <= max; o++) {
      pixels[o] = new int[counts[o]];
    }
    Arrays.fill(counts, 0);
    for (int i = 0; i < labels.length; i++) {
      int o = labels[i];
      if (o > 0) {
        pixels[o][counts[o]++] = i;
      }
    }
    return pixels;
  }

  /**
   * How bright an object is: of its pixels that reach half of the brightest, the value that seven
   * tenths of them stay below. Bright specks hardly move it, nor do a blurred rim or dark nucleoli.
   */
  static double level(int[] own, float[] brightness) {
    float[] values = new float[own.length];
    float top = 0;
    for (int i = 0; i < own.length; i++) {
      values[i] = brightness[own[i]];
      top = Math.max(top, values[i]);
    }
    if (!(top > 0)) {
      return 0;
    }
    Arrays.sort(values);
    int start = 0;
    while (values[start] < 0.5 * top) {
      start++;
    }
    return values[start + (values.length - start) * 7 / 10];
  }

  /** The value below which half of the weight lies, of pairs of value and weight, at least one. */
  static double weightedMedian(double[][] pairs) {
    Arrays.sort(pairs, Comparator.comparingDouble(pair -> pair[0]));
    double total = 0;
    for (double[] pair : pairs) {
      total += pair[1];
    }
    double sum = 0;
    for (double[] pair : pairs) {
      sum += pair[1];
      if (2 * sum >= total) {
        return pair[0];
      }
    }
    return pairs[pairs.length - 1][0];
  }

  /** Some 20,000 values spread evenly over a plane, sorted: enough for its statistics. */
  static float[] sortedSample(float[] values) {
    int stride = values.length / 20_000 + 1;
    float[] out = new float[(values.length + stride - 1) / stride];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i * stride];
    }
    Arrays.sort(out);
    return out;
  }

  /** The mode of sorted values: the densest half of the densest half, and so on. */
  static float mode(float[] sorted) {
    int from = 0;
    int to = sorted.length;
    while (to - from > Math.max(8, sorted.length / 50)) {
      int half = (to - from) / 2;
      int best = from;
      for (int i = from; i + half < to; i++) {
        if (sorted[i + half] - sorted[i] < sorted[best + half] - sorted[best]) {
          best = i;
        }
      }
      from = best;
      to = best + half;
    }
    return sorted[(from + to) / 2];
  }
}
