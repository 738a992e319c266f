package org.hcpl.tensor.op;

import java.util.List;
import java.util.stream.IntStream;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * The largest value that every window sees, channel by channel; padding never wins. NaN if one is
 * NaN. The gradient goes to the first largest (or the first NaN) of the image, row by row, also
 * where all are minus infinity.
 */
public record MaxPool2d(PoolOptions options) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Window.requireImage("maxPool2d", x);
    if (x.dim(1) == 0 || x.dim(2) == 0) {
      throw new ShapeException(
          "maxPool2d: input " + x + " has no pixels (expected: at least one row and column)");
    }
    return options.window(x).out("maxPool2d", x, x.dim(3));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    return windows(options, inputs.get(0)).max(false, 3);
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return List.of(Tensor.run(new MaxPool2dGradient(options), inputs.get(0), dOutput));
  }

  /** {@code [N, outH, outW, kernelH * kernelW, C]}. */
  private static Tensor windows(PoolOptions options, Tensor x) {
    Window window = options.window(x.shape());
    Tensor padded = pad(window, x);
    Tensor seen = Tensor.run(new Unfold(window.unpadded()), padded);
    return seen.reshape(
        seen.dim(0), seen.dim(1), seen.dim(2), window.kernelH() * window.kernelW(), x.dim(3));
  }

  /**
   * Each row and column of padding holds the nearest of the image, so that it never is larger than
   * what a window sees of the image, and the first largest value is of the image even where all are
   * minus infinity: a window that reaches into the padding sees the border, too, as padding is at
   * most half a kernel wide.
   */
  private static Tensor pad(Window window, Tensor x) {
    return repeatBorder(
        repeatBorder(x, 1, window.top(), window.bottom()), 2, window.left(), window.right());
  }

  private static Tensor repeatBorder(Tensor x, int axis, int before, int after) {
    if (before == 0 && after == 0) {
      return x;
    }
    int last = x.dim(axis) - 1;
    return x.gather(
        axis,
        IntStream.range(-before, last + 1 + after)
            .map(i -> Math.min(Math.max(i, 0), last))
            .toArray());
  }
}
