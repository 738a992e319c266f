package org.hcpl.tensor.cpu.vector;

import java.util.Arrays;

/**
 * A linear map along one axis as its nonzero entries: output o is the sum of {@code weight[t] *
 * input[index[t]]} for t from {@code start[o]} to {@code start[o + 1]}.
 */
public record AxisTaps(int from, int[] start, int[] index, float[] weight) {

  /** The nonzero entries of a matrix {@code [to, from]}. */
  public static AxisTaps of(float[] matrix, int to, int from) {
    int[] start = new int[to + 1];
    int[] index = new int[matrix.length];
    float[] weight = new float[matrix.length];
    int n = 0;
    for (int o = 0; o < to; o++) {
      for (int i = 0; i < from; i++) {
        float v = matrix[o * from + i];
        if (v != 0) {
          index[n] = i;
          weight[n++] = v;
        }
      }
      start[o + 1] = n;
    }
    return new AxisTaps(from, start, Arrays.copyOf(index, n), Arrays.copyOf(weight, n));
  }

  /** The transposed map, for gradients. */
  public AxisTaps transposed() {
    int[] back = new int[from + 1];
    for (int i : index) {
      back[i + 1]++;
    }
    for (int i = 0; i < from; i++) {
      back[i + 1] += back[i];
    }
    int[] next = Arrays.copyOf(back, from);
    int[] backIndex = new int[index.length];
    float[] backWeight = new float[index.length];
    for (int o = 0; o < to(); o++) {
      for (int t = start[o]; t < start[o + 1]; t++) {
        int p = next[index[t]]++;
        backIndex[p] = o;
        backWeight[p] = weight[t];
      }
    }
    return new AxisTaps(to(), back, backIndex, backWeight);
  }

  /** Length of the output axis. */
  public int to() {
    return start.length - 1;
  }
}
