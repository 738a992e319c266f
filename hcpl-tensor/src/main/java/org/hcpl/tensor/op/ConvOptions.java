package org.hcpl.tensor.op;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;

/**
 * How a convolution slides over its input; change one thing with the method of its name.
 *
 * @param top rows of zeros above, and so on around
 * @param groups into how many independent parts the channels fall
 * @param samePadding whether padding is chosen as TensorFlow's SAME: {@code ceil(size / stride)}
 *     places, an odd row of zeros below, an odd column to the right; the four paddings are unused
 *     then
 */
public record ConvOptions(
    int strideH,
    int strideW,
    int top,
    int bottom,
    int left,
    int right,
    int dilationH,
    int dilationW,
    int groups,
    boolean samePadding) {
  /** Stride 1, no padding, no dilation, one group. */
  public static final ConvOptions DEFAULT = new ConvOptions(1, 1, 0, 0, 0, 0, 1, 1, 1, false);

  public ConvOptions {
    if (strideH < 1
        || strideW < 1
        || dilationH < 1
        || dilationW < 1
        || groups < 1
        || Math.min(Math.min(top, bottom), Math.min(left, right)) < 0) {
      throw new ShapeException(
          "conv2d: stride "
              + strideH
              + "x"
              + strideW
              + ", padding "
              + top
              + ", "
              + bottom
              + ", "
              + left
              + ", "
              + right
              + ", dilation "
              + dilationH
              + "x"
              + dilationW
              + ", groups "
              + groups
              + " (expected: padding >= 0, all others >= 1)");
    }
  }

  public ConvOptions stride(int stride) {
    return stride(stride, stride);
  }

  public ConvOptions stride(int h, int w) {
    return new ConvOptions(
        h, w, top, bottom, left, right, dilationH, dilationW, groups, samePadding);
  }

  /** The same zeros on all four sides. */
  public ConvOptions padding(int padding) {
    return padding(padding, padding);
  }

  /** Zeros above and below, and to the left and right. */
  public ConvOptions padding(int h, int w) {
    return padding(h, h, w, w);
  }

  public ConvOptions padding(int newTop, int newBottom, int newLeft, int newRight) {
    return new ConvOptions(
        strideH, strideW, newTop, newBottom, newLeft, newRight, dilationH, dilationW, groups,
        false);
  }

  /** TensorFlow's SAME padding. */
  public ConvOptions same() {
    return new ConvOptions(strideH, strideW, 0, 0, 0, 0, dilationH, dilationW, groups, true);
  }

  public ConvOptions dilation(int dilation) {
    return dilation(dilation, dilation);
  }

  public ConvOptions dilation(int h, int w) {
    return new ConvOptions(strideH, strideW, top, bottom, left, right, h, w, groups, samePadding);
  }

  public ConvOptions groups(int newGroups) {
    return new ConvOptions(
        strideH, strideW, top, bottom, left, right, dilationH, dilationW, newGroups, samePadding);
  }

  /** The windows over an input {@code [N, H, W, C]}. */
  public Window window(Shape x, int kernelH, int kernelW) {
    if (!samePadding) {
      return new Window(
          kernelH, kernelW, strideH, strideW, top, bottom, left, right, dilationH, dilationW);
    }
    int h = Window.samePadding(x.dim(1), kernelH, strideH, dilationH);
    int w = Window.samePadding(x.dim(2), kernelW, strideW, dilationW);
    return new Window(
        kernelH, kernelW, strideH, strideW, h / 2, h - h / 2, w / 2, w - w / 2, dilationH,
        dilationW);
  }
}
