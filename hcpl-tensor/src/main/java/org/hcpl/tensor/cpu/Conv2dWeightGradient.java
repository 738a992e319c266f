package org.hcpl.tensor.cpu;

import java.util.Arrays;
import org.hcpl.tensor.op.ConvGeometry;

/**
 * The gradient of a convolution with respect to its weights: {@code dw [outC, kH, kW, c / groups]}
 * from {@code x [n, h, w, c]} and {@code dy [n, outH, outW, outC]}.
 *
 * <p>The product of the transposed dy {@code [outC, pixels]} and the patches of x {@code [pixels,
 * kH * kW * c / groups]}, taken over blocks of pixels one after the other.
 */
public final class Conv2dWeightGradient {
  /** Floats of patches packed at a time; 2 MiB, so that they come back from L2 or L3. */
  private static final int PATCH_FLOATS = 1 << 19;

  private Conv2dWeightGradient() {}

  /** {@code dw = (accumulate ? dw : 0) + sum over all pixels of dy times patch}. */
  public static void run(
      ConvGeometry geometry,
      float[] x,
      int xOff,
      float[] dy,
      int dyOff,
      float[] dw,
      int dwOff,
      boolean accumulate) {
    run(MicroKernel.best(), geometry, x, xOff, dy, dyOff, dw, dwOff, accumulate);
  }

  static void run(
      MicroKernel kernel,
      ConvGeometry g,
      float[] x,
      int xOff,
      float[] dy,
      int dyOff,
      float[] dw,
      int dwOff,
      boolean accumulate) {
    Conv2dForward.check("input", g.inputSize(), x, xOff);
    Conv2dForward.check("output gradient", g.outputSize(), dy, dyOff);
    Conv2dForward.check("weight gradient", g.weightSize(), dw, dwOff);
    int pixels = g.outPixels();
    int taps = g.taps();
    if (pixels == 0) {
      if (!accumulate) {
        Arrays.fill(dw, dwOff, dwOff + g.weightSize(), 0f);
      }
      return;
    }
    int atATime = Math.max(256, PATCH_FLOATS / taps);
    for (int group = 0; group < g.groups(); group++) {
      PanelSource patches = new Patches(kernel, g, x, xOff, group).panels();
      int firstOut = group * g.groupOutC();
      for (int p0 = 0; p0 < pixels; p0 += atATime) {
        int count = Math.min(atATime, pixels - p0);
        float[] panels = Scratch.own().panels(PackedB.size(kernel, count, taps));
        PackedB packed = new PackedB(kernel, count, taps, panels);
        packed.fill(patches, p0, 0);
        GemmDriver.run(
            g.groupOutC(),
            RowSource.transposed(dy, dyOff + p0 * g.outC() + firstOut, g.outC()),
            packed,
            dw,
            new GemmDriver.StridedRows(dwOff + firstOut * taps, taps),
            accumulate || p0 > 0,
            null);
      }
    }
  }
}
