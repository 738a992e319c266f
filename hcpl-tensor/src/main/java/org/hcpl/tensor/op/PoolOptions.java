package org.hcpl.tensor.op;

import java.util.Arrays;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;

/**
 * How pooling slides over its input, by PyTorch's rules; change one thing with the method of its
 * name.
 *
 * @param padH rows of padding above and below; at most half the kernel
 * @param ceilMode whether a last window may reach over the end; it must begin inside the image or
 *     the padding before it
 * @param countIncludePad whether padding counts in the divisor of an average
 * @param samePadding whether padding is chosen as TensorFlow's SAME; padH and padW are unused then
 */
public record PoolOptions(
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int padH,
    int padW,
    boolean ceilMode,
    boolean countIncludePad,
    boolean samePadding) {
  public PoolOptions {
    if (kernelH < 1
        || kernelW < 1
        || strideH < 1
        || strideW < 1
        || padH < 0
        || padW < 0
        || padH > kernelH / 2
        || padW > kernelW / 2) {
      throw new ShapeException(
          "pool2d: kernel "
              + kernelH
              + "x"
              + kernelW
              + ", stride "
              + strideH
              + "x"
              + strideW
              + ", padding "
              + padH
              + "x"
              + padW
              + " (expected: kernel and stride >= 1, padding 0..half the kernel)");
    }
  }

  /** A square kernel; the stride is the kernel, no padding. */
  public static PoolOptions of(int kernel) {
    return of(kernel, kernel);
  }

  /** A kernel of rows and columns; the stride is the kernel, no padding. */
  public static PoolOptions of(int kernelH, int kernelW) {
    return new PoolOptions(kernelH, kernelW, kernelH, kernelW, 0, 0, false, true, false);
  }

  public PoolOptions stride(int stride) {
    return stride(stride, stride);
  }

  public PoolOptions stride(int h, int w) {
    return new PoolOptions(
        kernelH, kernelW, h, w, padH, padW, ceilMode, countIncludePad, samePadding);
  }

  public PoolOptions padding(int padding) {
    return padding(padding, padding);
  }

  public PoolOptions padding(int h, int w) {
    return new PoolOptions(
        kernelH, kernelW, strideH, strideW, h, w, ceilMode, countIncludePad, false);
  }

  public PoolOptions ceilMode(boolean on) {
    return new PoolOptions(
        kernelH, kernelW, strideH, strideW, padH, padW, on, countIncludePad, samePadding);
  }

  public PoolOptions countIncludePad(boolean on) {
    return new PoolOptions(
        kernelH, kernelW, strideH, strideW, padH, padW, ceilMode, on, samePadding);
  }

  /** TensorFlow's SAME padding. */
  public PoolOptions same() {
    return new PoolOptions(
        kernelH, kernelW, strideH, strideW, 0, 0, ceilMode, countIncludePad, true);
  }

  /** The windows over an input {@code [N, H, W, C]}, with what ceil mode adds at the end. */
  public Window window(Shape x) {
    int[] rows = axis(x.dim(1), kernelH, strideH, padH);
    int[] columns = axis(x.dim(2), kernelW, strideW, padW);
    return new Window(
        kernelH, kernelW, strideH, strideW, rows[0], rows[1], columns[0], columns[1], 1, 1);
  }

  /** Padding before and after one axis. */
  private int[] axis(int size, int kernel, int stride, int pad) {
    if (samePadding) {
      int all = Window.samePadding(size, kernel, stride, 1);
      return new int[] {all / 2, all - all / 2};
    }
    if (!ceilMode) {
      return new int[] {pad, pad};
    }
    int places = Math.ceilDiv(size + 2 * pad - kernel, stride) + 1;
    if ((places - 1) * stride >= size + pad) {
      places--;
    }
    return new int[] {pad, Math.max(0, (places - 1) * stride + kernel - size - pad)};
  }

  /**
   * One over the number of values that an average counts, for every place of {@code [outH, outW]}.
   */
  public float[] averageWeights(Shape x) {
    Window window = window(x);
    int[] rows = counts(x.dim(1), window.outH(x.dim(1)), kernelH, strideH, window.top(), padH);
    int[] columns = counts(x.dim(2), window.outW(x.dim(2)), kernelW, strideW, window.left(), padW);
    float[] weights = new float[rows.length * columns.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (1.0 / ((long) rows[i / columns.length] * columns[i % columns.length]));
    }
    return weights;
  }

  private int[] counts(int size, int places, int kernel, int stride, int before, int pad) {
    int[] counts = new int[places];
    if (samePadding && countIncludePad) {
      Arrays.fill(counts, kernel);
      return counts;
    }
    int low = countIncludePad ? -before : 0;
    int high = countIncludePad ? size + pad : size;
    for (int i = 0; i < places; i++) {
      int start = i * stride - before;
      counts[i] = Math.min(start + kernel, high) - Math.max(start, low);
    }
    return counts;
  }
}
