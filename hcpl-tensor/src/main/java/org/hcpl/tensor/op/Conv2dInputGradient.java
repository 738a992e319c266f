package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * The gradient of {@link Conv2d} with respect to its input, from dy and the weights; also called
 * transposed convolution.
 *
 * @param h height of the input
 * @param w width of the input
 */
public record Conv2dInputGradient(ConvOptions options, int h, int w) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape dy = inputs.get(0);
    Window.requireImage("conv2dInputGradient", dy);
    Shape weight = inputs.get(1);
    if (weight.rank() != 4) {
      throw new ShapeException(
          "conv2dInputGradient: weight "
              + weight
              + " (expected: [out, kernelH, kernelW, C / groups])");
    }
    Shape x = Shape.of(dy.dim(0), h, w, weight.dim(3) * options.groups());
    dy.require("conv2dInputGradient", "dy", new Conv2d(options).shape(List.of(x, weight)));
    return x;
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor dy = inputs.get(0);
    Tensor weight = inputs.get(1);
    int groups = options.groups();
    int kernelH = weight.dim(1);
    int kernelW = weight.dim(2);
    int groupC = weight.dim(3);
    Shape x = Shape.of(dy.dim(0), h, w, groupC * groups);
    Tensor windows =
        Conv2d.byGroup(options, dy)
            .matmul(Conv2d.filters(options, weight))
            .reshape(groups, -1, kernelH * kernelW, groupC)
            .permute(1, 2, 0, 3)
            .reshape(dy.dim(0), dy.dim(1), dy.dim(2), kernelH, kernelW, groups * groupC);
    return Tensor.run(new Fold(options.window(x, kernelH, kernelW), h, w), windows);
  }
}
