package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/** The mean of what every window sees, channel by channel. */
public record AvgPool2d(PoolOptions options) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Window.requireImage("avgPool2d", x);
    return options.window(x).out("avgPool2d", x, x.dim(3));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    Tensor windows = Tensor.run(new Unfold(options.window(x.shape())), x);
    return windows.sum(false, 3, 4).mul(weights(options, x.shape(), x));
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    Tensor x = inputs.get(0);
    return List.of(Tensor.run(new AvgPool2dGradient(options, x.dim(1), x.dim(2)), dOutput));
  }

  /** One over the counts, {@code [outH, outW, 1]}, where {@code like} is. */
  static Tensor weights(PoolOptions options, Shape x, Tensor like) {
    Window window = options.window(x);
    Shape shape = Shape.of(window.outH(x.dim(1)), window.outW(x.dim(2)), 1);
    return Constants.of(options.averageWeights(x), shape, like);
  }
}
