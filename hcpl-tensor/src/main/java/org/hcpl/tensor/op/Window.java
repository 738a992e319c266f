package org.hcpl.tensor.op;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;

/**
 * Windows that slide over the rows and columns of {@code [N, H, W, C]}: window {@code (i, j)} looks
 * at rows {@code i * strideH - top + a * dilationH} and columns {@code j * strideW - left + b *
 * dilationW}.
 *
 * @param top rows of padding above; a row outside the image is padding
 */
public record Window(
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int top,
    int bottom,
    int left,
    int right,
    int dilationH,
    int dilationW) {
  /** Windows of the same kernel and stride on an image that has its padding already. */
  Window unpadded() {
    return new Window(kernelH, kernelW, strideH, strideW, 0, 0, 0, 0, dilationH, dilationW);
  }

  /** The number of places along the height. */
  public int outH(int h) {
    return count(paddedH(h), extentH(), strideH);
  }

  /** The number of places along the width. */
  public int outW(int w) {
    return count(paddedW(w), extentW(), strideW);
  }

  private long paddedH(int h) {
    return (long) h + top + bottom;
  }

  private long paddedW(int w) {
    return (long) w + left + right;
  }

  private long extentH() {
    return (long) dilationH * (kernelH - 1) + 1;
  }

  private long extentW() {
    return (long) dilationW * (kernelW - 1) + 1;
  }

  private static int count(long padded, long extent, int stride) {
    return padded < extent ? 0 : (int) Math.min(Integer.MAX_VALUE, (padded - extent) / stride + 1);
  }

  /**
   * The shape {@code [N, outH, outW, channels]}.
   *
   * @throws ShapeException if no window fits
   */
  Shape out(String op, Shape in, int channels) {
    long paddedH = paddedH(in.dim(1));
    long paddedW = paddedW(in.dim(2));
    if (paddedH < extentH() || paddedW < extentW()) {
      throw new ShapeException(
          op
              + ": kernel "
              + kernelH
              + "x"
              + kernelW
              + " with dilation "
              + dilationH
              + "x"
              + dilationW
              + " on "
              + in
              + " padded by "
              + (paddedH - in.dim(1))
              + "x"
              + (paddedW - in.dim(2))
              + " (expected: an image of at least "
              + extentH()
              + "x"
              + extentW()
              + " with its padding)");
    }
    if (Math.max(paddedH, paddedW) > Integer.MAX_VALUE) {
      throw new ShapeException(
          op
              + ": "
              + in
              + " padded to "
              + paddedH
              + "x"
              + paddedW
              + " (expected: at most "
              + Integer.MAX_VALUE
              + " rows and columns)");
    }
    return Shape.of(in.dim(0), outH(in.dim(1)), outW(in.dim(2)), channels);
  }

  /** Rows or columns of padding in all with which {@code ceil(size / stride)} windows fit. */
  static int samePadding(int size, int kernel, int stride, int dilation) {
    long last = (Math.ceilDiv(size, stride) - 1L) * stride;
    long padding = Math.max(0, last + (long) dilation * (kernel - 1) + 1 - size);
    return (int) Math.min(Integer.MAX_VALUE, padding);
  }

  static void requireImage(String op, Shape x) {
    if (x.rank() != 4) {
      throw new ShapeException(op + ": input " + x + " (expected: [N, H, W, C])");
    }
  }
}
