package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * The gradient of {@link AvgPool2d} from dy.
 *
 * @param h height of the input
 * @param w width of the input
 */
public record AvgPool2dGradient(PoolOptions options, int h, int w) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape dy = inputs.get(0);
    Window.requireImage("avgPool2dGradient", dy);
    return Shape.of(dy.dim(0), h, w, dy.dim(3));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor dy = inputs.get(0);
    Shape x = shape(List.of(dy.shape()));
    Window window = options.window(x);
    Tensor share = dy.mul(AvgPool2d.weights(options, x, dy));
    Shape windows = dy.shape().insert(3, window.kernelH()).insert(4, window.kernelW());
    Tensor repeated = share.reshape(dy.shape().insert(3, 1).insert(4, 1)).broadcastTo(windows);
    return Tensor.run(new Fold(window, h, w), repeated);
  }
}
