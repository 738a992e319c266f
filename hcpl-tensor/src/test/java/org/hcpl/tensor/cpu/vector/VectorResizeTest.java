package org.hcpl.tensor.cpu.vector;

import org.hcpl.tensor.op.Resize;
import org.junit.jupiter.api.Test;

class VectorResizeTest {
  @Test
  void everyModeAndItsGradient() {
    int[][] sizes = {
      {4, 5, 8, 10}, {7, 7, 3, 4}, {1, 1, 3, 2}, {6, 5, 6, 5}, {5, 4, 1, 1}, {9, 2, 10, 7}
    };
    for (Resize.Mode mode : Resize.Mode.values()) {
      for (int[] s : sizes) {
        for (int c : new int[] {1, 3, 16, 21}) {
          int n = 2;
          float[] rows = Resize.weights(s[0], s[2], mode);
          float[] columns = Resize.weights(s[1], s[3], mode);
          float[] x = Reference.normal(1, n * s[0] * s[1] * c + 1);
          float[] dy = Reference.normal(2, n * s[2] * s[3] * c);
          double[] y = new double[dy.length];
          double[] ySize = new double[dy.length];
          double[] dx = new double[n * s[0] * s[1] * c];
          double[] dxSize = new double[dx.length];
          for (int o = 0; o < y.length; o++) {
            int ox = o / c % s[3];
            int oy = o / c / s[3] % s[2];
            int image = o / c / s[3] / s[2];
            for (int iy = 0; iy < s[0]; iy++) {
              for (int ix = 0; ix < s[1]; ix++) {
                double k = (double) rows[oy * s[0] + iy] * columns[ox * s[1] + ix];
                int i = ((image * s[0] + iy) * s[1] + ix) * c + o % c;
                y[o] += k * x[1 + i];
                ySize[o] += Math.abs(k * x[1 + i]);
                dx[i] += k * dy[o];
                dxSize[i] += Math.abs(k * dy[o]);
              }
            }
          }
          String name = mode + java.util.Arrays.toString(s) + c;
          float[] actual = new float[y.length + 2];
          VectorResize.resize(x, 1, actual, 2, n, s[0], s[1], c, s[2], s[3], mode);
          Close.within(name, 8, y, ySize, actual, 2);
          float[] gradient = new float[dx.length];
          VectorResize.resizeGradient(dy, 0, gradient, 0, n, s[0], s[1], c, s[2], s[3], mode);
          Close.within(name + " gradient", 8, dx, dxSize, gradient, 0);
        }
      }
    }
  }
}
