package org.hcpl.tensor.op;

import org.hcpl.tensor.ShapeException;

/**
 * Sizes of a two-dimensional pooling over {@code [n, h, w, c]}, channels last.
 *
 * <p>The output size follows PyTorch: {@code floor} (or {@code ceil} where {@code ceilMode}) of
 * {@code (h + padTop + padBottom - dilationH (kH - 1) - 1) / strideH}, plus 1; a last window that
 * would start in the padding after the image is dropped.
 *
 * @param n images
 * @param h input rows
 * @param w input columns
 * @param c channels
 * @param kH rows of the window
 * @param kW columns of the window
 * @param strideH rows from window to window
 * @param strideW columns from window to window
 * @param padTop rows of padding above
 * @param padBottom rows of padding below
 * @param padLeft columns of padding at the left
 * @param padRight columns of padding at the right
 * @param dilationH rows from tap to tap
 * @param dilationW columns from tap to tap
 * @param ceilMode whether a last, partial window counts
 */
public record PoolGeometry(
    int n,
    int h,
    int w,
    int c,
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
    boolean ceilMode) {

  public PoolGeometry {
    require(n >= 0 && c >= 0 && h > 0 && w > 0, "input [%d, %d, %d, %d]", n, h, w, c);
    require(kH > 0 && kW > 0, "window [%d, %d]", kH, kW);
    require(strideH > 0 && strideW > 0, "stride [%d, %d]", strideH, strideW);
    require(dilationH > 0 && dilationW > 0, "dilation [%d, %d]", dilationH, dilationW);
    int spanH = dilationH * (kH - 1) + 1;
    int spanW = dilationW * (kW - 1) + 1;
    // Every window must hold a pixel; padding after the image may be what ceil mode or SAME adds.
    if (padTop < 0
        || padBottom < 0
        || padLeft < 0
        || padRight < 0
        || padTop >= spanH
        || padLeft >= spanW
        || padBottom >= spanH
        || padRight >= spanW) {
      throw new ShapeException(
          "pool: padding top %d, bottom %d, left %d, right %d for a window spanning [%d, %d] (expected: 0 to less than the span)"
              .formatted(padTop, padBottom, padLeft, padRight, spanH, spanW));
    }
    // In ceil mode one window may reach over the end of an image that is smaller than it.
    if (out(h, padTop, padBottom, spanH, strideH, ceilMode) < 1
        || out(w, padLeft, padRight, spanW, strideW, ceilMode) < 1) {
      throw new ShapeException(
          "pool: a window spanning [%d, %d] on a padded input [%d, %d] (expected: a window that fits)"
              .formatted(spanH, spanW, h + padTop + padBottom, w + padLeft + padRight));
    }
  }

  /** A square window without dilation and with equal padding on all sides. */
  public static PoolGeometry square(
      int n, int h, int w, int c, int kernel, int stride, int padding, boolean ceilMode) {
    return new PoolGeometry(
        n, h, w, c, kernel, kernel, stride, stride, padding, padding, padding, padding, 1, 1,
        ceilMode);
  }

  /** Output rows. */
  public int outH() {
    return out(h, padTop, padBottom, dilationH * (kH - 1) + 1, strideH, ceilMode);
  }

  /** Output columns. */
  public int outW() {
    return out(w, padLeft, padRight, dilationW * (kW - 1) + 1, strideW, ceilMode);
  }

  /** Elements of the input. */
  public int inputSize() {
    return n * h * w * c;
  }

  /** Elements of the output. */
  public int outputSize() {
    return n * outH() * outW() * c;
  }

  private static int out(int size, int before, int after, int span, int stride, boolean ceilMode) {
    int room = size + before + after - span;
    int out = (ceilMode ? Math.ceilDiv(room, stride) : Math.floorDiv(room, stride)) + 1;
    return ceilMode && (out - 1) * stride >= size + before ? out - 1 : out;
  }

  private static void require(boolean holds, String what, Object... values) {
    if (!holds) {
      throw new ShapeException(
          "pool: " + what.formatted(values) + " (expected: sizes of at least 1)");
    }
  }
}
