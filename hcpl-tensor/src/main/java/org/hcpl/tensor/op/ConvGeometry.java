package org.hcpl.tensor.op;

import java.util.Arrays;
import org.hcpl.tensor.TensorException;

/**
 * The sizes of a two-dimensional convolution: input {@code [n, h, w, c]}, weights {@code [outC, kH,
 * kW, c / groups]}, output {@code [n, outH, outW, outC]}, with
 *
 * <pre>
 * outH = floor((h + padTop + padBottom - dilationH * (kH - 1) - 1) / strideH) + 1
 * y[i, oy, ox, o] = sum over ky, kx, j of
 *     x[i, oy * strideH - padTop + ky * dilationH, ox * strideW - padLeft + kx * dilationW, g * c / groups + j]
 *     * weights[o, ky, kx, j]          with g = o / (outC / groups), x zero outside
 * </pre>
 *
 * (cross-correlation, as every deep-learning library has it). The batch {@code n} may be zero.
 *
 * @param n images in the batch
 * @param h input height in pixels
 * @param w input width in pixels
 * @param c input channels
 * @param outC output channels
 * @param kH kernel height in taps
 * @param kW kernel width in taps
 * @param strideH rows from one output row to the next
 * @param strideW columns from one output column to the next
 * @param padTop rows of zeros above the input
 * @param padBottom rows of zeros below
 * @param padLeft columns of zeros to the left
 * @param padRight columns of zeros to the right
 * @param dilationH rows from one tap to the next
 * @param dilationW columns from one tap to the next
 * @param groups into how many independent parts the channels fall; {@code c} for a depthwise one
 */
public record ConvGeometry(
    int n,
    int h,
    int w,
    int c,
    int outC,
    int kH,
    int kW,
    int strideH,
    int strideW,
    int padTop,
    int padBottom,
    int padLeft,
    int padRight,
    int dilationH,
    int dilationW,
    int groups) {
  public ConvGeometry {
    require(n >= 0 && h > 0 && w > 0 && c > 0, "input", "[n, h, w, c] >= [0, 1, 1, 1]", n, h, w, c);
    require(outC > 0, "output channels", "at least 1", outC);
    require(kH > 0 && kW > 0, "kernel", "[kH, kW] at least 1", kH, kW);
    require(strideH > 0 && strideW > 0, "stride", "at least 1", strideH, strideW);
    require(
        padTop >= 0 && padBottom >= 0 && padLeft >= 0 && padRight >= 0,
        "padding",
        "[top, bottom, left, right] at least 0",
        padTop,
        padBottom,
        padLeft,
        padRight);
    require(dilationH > 0 && dilationW > 0, "dilation", "at least 1", dilationH, dilationW);
    require(
        groups > 0 && c % groups == 0 && outC % groups == 0,
        "[c, outC, groups]",
        "groups divides c and outC",
        c,
        outC,
        groups);
    requireFits("rows", h, padTop, padBottom, kH, dilationH);
    requireFits("columns", w, padLeft, padRight, kW, dilationW);
  }

  /** The same convolution of so many images. */
  public ConvGeometry ofImages(int images) {
    return new ConvGeometry(
        images, h, w, c, outC, kH, kW, strideH, strideW, padTop, padBottom, padLeft, padRight,
        dilationH, dilationW, groups);
  }

  /** The same padding above and below, and left and right. */
  public static ConvGeometry symmetric(
      int n,
      int h,
      int w,
      int c,
      int outC,
      int kH,
      int kW,
      int strideH,
      int strideW,
      int padH,
      int padW,
      int dilationH,
      int dilationW,
      int groups) {
    return new ConvGeometry(
        n, h, w, c, outC, kH, kW, strideH, strideW, padH, padH, padW, padW, dilationH, dilationW,
        groups);
  }

  /** A square kernel with one stride and padding, no dilation, one group: most layers there are. */
  public static ConvGeometry square(
      int n, int h, int w, int c, int outC, int kernel, int stride, int padding) {
    return symmetric(n, h, w, c, outC, kernel, kernel, stride, stride, padding, padding, 1, 1, 1);
  }

  /**
   * TensorFlow's SAME: {@code outH = ceil(h / strideH)}, and where the padding is odd the extra row
   * is below and the extra column to the right.
   */
  public static ConvGeometry same(
      int n,
      int h,
      int w,
      int c,
      int outC,
      int kH,
      int kW,
      int strideH,
      int strideW,
      int dilationH,
      int dilationW,
      int groups) {
    int padH = samePadding(h, kH, strideH, dilationH);
    int padW = samePadding(w, kW, strideW, dilationW);
    return new ConvGeometry(
        n,
        h,
        w,
        c,
        outC,
        kH,
        kW,
        strideH,
        strideW,
        padH / 2,
        padH - padH / 2,
        padW / 2,
        padW - padW / 2,
        dilationH,
        dilationW,
        groups);
  }

  /** Rows (or columns) of padding in all that TensorFlow's SAME wants. */
  public static int samePadding(int size, int kernel, int stride, int dilation) {
    require(
        size > 0 && kernel > 0 && stride > 0 && dilation > 0,
        "[size, kernel, stride, dilation]",
        "at least 1",
        size,
        kernel,
        stride,
        dilation);
    return Window.samePadding(size, kernel, stride, dilation);
  }

  /** Output height in pixels. */
  public int outH() {
    return (h + padTop + padBottom - dilationH * (kH - 1) - 1) / strideH + 1;
  }

  /** Output width in pixels. */
  public int outW() {
    return (w + padLeft + padRight - dilationW * (kW - 1) - 1) / strideW + 1;
  }

  /** Input channels that one output channel sees. */
  public int groupC() {
    return c / groups;
  }

  /** Output channels of one group. */
  public int groupOutC() {
    return outC / groups;
  }

  /** Output pixels of the whole batch. */
  public int outPixels() {
    return Math.multiplyExact(n, Math.multiplyExact(outH(), outW()));
  }

  /** Terms of the sum that one output value is: {@code kH * kW * c / groups}. */
  public int taps() {
    return kH * kW * groupC();
  }

  /** Multiply-adds of the direct sum, padding counted: {@code n * outH * outW * outC * taps}. */
  public long multiplyAdds() {
    return (long) n * outH() * outW() * outC * taps();
  }

  /** Floats of the input. */
  public int inputSize() {
    return Math.multiplyExact(Math.multiplyExact(n, h), Math.multiplyExact(w, c));
  }

  /** Floats of the weights. */
  public int weightSize() {
    return Math.multiplyExact(outC, taps());
  }

  /** Floats of the output. */
  public int outputSize() {
    return Math.multiplyExact(outPixels(), outC);
  }

  /** One tap, one stride, no padding: the convolution is a matrix product over pixels. */
  public boolean isPointwise() {
    return kH == 1
        && kW == 1
        && strideH == 1
        && strideW == 1
        && padTop + padBottom + padLeft + padRight == 0;
  }

  private static void requireFits(
      String axis, int size, int before, int after, int kernel, int dilation) {
    long padded = (long) size + before + after;
    long extent = (long) dilation * (kernel - 1) + 1;
    if (padded < extent) {
      throw new TensorException(
          "conv2d: the kernel spans "
              + extent
              + " "
              + axis
              + " of an input that has "
              + padded
              + " with padding, from size "
              + size
              + ", padding "
              + before
              + " + "
              + after
              + ", kernel "
              + kernel
              + ", dilation "
              + dilation
              + " (expected: dilation * (kernel - 1) + 1 <= size + padding)");
    }
  }

  private static void require(boolean good, String what, String expected, int... values) {
    if (!good) {
      String shown = values.length == 1 ? "" + values[0] : Arrays.toString(values);
      throw new TensorException("conv2d: " + what + " " + shown + " (expected: " + expected + ")");
    }
  }
}
