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
    return count(h + top + bottom, dilationH * (kernelH - 1) + 1, strideH);
  }

  /** The number of places along the width. */
  public int outW(int w) {
    return count(w + left + right, dilationW * (kernelW - 1) + 1, strideW);
  }

  private static int count(int padded, int extent, int stride) {
    return padded < extent ? 0 : (padded - extent) / stride + 1;
  }

  /**
   * The shape {@code [N, outH, outW, channels]}.
   *
   * @throws ShapeException if no window fits
   */
  Shape out(String op, Shape in, int channels) {
    int outH = outH(in.dim(1));
    int outW = outW(in.dim(2));
    if (outH < 1 || outW < 1) {
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
              + (top + bottom)
              + "x"
              + (left + right)
              + " (expected: an image of at least "
              + (dilationH * (kernelH - 1) + 1)
              + "x"
              + (dilationW * (kernelW - 1) + 1)
              + " with its padding)");
    }
    return Shape.of(in.dim(0), outH, outW, channels);
  }

  /** Rows or columns of padding in all with which {@code ceil(size / stride)} windows fit. */
  static int samePadding(int size, int kernel, int stride, int dilation) {
    int out = (size + stride - 1) / stride;
    return Math.max(0, (out - 1) * stride + dilation * (kernel - 1) + 1 - size);
  }

  static void requireImage(String op, Shape x) {
    if (x.rank() != 4) {
      throw new ShapeException(op + ": input " + x + " (expected: [N, H, W, C])");
    }
  }
}
