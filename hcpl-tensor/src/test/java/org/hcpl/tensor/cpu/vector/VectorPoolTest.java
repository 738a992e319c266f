package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.hcpl.tensor.op.PoolGeometry;
import org.junit.jupiter.api.Test;

class VectorPoolTest {
  private static List<PoolGeometry> geometries(boolean dilated) {
    List<PoolGeometry> all = new ArrayList<>();
    all.add(PoolGeometry.square(1, 12, 12, 64, 3, 2, 1, false));
    all.add(PoolGeometry.square(2, 7, 9, 33, 2, 2, 0, true));
    all.add(PoolGeometry.square(1, 1, 1, 5, 1, 1, 0, false));
    all.add(PoolGeometry.square(0, 4, 4, 5, 2, 2, 0, false));
    SplittableRandom random = new SplittableRandom(23);
    while (all.size() < 50) {
      int kH = 1 + random.nextInt(4);
      int kW = 1 + random.nextInt(4);
      int d = dilated ? 1 + random.nextInt(2) : 1;
      int h = d * (kH - 1) + 1 + random.nextInt(8);
      int w = d * (kW - 1) + 1 + random.nextInt(8);
      int padH = (kH + 1) / 2;
      int padW = (kW + 1) / 2;
      all.add(
          new PoolGeometry(
              1 + random.nextInt(2),
              h,
              w,
              new int[] {1, 3, 16, 40, 70}[random.nextInt(5)],
              kH,
              kW,
              1 + random.nextInt(3),
              1 + random.nextInt(3),
              random.nextInt(padH),
              random.nextInt(padH),
              random.nextInt(padW),
              random.nextInt(padW),
              d,
              d,
              random.nextBoolean()));
    }
    return all;
  }

  @Test
  void maximumAndItsGradient() {
    for (PoolGeometry g : geometries(true)) {
      float[] x = Reference.normal(1, g.inputSize() + 1);
      for (int i = 0; i < x.length; i++) {
        x[i] = Math.round(x[i] * 2) / 2f;
      }
      float[] dy = Reference.normal(2, g.outputSize() + 2);
      double[] y = new double[g.outputSize()];
      double[] dx = new double[g.inputSize()];
      double[] size = new double[g.inputSize()];
      for (int o = 0; o < y.length; o++) {
        int c = o % g.c();
        int ox = o / g.c() % g.outW();
        int oy = o / g.c() / g.outW() % g.outH();
        int n = o / g.c() / g.outW() / g.outH();
        y[o] = Double.NEGATIVE_INFINITY;
        int at = -1;
        for (int ky = 0; ky < g.kH(); ky++) {
          for (int kx = 0; kx < g.kW(); kx++) {
            int iy = oy * g.strideH() - g.padTop() + ky * g.dilationH();
            int ix = ox * g.strideW() - g.padLeft() + kx * g.dilationW();
            if (iy >= 0 && iy < g.h() && ix >= 0 && ix < g.w()) {
              int p = ((n * g.h() + iy) * g.w() + ix) * g.c() + c;
              if (x[1 + p] > y[o]) {
                y[o] = x[1 + p];
                at = p;
              }
            }
          }
        }
        dx[at] += dy[2 + o];
        size[at] += Math.abs(dy[2 + o]);
      }
      float[] actual = new float[g.outputSize() + 3];
      VectorPool.max(x, 1, actual, 3, g);
      Close.within("max " + g, 0, y, actual, 3);
      float[] gradient = new float[g.inputSize() + 1];
      java.util.Arrays.fill(gradient, 7f);
      VectorPool.maxGradient(x, 1, dy, 2, gradient, 1, g);
      Close.within("max gradient " + g, 4, dx, size, gradient, 1);
      assertThat(gradient[0]).isEqualTo(7f);
    }
  }

  @Test
  void averagesOfBothCountsAndTheirGradients() {
    for (PoolGeometry g : geometries(false)) {
      for (boolean countPadding : new boolean[] {true, false}) {
        float[] x = Reference.normal(3, g.inputSize());
        float[] dy = Reference.normal(4, g.outputSize());
        double[] y = new double[g.outputSize()];
        double[] ySize = new double[g.outputSize()];
        double[] dx = new double[g.inputSize()];
        double[] dxSize = new double[g.inputSize()];
        double[] divisors = new double[y.length];
        for (int o = 0; o < y.length; o++) {
          int c = o % g.c();
          int top = o / g.c() / g.outW() % g.outH() * g.strideH() - g.padTop();
          int left = o / g.c() % g.outW() * g.strideW() - g.padLeft();
          int n = o / g.c() / g.outW() / g.outH();
          // PyTorch's rule: the padding counts, what ceil mode adds beyond it does not.
          int bottom = Math.min(top + g.kH(), g.h() + g.padBottom());
          int right = Math.min(left + g.kW(), g.w() + g.padRight());
          double padded = (bottom - top) * (right - left);
          int y0 = Math.max(top, 0);
          int y1 = Math.min(bottom, g.h());
          int x0 = Math.max(left, 0);
          int x1 = Math.min(right, g.w());
          double divisor = countPadding ? padded : (y1 - y0) * (x1 - x0);
          divisors[o] = divisor;
          for (int iy = y0; iy < y1; iy++) {
            for (int ix = x0; ix < x1; ix++) {
              int p = ((n * g.h() + iy) * g.w() + ix) * g.c() + c;
              y[o] += x[p] / divisor;
              ySize[o] += Math.abs(x[p]) / divisor;
              dx[p] += dy[o] / divisor;
              dxSize[p] += Math.abs(dy[o]) / divisor;
            }
          }
        }
        float[] actual = new float[g.outputSize()];
        VectorPool.average(x, 0, actual, 0, g, countPadding);
        Close.within("average " + g, 6, y, ySize, actual, 0);
        float[] gradient = new float[g.inputSize()];
        VectorPool.averageGradient(dy, 0, gradient, 0, g, countPadding);
        Close.within("average gradient " + g, 6, dx, dxSize, gradient, 0);
        float[] weights = new float[g.outH() * g.outW()];
        java.util.Arrays.fill(weights, 0.5f);
        for (int o = 0; o < y.length; o++) {
          y[o] = 0.5 * y[o] * divisors[o];
          ySize[o] = 0.5 * ySize[o] * divisors[o];
        }
        VectorPool.weightedSum(x, 0, weights, actual, 0, g);
        Close.within("weighted sum " + g, 6, y, ySize, actual, 0);
      }
    }
  }

  @Test
  void adaptiveAverages() {
    int[][] sizes = {{7, 7, 1, 1}, {7, 5, 3, 2}, {4, 4, 6, 6}, {9, 9, 9, 9}, {14, 13, 7, 7}};
    for (int[] s : sizes) {
      for (int c : new int[] {1, 16, 37}) {
        int n = 2;
        float[] x = Reference.normal(5, n * s[0] * s[1] * c);
        double[] y = new double[n * s[2] * s[3] * c];
        double[] ySize = new double[y.length];
        for (int o = 0; o < y.length; o++) {
          int ox = o / c % s[3];
          int oy = o / c / s[3] % s[2];
          int image = o / c / s[3] / s[2];
          int y0 = (int) Math.floor(oy * (double) s[0] / s[2]);
          int y1 = (int) Math.ceil((oy + 1) * (double) s[0] / s[2]);
          int x0 = (int) Math.floor(ox * (double) s[1] / s[3]);
          int x1 = (int) Math.ceil((ox + 1) * (double) s[1] / s[3]);
          for (int iy = y0; iy < y1; iy++) {
            for (int ix = x0; ix < x1; ix++) {
              int p = ((image * s[0] + iy) * s[1] + ix) * c + o % c;
              double k = (y1 - y0) * (x1 - x0);
              y[o] += x[p] / k;
              ySize[o] += Math.abs(x[p]) / k;
            }
          }
        }
        float[] actual = new float[y.length];
        VectorPool.adaptiveAverage(x, 0, actual, 0, n, s[0], s[1], c, s[2], s[3]);
        Close.within("adaptive", 6, y, ySize, actual, 0);
      }
    }
  }

  @Test
  void impossibleSizesAreNamed() {
    assertThatThrownBy(() -> PoolGeometry.square(1, 2, 2, 1, 3, 1, 0, false))
        .hasMessageContaining("a window spanning [3, 3] on a padded input [2, 2]");
    assertThatThrownBy(() -> PoolGeometry.square(1, 9, 9, 1, 3, 1, 3, false))
        .hasMessageContaining("padding top 3");
  }
}
