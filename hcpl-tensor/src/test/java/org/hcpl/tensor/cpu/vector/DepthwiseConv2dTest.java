package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.hcpl.tensor.cpu.Activation;
import org.hcpl.tensor.op.ConvGeometry;
import org.junit.jupiter.api.Test;

class DepthwiseConv2dTest {
  /** Layers of EfficientNet in small, then random ones. */
  private static List<ConvGeometry> geometries() {
    List<ConvGeometry> all = new ArrayList<>();
    all.add(ConvGeometry.symmetric(2, 9, 11, 32, 32, 3, 3, 1, 1, 1, 1, 1, 1, 32));
    all.add(ConvGeometry.symmetric(1, 12, 10, 24, 24, 3, 3, 2, 2, 1, 1, 1, 1, 24));
    all.add(ConvGeometry.symmetric(1, 14, 14, 40, 40, 5, 5, 1, 1, 2, 2, 1, 1, 40));
    all.add(ConvGeometry.symmetric(1, 13, 15, 48, 48, 5, 5, 2, 2, 2, 2, 1, 1, 48));
    all.add(ConvGeometry.same(1, 14, 14, 17, 17, 5, 5, 2, 2, 1, 1, 17));
    all.add(ConvGeometry.same(1, 8, 8, 130, 130, 3, 3, 2, 2, 1, 1, 130));
    all.add(ConvGeometry.symmetric(1, 7, 7, 96, 96, 7, 7, 1, 1, 3, 3, 1, 1, 96));
    all.add(ConvGeometry.symmetric(1, 9, 9, 64, 64, 3, 3, 1, 1, 2, 2, 2, 2, 64));
    all.add(ConvGeometry.symmetric(1, 1, 1, 5, 5, 3, 3, 1, 1, 1, 1, 1, 1, 5));
    all.add(ConvGeometry.symmetric(1, 3, 2, 70, 70, 5, 5, 1, 1, 2, 2, 1, 1, 70));
    all.add(ConvGeometry.symmetric(0, 3, 2, 7, 7, 3, 3, 1, 1, 1, 1, 1, 1, 7));
    all.add(ConvGeometry.symmetric(1, 6, 6, 3, 9, 3, 3, 1, 1, 1, 1, 1, 1, 3));
    all.add(ConvGeometry.symmetric(1, 4, 4, 20, 20, 1, 1, 1, 1, 0, 0, 1, 1, 20));
    all.add(ConvGeometry.symmetric(1, 40, 40, 64, 64, 3, 3, 1, 1, 0, 0, 1, 1, 64));
    SplittableRandom random = new SplittableRandom(17);
    while (all.size() < 60) {
      int c = new int[] {1, 3, 16, 19, 33, 64, 80}[random.nextInt(7)];
      int m = random.nextInt(5) == 0 ? 2 : 1;
      int[] r = random.ints(13, 0, 4).toArray();
      int kH = 1 + r[0] % 4 + (r[1] == 0 ? 2 : 0);
      int kW = random.nextBoolean() ? kH : 1 + r[1];
      int h = 1 + r[2] * 4 + r[3];
      int w = 1 + r[4] * 4 + r[5];
      int dilation = 1 + r[12] / 3;
      if (h + r[8] + r[9] < dilation * (kH - 1) + 1
          || w + r[10] + r[11] < dilation * (kW - 1) + 1) {
        continue;
      }
      all.add(
          new ConvGeometry(
              1 + r[6] % 2,
              h,
              w,
              c,
              c * m,
              kH,
              kW,
              1 + r[6] % 3,
              1 + r[7] % 3,
              r[8],
              r[9],
              r[10],
              r[11],
              dilation,
              dilation,
              c));
    }
    return all;
  }

  private interface Product {
    void add(int x, int w, int y);
  }

  /** Calls back for every product of the definition: indices of input, weight and output. */
  private static void each(ConvGeometry g, Product product) {
    int m = g.outC() / g.c();
    for (int n = 0; n < g.n(); n++) {
      for (int oy = 0; oy < g.outH(); oy++) {
        for (int ox = 0; ox < g.outW(); ox++) {
          for (int ky = 0; ky < g.kH(); ky++) {
            for (int kx = 0; kx < g.kW(); kx++) {
              int iy = oy * g.strideH() - g.padTop() + ky * g.dilationH();
              int ix = ox * g.strideW() - g.padLeft() + kx * g.dilationW();
              if (iy < 0 || iy >= g.h() || ix < 0 || ix >= g.w()) {
                continue;
              }
              for (int o = 0; o < g.outC(); o++) {
                product.add(
                    ((n * g.h() + iy) * g.w() + ix) * g.c() + o / m,
                    (o * g.kH() + ky) * g.kW() + kx,
                    ((n * g.outH() + oy) * g.outW() + ox) * g.outC() + o);
              }
            }
          }
        }
      }
    }
  }

  @Test
  void forward() {
    for (ConvGeometry g : geometries()) {
      float[] x = Reference.normal(1, g.inputSize() + 1);
      float[] w = Reference.normal(2, g.weightSize() + 2);
      float[] bias = Reference.normal(3, g.outC() + 3);
      double[] expected = new double[g.outputSize()];
      double[] size = new double[g.outputSize()];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = bias[3 + i % g.outC()];
        size[i] = Math.abs(expected[i]);
      }
      each(
          g,
          (i, k, o) -> {
            expected[o] += (double) x[1 + i] * w[2 + k];
            size[o] += Math.abs((double) x[1 + i] * w[2 + k]);
          });
      float[] y = new float[g.outputSize() + 4];
      DepthwiseConv2d.forward(x, 1, w, 2, bias, 3, y, 4, g, Activation.NONE);
      Close.within("forward " + g, 6, expected, size, y, 4);
      for (int i = 0; i < expected.length; i++) {
        expected[i] = Reference.silu(expected[i]);
      }
      DepthwiseConv2d.forward(x, 1, w, 2, bias, 3, y, 4, g, Activation.SILU);
      Close.within("forward silu " + g, 12, expected, size, y, 4);
    }
  }

  @Test
  void gradients() {
    for (ConvGeometry g : geometries()) {
      float[] x = Reference.normal(4, g.inputSize() + 1);
      float[] w = Reference.normal(5, g.weightSize() + 2);
      float[] dy = Reference.normal(6, g.outputSize() + 3);
      double[] dx = new double[g.inputSize()];
      double[] dxSize = new double[g.inputSize()];
      double[] dw = new double[g.weightSize()];
      double[] dwSize = new double[g.weightSize()];
      each(
          g,
          (i, k, o) -> {
            dx[i] += (double) dy[3 + o] * w[2 + k];
            dxSize[i] += Math.abs((double) dy[3 + o] * w[2 + k]);
            dw[k] += (double) dy[3 + o] * x[1 + i];
            dwSize[k] += Math.abs((double) dy[3 + o] * x[1 + i]);
          });
      float[] actual = new float[g.inputSize() + 1];
      DepthwiseConv2d.inputGradient(dy, 3, w, 2, actual, 1, g);
      Close.within("input gradient " + g, 6, dx, dxSize, actual, 1);
      actual = new float[g.weightSize() + 1];
      DepthwiseConv2d.weightGradient(x, 1, dy, 3, actual, 1, g);
      Close.within("weight gradient " + g, 6, dw, dwSize, actual, 1);
    }
  }

  @Test
  void otherGroupsAreRefused() {
    ConvGeometry g = ConvGeometry.symmetric(1, 4, 4, 8, 8, 3, 3, 1, 1, 1, 1, 1, 1, 4);
    assertThatThrownBy(() -> DepthwiseConv2d.pack(new float[100], 0, g))
        .hasMessage(
            "depthwiseConv2d: 4 groups of 8 channels (expected: as many groups as channels)");
  }
}
