package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VectorSoftmaxTest {
  private static final int[][] SHAPES = {
    {0, 3}, {1, 1}, {5, 2}, {7, 13}, {3, 16}, {50, 49}, {4, 196}, {2, 10_000}
  };

  @Test
  void againstDouble() {
    for (int[] s : SHAPES) {
      int rows = s[0];
      int c = s[1];
      int n = rows * c;
      float[] x = Reference.normal(1, n + 1);
      for (int i = 0; i < x.length; i++) {
        x[i] = x[i] * 5 + 300;
      }
      float[] dy = Reference.normal(2, n);
      double[] soft = new double[n];
      double[] log = new double[n];
      double[] lse = new double[rows];
      double[] dSoft = new double[n];
      double[] dSoftSize = new double[n];
      double[] dLog = new double[n];
      double[] dLogSize = new double[n];
      for (int r = 0; r < rows; r++) {
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < c; j++) {
          max = Math.max(max, x[1 + r * c + j]);
        }
        double sum = 0;
        for (int j = 0; j < c; j++) {
          sum += Math.exp(x[1 + r * c + j] - max);
        }
        lse[r] = max + Math.log(sum);
        double dot = 0;
        double total = 0;
        double absolute = 0;
        for (int j = 0; j < c; j++) {
          int i = r * c + j;
          log[i] = x[1 + i] - lse[r];
          soft[i] = Math.exp(log[i]);
          dot += soft[i] * dy[i];
          total += dy[i];
          absolute += Math.abs(dy[i]);
        }
        for (int j = 0; j < c; j++) {
          int i = r * c + j;
          dSoft[i] = soft[i] * (dy[i] - dot);
          dSoftSize[i] = soft[i] * (Math.abs(dy[i]) + 4);
          dLog[i] = dy[i] - soft[i] * total;
          dLogSize[i] = Math.abs(dy[i]) + soft[i] * absolute;
        }
      }
      String name = rows + "x" + c;
      float[] y = new float[n + 2];
      VectorSoftmax.softmax(x, 1, y, 2, rows, c);
      Close.within("softmax " + name, 16, soft, y, 2);
      float[] dx = new float[n];
      VectorSoftmax.softmaxGradient(y, 2, dy, 0, dx, 0, rows, c);
      Close.within("softmax gradient " + name, 32, dSoft, dSoftSize, dx, 0);
      VectorSoftmax.logSoftmax(x, 1, y, 2, rows, c);
      double[] size = new double[n];
      java.util.Arrays.fill(size, 40);
      Close.within("logSoftmax " + name, 4, log, size, y, 2);
      VectorSoftmax.logSoftmaxGradient(y, 2, dy, 0, dx, 0, rows, c);
      Close.within("logSoftmax gradient " + name, 80, dLog, dLogSize, dx, 0);
      float[] perRow = new float[rows];
      VectorSoftmax.logSumExp(x, 1, perRow, 0, rows, c);
      Close.within("logSumExp " + name, 2, lse, perRow, 0);
    }
  }

  @Test
  void maskedElementsWeighNothing() {
    float inf = Float.POSITIVE_INFINITY;
    float[] x = {1, -inf, 1, -inf, -inf, -inf, -inf, -inf, inf, 0, 0, 0};
    float[] y = new float[12];
    VectorSoftmax.softmax(x, 0, y, 0, 2, 4);
    assertThat(java.util.Arrays.copyOf(y, 4)).containsExactly(0.5f, 0, 0.5f, 0);
    assertThat(y[4]).isNaN();
    float[] rows = new float[3];
    VectorSoftmax.logSumExp(x, 0, rows, 0, 3, 4);
    assertThat(rows).containsExactly((float) (1 + Math.log(2)), -inf, inf);
  }
}
