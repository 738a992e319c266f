package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VectorReduceTest {
  private static final int[][] SHAPES = {
    {1, 1, 1},
    {1, 5, 1},
    {7, 13, 1},
    {3, 5000, 1},
    {1, 200_000, 1},
    {1, 7, 11},
    {1, 5000, 3},
    {1, 3000, 96},
    {2, 49, 130},
    {5, 64, 65},
    {3, 1, 4},
    {0, 4, 4},
  };

  @Test
  void sumsAndMeans() {
    for (int[] s : SHAPES) {
      int n = s[0] * s[2];
      float[] x = Reference.normal(5, n * s[1] + 3);
      double[] sum = new double[n];
      double[] absolute = new double[n];
      double[] mean = new double[n];
      for (int o = 0; o < s[0]; o++) {
        for (int k = 0; k < s[1]; k++) {
          for (int i = 0; i < s[2]; i++) {
            double v = x[3 + (o * s[1] + k) * s[2] + i];
            sum[o * s[2] + i] += v;
            absolute[o * s[2] + i] += Math.abs(v);
          }
        }
      }
      double[] absoluteMean = new double[n];
      for (int i = 0; i < n; i++) {
        mean[i] = sum[i] / s[1];
        absoluteMean[i] = absolute[i] / s[1];
      }
      String name = java.util.Arrays.toString(s);
      float[] y = new float[n + 2];
      VectorReduce.sum(x, 3, s[0], s[1], s[2], y, 2);
      // A pairwise sum of n terms makes log2 n roundings; 4 would be more than a lane's 64 terms of
      // random sign ever show.
      Close.within("sum " + name, 4, sum, absolute, y, 2);
      VectorReduce.mean(x, 3, s[0], s[1], s[2], y, 2);
      Close.within("mean " + name, 5, mean, absoluteMean, y, 2);
    }
  }

  @Test
  void anySumIsTheSameForAnyNumberOfThreads() {
    float[] x = Reference.normal(6, 3_000_000);
    int before = org.hcpl.tensor.cpu.Parallel.threads();
    float[] one = new float[100];
    float[] three = new float[100];
    try {
      org.hcpl.tensor.cpu.Parallel.setThreads(1);
      double total = VectorReduce.total(x, 0, x.length);
      VectorReduce.sum(x, 0, 1, 30_000, 100, one, 0);
      org.hcpl.tensor.cpu.Parallel.setThreads(3);
      assertThat(VectorReduce.total(x, 0, x.length)).isEqualTo(total);
      VectorReduce.sum(x, 0, 1, 30_000, 100, three, 0);
      assertThat(three).containsExactly(one);
    } finally {
      org.hcpl.tensor.cpu.Parallel.setThreads(before);
    }
  }

  @Test
  void longSumsOfOneSignStayExact() {
    int n = 1 << 22;
    float[] x = new float[n];
    java.util.Arrays.fill(x, 0.1f);
    assertThat(VectorReduce.total(x, 0, n)).isCloseTo(n * (double) 0.1f, within(n));
    float[] y = new float[2];
    VectorReduce.sum(x, 0, 1, n / 2, 2, y, 0);
    assertThat((double) y[0]).isCloseTo(n / 2 * (double) 0.1f, within(n / 2));
  }

  private static org.assertj.core.data.Offset<Double> within(int n) {
    return org.assertj.core.data.Offset.offset(n * 0.1 * 16 * Close.EPS);
  }

  @Test
  void extremesAndTheirPlaces() {
    for (int[] s : SHAPES) {
      int n = s[0] * s[2];
      float[] x = Reference.normal(7, n * s[1]);
      for (int i = 0; i < x.length; i++) {
        // Ties are common and one NaN turns up.
        x[i] = i % 997 == 996 ? Float.NaN : Math.round(x[i] * 4) / 4f;
      }
      double[] max = new double[n];
      double[] min = new double[n];
      int[] place = new int[n];
      for (int o = 0; o < s[0]; o++) {
        for (int i = 0; i < s[2]; i++) {
          int r = o * s[2] + i;
          max[r] = Double.NEGATIVE_INFINITY;
          min[r] = Double.POSITIVE_INFINITY;
          for (int k = 0; k < s[1]; k++) {
            double v = x[(o * s[1] + k) * s[2] + i];
            if (v > max[r] || (Double.isNaN(v) && !Double.isNaN(max[r]))) {
              place[r] = k;
            }
            max[r] = Math.max(max[r], v);
            min[r] = Math.min(min[r], v);
          }
        }
      }
      float[] y = new float[n];
      String name = java.util.Arrays.toString(s);
      VectorReduce.max(x, 0, s[0], s[1], s[2], y, 0);
      Close.within("max " + name, 0, max, y, 0);
      VectorReduce.min(x, 0, s[0], s[1], s[2], y, 0);
      Close.within("min " + name, 0, min, y, 0);
      int[] at = new int[n];
      VectorReduce.argmax(x, 0, s[0], s[1], s[2], at, 0);
      assertThat(at).as(name).containsExactly(place);
    }
  }

  @Test
  void momentsDoNotCancel() {
    for (int[] s : SHAPES) {
      int n = s[0] * s[2];
      float[] x = Reference.normal(8, n * s[1]);
      for (int i = 0; i < x.length; i++) {
        x[i] += 100;
      }
      double[] mean = new double[n];
      double[] variance = new double[n];
      for (int pass = 0; pass < 2; pass++) {
        for (int o = 0; o < s[0]; o++) {
          for (int k = 0; k < s[1]; k++) {
            for (int i = 0; i < s[2]; i++) {
              int r = o * s[2] + i;
              double v = x[(o * s[1] + k) * s[2] + i];
              if (pass == 0) {
                mean[r] += v / s[1];
              } else {
                variance[r] += (v - mean[r]) * (v - mean[r]) / s[1];
              }
            }
          }
        }
      }
      float[] m = new float[n];
      float[] v = new float[n];
      VectorReduce.moments(x, 0, s[0], s[1], s[2], m, 0, v, 0);
      String name = java.util.Arrays.toString(s);
      Close.within("mean " + name, 4, mean, m, 0);
      double[] scale = new double[n];
      for (int i = 0; i < n; i++) {
        // The rounding of the mean moves every deviation by up to 100 eps, and the variance by its
        // square at most.
        scale[i] = variance[i] + 100 * 100 * Close.EPS;
      }
      Close.within("variance " + name, 16, variance, scale, v, 0);
    }
  }

  @Test
  void sumsOfProducts() {
    for (int[] s : SHAPES) {
      int n = s[0] * s[2];
      float[] a = Reference.normal(9, n * s[1]);
      float[] b = Reference.normal(10, n * s[1]);
      double[] expected = new double[n];
      double[] absolute = new double[n];
      for (int i = 0; i < n * s[1]; i++) {
        int r = i / (s[1] * s[2]) * s[2] + i % s[2];
        expected[r] += (double) a[i] * b[i];
        absolute[r] += Math.abs((double) a[i] * b[i]);
      }
      float[] y = new float[n];
      VectorReduce.sumOfProducts(a, 0, b, 0, s[0], s[1], s[2], y, 0);
      Close.within(java.util.Arrays.toString(s), 5, expected, absolute, y, 0);
    }
  }
}
