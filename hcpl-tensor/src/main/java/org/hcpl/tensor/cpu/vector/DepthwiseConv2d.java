package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;

import java.util.Arrays;
import org.hcpl.tensor.cpu.Activation;
import org.hcpl.tensor.op.ConvGeometry;

/**
 * Depthwise convolution {@code [N, H, W, C]}: every channel with its own kernel ({@code groups ==
 * c}), weights {@code [outC, kH, kW, 1]}. Everything writes (does not accumulate).
 *
 * <p>A channel multiplier ({@code outC == m c}) works by repeating the channels first and is not
 * fast.
 */
public final class DepthwiseConv2d {
  private DepthwiseConv2d() {}

  /** Weights {@code [outC, kH, kW, 1]} as the kernels read them: {@code [kH, kW, outC]}. */
  public static float[] pack(float[] weights, int wo, ConvGeometry g) {
    check(g);
    int taps = g.kH() * g.kW();
    float[] packed = new float[taps * g.outC()];
    for (int o = 0; o < g.outC(); o++) {
      for (int t = 0; t < taps; t++) {
        packed[t * g.outC() + o] = weights[wo + o * taps + t];
      }
    }
    return packed;
  }

  /** {@code y = activation(conv(x, weights) + bias)}; {@code bias} may be null. */
  public static void forward(
      float[] x,
      int xo,
      float[] weights,
      int wo,
      float[] bias,
      int bo,
      float[] y,
      int yo,
      ConvGeometry g,
      Activation activation) {
    forwardPacked(x, xo, pack(weights, wo, g), bias, bo, y, yo, g, activation);
  }

  /** {@link #forward} with weights from {@link #pack}. */
  public static void forwardPacked(
      float[] x,
      int xo,
      float[] packed,
      float[] bias,
      int bo,
      float[] y,
      int yo,
      ConvGeometry g,
      Activation activation) {
    check(g);
    float[] b = new float[g.outC()];
    if (bias != null) {
      System.arraycopy(bias, bo, b, 0, b.length);
    }
    int multiplier = g.outC() / g.c();
    if (multiplier == 1) {
      DepthwiseForward.of(g).run(x, xo, packed, b, y, yo, activation);
    } else {
      float[] wide = repeat(x, xo, g, multiplier);
      DepthwiseForward.of(widened(g)).run(wide, 0, packed, b, y, yo, activation);
    }
  }

  /** {@code dx [N, H, W, C]} from {@code dy [N, outH, outW, outC]}. */
  public static void inputGradient(
      float[] dy, int dyo, float[] weights, int wo, float[] dx, int dxo, ConvGeometry g) {
    float[] packed = pack(weights, wo, g);
    int multiplier = g.outC() / g.c();
    if (multiplier == 1) {
      DepthwiseInputGradient.run(dy, dyo, packed, dx, dxo, g);
      return;
    }
    ConvGeometry wide = widened(g);
    float[] each = new float[wide.inputSize()];
    DepthwiseInputGradient.run(dy, dyo, packed, each, 0, wide);
    for (int i = 0; i < g.inputSize(); i++) {
      float sum = 0;
      for (int k = 0; k < multiplier; k++) {
        sum += each[i * multiplier + k];
      }
      dx[dxo + i] = sum;
    }
  }

  /** {@code dw [outC, kH, kW, 1]} from x and dy. */
  public static void weightGradient(
      float[] x, int xo, float[] dy, int dyo, float[] dw, int dwo, ConvGeometry g) {
    check(g);
    int multiplier = g.outC() / g.c();
    if (multiplier > 1) {
      weightGradient(repeat(x, xo, g, multiplier), 0, dy, dyo, dw, dwo, widened(g));
      return;
    }
    DepthwiseWeightGradient.run(x, xo, dy, dyo, dw, dwo, g);
  }

  /** The first output index whose tap at {@code left + index * stride} is not before the image. */
  static int first(int left, int stride) {
    return left >= 0 ? 0 : (-left + stride - 1) / stride;
  }

  /** One past the last output index whose tap is inside an image of {@code size}. */
  static int last(int left, int stride, int size) {
    return left >= size ? 0 : (size - 1 - left) / stride + 1;
  }

  private static float[] repeat(float[] x, int xo, ConvGeometry g, int multiplier) {
    float[] wide = new float[g.inputSize() * multiplier];
    for (int i = 0; i < g.inputSize(); i++) {
      Arrays.fill(wide, i * multiplier, (i + 1) * multiplier, x[xo + i]);
    }
    return wide;
  }

  private static ConvGeometry widened(ConvGeometry g) {
    return new ConvGeometry(
        g.n(),
        g.h(),
        g.w(),
        g.outC(),
        g.outC(),
        g.kH(),
        g.kW(),
        g.strideH(),
        g.strideW(),
        g.padTop(),
        g.padBottom(),
        g.padLeft(),
        g.padRight(),
        g.dilationH(),
        g.dilationW(),
        g.outC());
  }

  private static void check(ConvGeometry g) {
    if (g.groups() != g.c()) {
      throw new IllegalArgumentException(
          "depthwiseConv2d: %d groups of %d channels (expected: as many groups as channels)"
              .formatted(g.groups(), g.c()));
    }
  }

  /** Output rows of one piece of work. */
  static int rowGrain(int outW, int c, int taps) {
    return Math.max(1, (1 << 17) / Math.max(1, outW * Math.max(c, L) * Math.max(3, taps / 3)));
  }
}
