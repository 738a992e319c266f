package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * The largest value that every window sees, channel by channel; padding never wins. NaN if one is
 * NaN. The gradient goes to the first largest, row by row.
 */
public record MaxPool2d(PoolOptions options) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Window.requireImage("maxPool2d", x);
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

  private static Tensor pad(Window window, Tensor x) {
    return x.pad(
        new int[] {0, window.top(), window.left(), 0},
        new int[] {0, window.bottom(), window.right(), 0},
        Double.NEGATIVE_INFINITY);
  }
}
