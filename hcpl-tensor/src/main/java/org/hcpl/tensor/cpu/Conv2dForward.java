package org.hcpl.tensor.cpu;

import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.op.ConvGeometry;

/**
 * {@code y [n, outH, outW, outC] = epilogue(conv(x [n, h, w, c], w [outC, kH, kW, c / groups]))},
 * the sum that {@link ConvGeometry} defines.
 *
 * <p>A product of patches and weights; patches are copied a block at a time, or not at all for 1x1.
 * On all threads of {@link Parallel}; the same bits for the same number of them.
 */
public final class Conv2dForward {
  /** Output pixels from which on Winograd's transform of the weights pays within one run. */
  private static final int WINOGRAD_PIXELS = 1024;

  private Conv2dForward() {}

  /**
   * Convolves with weights that are packed on the way.
   *
   * @param epilogue bias a channel, residual in the shape of y, activation; or null
   */
  public static void run(
      ConvGeometry geometry,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] y,
      int yOff,
      Epilogue epilogue) {
    if (winograd(geometry)) {
      PackedConv2d packed = PackedConv2d.winograd(geometry, w, wOff);
      run(geometry, x, xOff, packed, y, yOff, epilogue);
    } else {
      run(MicroKernel.best(), geometry, x, xOff, w, wOff, y, yOff, epilogue);
    }
  }

  private static boolean winograd(ConvGeometry geometry) {
    return geometry.outPixels() >= WINOGRAD_PIXELS && Winograd.suits(geometry);
  }

  /**
   * Convolves with weights packed before.
   *
   * @param geometry as the weights were packed for, apart from the batch size
   */
  public static void run(
      ConvGeometry geometry,
      float[] x,
      int xOff,
      PackedConv2d weights,
      float[] y,
      int yOff,
      Epilogue epilogue) {
    checkArrays(geometry, x, xOff, y, yOff, epilogue);
    if (weights.winograd() != null) {
      weights.winograd().run(geometry, x, xOff, y, yOff, epilogue);
      return;
    }
    for (int group = 0; group < geometry.groups(); group++) {
      multiply(geometry, group, x, xOff, weights.group(group), y, yOff, epilogue);
    }
  }

  /** The direct sum with weights as they are. */
  static void run(
      MicroKernel kernel,
      ConvGeometry geometry,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] y,
      int yOff,
      Epilogue epilogue) {
    if (geometry.outPixels() > Gemm.STREAMED_ROWS) {
      PackedConv2d packed = PackedConv2d.of(kernel, geometry, w, wOff);
      run(geometry, x, xOff, packed, y, yOff, epilogue);
      return;
    }
    checkArrays(geometry, x, xOff, y, yOff, epilogue);
    check("weights", geometry.weightSize(), w, wOff);
    for (int group = 0; group < geometry.groups(); group++) {
      RightMatrix right =
          RightMatrix.streamed(
              kernel,
              geometry.taps(),
              geometry.groupOutC(),
              PackedConv2d.source(geometry, group, w, wOff));
      multiply(geometry, group, x, xOff, right, y, yOff, epilogue);
    }
  }

  private static void multiply(
      ConvGeometry geometry,
      int group,
      float[] x,
      int xOff,
      RightMatrix weights,
      float[] y,
      int yOff,
      Epilogue epilogue) {
    int column = group * geometry.groupOutC();
    GemmDriver.run(
        geometry.outPixels(),
        rows(weights.kernel(), geometry, x, xOff, group),
        weights,
        y,
        new GemmDriver.StridedRows(yOff + column, geometry.outC()),
        false,
        epilogue == null ? null : epilogue.fromColumn(column));
  }

  private static void checkArrays(
      ConvGeometry geometry, float[] x, int xOff, float[] y, int yOff, Epilogue epilogue) {
    check("input", geometry.inputSize(), x, xOff);
    check("output", geometry.outputSize(), y, yOff);
    if (epilogue != null && epilogue.bias() != null) {
      check("bias", geometry.outC(), epilogue.bias(), epilogue.biasOffset());
    }
    if (epilogue != null && epilogue.residual() != null) {
      check("residual", geometry.outputSize(), epilogue.residual(), epilogue.residualOffset());
    }
  }

  private static RowSource rows(
      MicroKernel kernel, ConvGeometry geometry, float[] x, int xOff, int group) {
    if (geometry.isPointwise()) {
      int first = xOff + group * geometry.groupC();
      return RowSource.inPlace(x, first, geometry.c());
    }
    return new Patches(kernel, geometry, x, xOff, group).rows();
  }

  static void check(String what, int size, float[] array, int offset) {
    if (offset < 0 || (long) offset + size > array.length) {
      throw new TensorException(
          "conv2d: "
              + what
              + " of "
              + size
              + " floats at "
              + offset
              + " of "
              + array.length
              + " floats (expected: all inside)");
    }
  }
}
