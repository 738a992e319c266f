package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Layer and group normalisation against their definitions in double. */
class VectorNormTest {
  private static final double EPS = 1e-4;

  /**
   * A normalisation of sets of elements: set(i) says which set element i belongs to, channel(i) its
   * parameters.
   */
  private interface Index {
    int of(int i);
  }

  /** The definition: y, then dx, dgamma, dbeta for dy. */
  private static double[][] define(
      float[] x, float[] dy, float[] gamma, float[] beta, int sets, int c, Index set) {
    double[] mean = new double[sets];
    double[] variance = new double[sets];
    double[] count = new double[sets];
    for (int i = 0; i < x.length; i++) {
      count[set.of(i)]++;
      mean[set.of(i)] += x[i];
    }
    for (int s = 0; s < sets; s++) {
      mean[s] /= count[s];
    }
    for (int i = 0; i < x.length; i++) {
      double d = x[i] - mean[set.of(i)];
      variance[set.of(i)] += d * d / count[set.of(i)];
    }
    double[] y = new double[x.length];
    double[] dx = new double[x.length];
    double[] dgamma = new double[c];
    double[] dbeta = new double[c];
    double[] meanG = new double[sets];
    double[] meanGX = new double[sets];
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < x.length; i++) {
        int s = set.of(i);
        double k = 1 / Math.sqrt(variance[s] + EPS);
        double hat = (x[i] - mean[s]) * k;
        double g = dy[i] * gamma[i % c];
        if (pass == 0) {
          y[i] = hat * gamma[i % c] + beta[i % c];
          dgamma[i % c] += dy[i] * hat;
          dbeta[i % c] += dy[i];
          meanG[s] += g / count[s];
          meanGX[s] += g * hat / count[s];
        } else {
          dx[i] = k * (g - meanG[s] - hat * meanGX[s]);
        }
      }
    }
    return new double[][] {y, dx, dgamma, dbeta};
  }

  /** Within a few roundings of the largest number of the kind. */
  private static void near(String what, double[] expected, float[] actual, double roundings) {
    double[] size = new double[expected.length];
    double largest = 1;
    for (double v : expected) {
      largest = Math.max(largest, Math.abs(v));
    }
    java.util.Arrays.fill(size, largest);
    Close.within(what, roundings, expected, size, actual, 0);
  }

  @Test
  void layerNorm() {
    for (int[] s :
        new int[][] {{1, 1}, {3, 5}, {7, 13}, {49, 96}, {300, 33}, {5, 768}, {2, 9000}}) {
      int rows = s[0];
      int c = s[1];
      float[] x = Reference.normal(1, rows * c);
      for (int i = 0; i < x.length; i++) {
        x[i] += i / c % 5;
      }
      float[] dy = Reference.normal(2, rows * c);
      float[] gamma = Reference.normal(3, c);
      float[] beta = Reference.normal(4, c);
      double[][] truth = define(x, dy, gamma, beta, rows, c, i -> i / c);
      float[] y = new float[rows * c];
      float[] mean = new float[rows];
      float[] rstd = new float[rows];
      VectorLayerNorm.forward(x, 0, gamma, 0, beta, 0, EPS, y, 0, mean, 0, rstd, 0, rows, c);
      float[] dx = new float[rows * c];
      float[] dgamma = new float[c];
      float[] dbeta = new float[c];
      VectorLayerNorm.gradient(
          x, 0, dy, 0, mean, 0, rstd, 0, gamma, 0, dx, 0, dgamma, 0, dbeta, 0, rows, c);
      String name = "layerNorm " + rows + "x" + c;
      near(name, truth[0], y, 16);
      near(name + " dx", truth[1], dx, c == 1 ? 1e4 : 64);
      near(name + " dgamma", truth[2], dgamma, 64);
      near(name + " dbeta", truth[3], dbeta, 16);
    }
  }

  @Test
  void groupNorm() {
    for (int[] s :
        new int[][] {
          {1, 4, 1, 1}, {2, 9, 12, 3}, {2, 49, 40, 8}, {1, 700, 64, 64}, {3, 5, 33, 1}
        }) {
      int n = s[0];
      int pixels = s[1];
      int c = s[2];
      int groups = s[3];
      float[] x = Reference.normal(5, n * pixels * c);
      for (int i = 0; i < x.length; i++) {
        x[i] += i % c % 4;
      }
      float[] dy = Reference.normal(6, n * pixels * c);
      float[] gamma = Reference.normal(7, c);
      float[] beta = Reference.normal(8, c);
      gamma[0] = 0;
      double[][] truth =
          define(
              x,
              dy,
              gamma,
              beta,
              n * groups,
              c,
              i -> i / (pixels * c) * groups + i % c / (c / groups));
      float[] y = new float[x.length];
      float[] mean = new float[n * groups];
      float[] rstd = new float[n * groups];
      VectorGroupNorm.forward(
          x, 0, gamma, 0, beta, 0, EPS, y, 0, mean, 0, rstd, 0, n, pixels, c, groups);
      float[] dx = new float[x.length];
      float[] dgamma = new float[c];
      float[] dbeta = new float[c];
      VectorGroupNorm.gradient(
          x, 0, dy, 0, mean, 0, rstd, 0, gamma, 0, dx, 0, dgamma, 0, dbeta, 0, n, pixels, c,
          groups);
      String name = "groupNorm " + java.util.Arrays.toString(s);
      near(name, truth[0], y, 16);
      near(name + " dx", truth[1], dx, 64);
      near(name + " dgamma", truth[2], dgamma, 64);
      near(name + " dbeta", truth[3], dbeta, 16);
    }
    assertThatThrownBy(
            () ->
                VectorGroupNorm.forward(
                    new float[6],
                    0,
                    new float[6],
                    0,
                    new float[6],
                    0,
                    EPS,
                    new float[6],
                    0,
                    new float[4],
                    0,
                    new float[4],
                    0,
                    1,
                    1,
                    6,
                    4))
        .hasMessage("groupNorm: 4 groups of 6 channels (expected: a divisor of the channels)");
  }
}
