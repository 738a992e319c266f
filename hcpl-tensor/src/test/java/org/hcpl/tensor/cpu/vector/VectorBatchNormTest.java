package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.hcpl.tensor.cpu.Activation;
import org.junit.jupiter.api.Test;

class VectorBatchNormTest {
  private static final int[][] SHAPES = {
    {1, 1},
    {5, 1},
    {2, 3},
    {7, 13},
    {1000, 3},
    {64, 24},
    {100, 40},
    {49, 1280},
    {333, 130},
    {9000, 16}
  };

  private static double activation(Activation a, double v) {
    return switch (a) {
      case NONE -> v;
      case RELU -> Math.max(v, 0);
      case SILU -> Reference.silu(v);
    };
  }

  @Test
  void affineWithEveryActivation() {
    for (int[] s : SHAPES) {
      int rows = s[0];
      int c = s[1];
      float[] x = Reference.normal(1, rows * c + 1);
      float[] scale = Reference.normal(2, c + 1);
      float[] shift = Reference.normal(3, c + 2);
      for (Activation a : Activation.values()) {
        float[] y = new float[rows * c + 5];
        y[rows * c + 3] = 99;
        VectorBatchNorm.affine(x, 1, scale, 1, shift, 2, y, 3, rows, c, a);
        double[] expected = new double[rows * c];
        double[] size = new double[rows * c];
        for (int i = 0; i < rows * c; i++) {
          double v = (double) x[1 + i] * scale[1 + i % c];
          expected[i] = activation(a, v + shift[2 + i % c]);
          size[i] = Math.abs(v) + Math.abs(shift[2 + i % c]);
        }
        Close.within("affine", 8, expected, size, y, 3);
        assertThat(y[rows * c + 3]).isEqualTo(99f);
      }
    }
  }

  @Test
  void trainingForwardAndGradient() {
    for (int[] s : SHAPES) {
      int rows = s[0];
      int c = s[1];
      float[] x = Reference.normal(4, rows * c);
      for (int i = 0; i < x.length; i++) {
        x[i] = x[i] * 3 + 10 * (i % c % 3);
      }
      float[] gamma = Reference.normal(5, c);
      float[] beta = Reference.normal(6, c);
      float[] dy = Reference.normal(7, rows * c);
      float[] mean = new float[c];
      float[] variance = new float[c];
      float[] rstd = new float[c];
      VectorBatchNorm.moments(x, 0, rows, c, mean, 0, variance, 0);
      VectorBatchNorm.rstd(variance, 0, 1e-3, rstd, 0, c);
      float[] y = new float[rows * c];
      VectorBatchNorm.normalise(
          x, 0, mean, 0, rstd, 0, gamma, 0, beta, 0, y, 0, rows, c, Activation.NONE);
      float[] dx = new float[rows * c];
      float[] dgamma = new float[c];
      float[] dbeta = new float[c];
      VectorBatchNorm.gradient(
          x, 0, dy, 0, mean, 0, rstd, 0, gamma, 0, dx, 0, dgamma, 0, dbeta, 0, rows, c, true);
      float[] constant = new float[rows * c];
      VectorBatchNorm.gradient(
          x,
          0,
          dy,
          0,
          mean,
          0,
          rstd,
          0,
          gamma,
          0,
          constant,
          0,
          new float[c],
          0,
          new float[c],
          0,
          rows,
          c,
          false);
      for (int j = 0; j < c; j++) {
        double m = 0;
        double v = 0;
        for (int r = 0; r < rows; r++) {
          m += (double) x[r * c + j] / rows;
        }
        for (int r = 0; r < rows; r++) {
          v += (x[r * c + j] - m) * (x[r * c + j] - m) / rows;
        }
        double k = 1 / Math.sqrt(v + 1e-3);
        double sumDy = 0;
        double sumDyX = 0;
        double size = 0;
        for (int r = 0; r < rows; r++) {
          double g = dy[r * c + j];
          double hat = (x[r * c + j] - m) * k;
          sumDy += g;
          sumDyX += g * hat;
          size += Math.abs(g) * (1 + Math.abs(hat));
        }
        // A mean of 20 rounded to float moves xhat by 20 k eps.
        double shift = (1 + 20 * k) * Close.EPS;
        near("dbeta", sumDy, dbeta[j], 4 * size * Close.EPS);
        near("dgamma", sumDyX, dgamma[j], 4 * size * (Close.EPS + shift));
        for (int r = 0; r < rows; r++) {
          double hat = (x[r * c + j] - m) * k;
          double g = dy[r * c + j];
          double scale = Math.abs(gamma[j]) * (1 + Math.abs(hat));
          near("y", hat * gamma[j] + beta[j], y[r * c + j], 8 * (scale + 4) * (Close.EPS + shift));
          double expected = gamma[j] * k * (g - sumDy / rows - hat * sumDyX / rows);
          double bound = Math.abs(gamma[j]) * k * (Math.abs(g) + (1 + Math.abs(hat)) * size / rows);
          near("dx", expected, dx[r * c + j], 16 * bound * (Close.EPS + shift));
          near("dx eval", gamma[j] * k * g, constant[r * c + j], 8 * bound * Close.EPS);
        }
      }
    }
  }

  @Test
  void gradientThroughSilu() {
    for (int[] s : SHAPES) {
      int rows = s[0];
      int c = s[1];
      float[] x = Reference.normal(8, rows * c + 1);
      float[] dy = Reference.normal(9, rows * c + 2);
      float[] gamma = Reference.normal(10, c);
      float[] beta = Reference.normal(11, c);
      float[] moments = new float[2 * c];
      VectorBatchNorm.moments(x, 1, rows, c, moments, 0, moments, c);
      BatchNormBackward backward =
          new BatchNormBackward(
              x, 1, dy, 2, rows, c, moments, 0, 1e-3, gamma, 0, beta, 0, Activation.SILU);
      float[] sums = new float[2 * c + 1];
      backward.sums(sums, 1);
      float[] dx = new float[rows * c + 5];
      dx[2] = 98;
      dx[rows * c + 3] = 99;
      backward.input(sums, 1, dx, 3);
      assertThat(dx[2]).isEqualTo(98f);
      assertThat(dx[rows * c + 3]).isEqualTo(99f);
      for (int j = 0; j < c; j++) {
        double k = 1 / Math.sqrt(moments[c + j] + 1e-3);
        double sum = 0;
        double along = 0;
        double size = 0;
        double[] dz = new double[rows];
        double[] hats = new double[rows];
        for (int r = 0; r < rows; r++) {
          double hat = ((double) x[1 + r * c + j] - moments[j]) * k;
          double z = hat * gamma[j] + beta[j];
          double sigmoid = Reference.sigmoid(z);
          hats[r] = hat;
          dz[r] = dy[2 + r * c + j] * sigmoid * (1 + z * (1 - sigmoid));
          sum += dz[r];
          along += dz[r] * hat;
          // The slope's own slope is at most 1/2, so what rounds z counts for less than itself.
          size += slopeSize(dy[2 + r * c + j], hat, gamma[j], beta[j]) * (1 + Math.abs(hat));
        }
        near("sum", sum, sums[1 + j], 8 * size * Close.EPS);
        near("sum along", along, sums[1 + c + j], 8 * size * Close.EPS);
        for (int r = 0; r < rows; r++) {
          double expected = gamma[j] * k * (dz[r] - sum / rows - hats[r] * along / rows);
          double own = slopeSize(dy[2 + r * c + j], hats[r], gamma[j], beta[j]);
          double bound = Math.abs(gamma[j]) * k * (own + (1 + Math.abs(hats[r])) * size / rows);
          near("dx", expected, dx[3 + r * c + j], 16 * bound * Close.EPS);
        }
      }
    }
  }

  /** What the rounding of a gradient through silu is measured by. */
  private static double slopeSize(double dy, double hat, double gamma, double beta) {
    return Math.abs(dy) * (1 + Math.abs(hat * gamma) + Math.abs(beta));
  }

  private static void near(String what, double expected, float actual, double bound) {
    if (!(Math.abs(expected - actual) <= bound)) {
      org.assertj.core.api.Assertions.fail(
          "%s: %s, expected %s within %s", what, actual, expected, bound);
    }
  }
}
