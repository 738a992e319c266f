package org.hcpl.tensor.cpu.vector;

import org.junit.jupiter.api.Test;

/** Against the formula in double, a tolerance of roundings of the exponent's terms. */
class VectorWeibullTest {
  private static final int[] SIZES = {1, 5, 7, 11, 13, 16, 33, 1000};

  @Test
  void valuesAndGradients() {
    for (int n : SIZES) {
      float[] r = Reference.normal(1, n + 3);
      float[] dy = Reference.normal(2, n + 2);
      float[][] p = new float[4][n];
      for (int i = 0; i < n; i++) {
        p[0][i] = 0.5f + i % 5 * 0.375f;
        p[1][i] = -0.25f + i % 3 * 0.25f;
        p[2][i] = 0.75f + i % 4 * 0.5f;
        p[3][i] = 0.5f - i % 7 * 0.125f;
      }
      VectorWeibull.Parameters parameters = new VectorWeibull.Parameters(p[0], p[1], p[2], p[3]);
      double[] value = new double[n];
      double[] size = new double[n];
      double[] slope = new double[n];
      double[] slopeSize = new double[n];
      double[][] sums = new double[4][n];
      double[][] sumSize = new double[4][n];
      for (int i = 0; i < n; i++) {
        double x = r[3 + i];
        if (x <= 0) {
          continue;
        }
        double a = Math.log(x) - p[1][i];
        double g = Math.log(x) - p[3][i];
        double b = Math.exp(p[2][i] * g);
        value[i] = Math.exp(p[0][i] * a - b);
        double exponent = 1 + p[0][i] * (1 + Math.abs(a)) + b * (2 + p[2][i] * (1 + Math.abs(g)));
        size[i] = value[i] * exponent;
        double weighted = dy[2 + i] * value[i];
        slope[i] = weighted * (p[0][i] - p[2][i] * b) / x;
        double bound = Math.abs(weighted) * exponent;
        slopeSize[i] = bound * (p[0][i] + p[2][i] * b * exponent) / x;
        double[] factors = {1, a, b, b * g};
        double[] bounds = {1, 1 + Math.abs(a), b * exponent, b * exponent * (1 + Math.abs(g))};
        for (int s = 0; s < 4; s++) {
          sums[s][i] = weighted * factors[s];
          sumSize[s][i] = bound * bounds[s];
        }
      }
      float[] y = new float[n + 1];
      VectorWeibull.forward(parameters, r, 3, y, 1, n);
      Close.within("weibull", 4, value, size, y, 1);
      float[] dr = new float[n + 1];
      float[][] found = new float[4][n];
      VectorWeibull.gradient(parameters, r, 3, dy, 2, 1e-7f, dr, 1, found, n);
      Close.within("weibull gradient", 4, slope, slopeSize, dr, 1);
      for (int s = 0; s < 4; s++) {
        Close.within("weibull sum " + s, 4, sums[s], sumSize[s], found[s], 0);
      }
    }
  }
}
