package org.hcpl.tensor.cpu.vector;

import org.hcpl.tensor.cpu.Activation;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.op.ConvGeometry;

/**
 * Input gradient of the depthwise convolution, channel multiplier 1, weights {@code [kH, kW, C]}.
 */
final class DepthwiseInputGradient {
  private DepthwiseInputGradient() {}

  static void run(float[] dy, int dyo, float[] w, float[] dx, int dxo, ConvGeometry g) {
    if (g.strideH() == 1 && g.strideW() == 1) {
      DepthwiseForward flipped =
          new DepthwiseForward(
              g.n(),
              g.outH(),
              g.outW(),
              g.c(),
              g.h(),
              g.w(),
              g.kH(),
              g.kW(),
              1,
              1,
              g.dilationH() * (g.kH() - 1) - g.padTop(),
              g.dilationW() * (g.kW() - 1) - g.padLeft(),
              g.dilationH(),
              g.dilationW());
      flipped.run(
          dy,
          dyo,
          DepthwiseForward.flip(w, g.kH() * g.kW(), g.c()),
          new float[g.c()],
          dx,
          dxo,
          Activation.NONE);
      return;
    }
    gather(dy, dyo, w, dx, dxo, g);
  }

  /** Each input pixel gathers from the outputs that saw it: a quarter of the taps at stride 2. */
  private static void gather(float[] dy, int dyo, float[] w, float[] dx, int dxo, ConvGeometry g) {
    int c = g.c();
    float[] zeros = new float[c];
    Parallel.forRange(
        g.n() * g.h(),
        DepthwiseConv2d.rowGrain(g.w(), c, g.kH() * g.kW()),
        (begin, end) -> {
          int[] at = new int[g.kH() * g.kW()];
          int[] weight = new int[at.length];
          for (int row = begin; row < end; row++) {
            int iy = row % g.h();
            int image = dyo + row / g.h() * g.outH() * g.outW() * c;
            for (int ix = 0; ix < g.w(); ix++) {
              int count = 0;
              for (int ky = 0; ky < g.kH(); ky++) {
                int sy = iy + g.padTop() - ky * g.dilationH();
                int oy = sy / g.strideH();
                if (sy < 0 || sy % g.strideH() != 0 || oy >= g.outH()) {
                  continue;
                }
                for (int kx = 0; kx < g.kW(); kx++) {
                  int sx = ix + g.padLeft() - kx * g.dilationW();
                  int ox = sx / g.strideW();
                  if (sx >= 0 && sx % g.strideW() == 0 && ox < g.outW()) {
                    at[count] = (oy * g.outW() + ox) * c;
                    weight[count++] = (ky * g.kW() + kx) * c;
                  }
                }
              }
              int to = dxo + (row * g.w() + ix) * c;
              DepthwiseRows.pixel(dy, image, at, w, weight, count, zeros, dx, to, c);
            }
          }
        });
  }
}
