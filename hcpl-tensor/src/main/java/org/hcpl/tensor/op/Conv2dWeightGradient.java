package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/** The gradient of {@link Conv2d} with respect to its weights, from x and dy. */
public record Conv2dWeightGradient(ConvOptions options, int kernelH, int kernelW) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Window.requireImage("conv2dWeightGradient", x);
    Shape dy = inputs.get(1);
    Window.requireImage("conv2dWeightGradient", dy);
    Shape weight = Shape.of(dy.dim(3), kernelH, kernelW, x.dim(3) / options.groups());
    dy.require("conv2dWeightGradient", "dy", new Conv2d(options).shape(List.of(x, weight)));
    return weight;
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    Tensor dy = inputs.get(1);
    return Conv2d.byGroup(options, dy)
        .matmul(true, Conv2d.windows(options, x, kernelH, kernelW), false)
        .reshape(dy.dim(3), kernelH, kernelW, x.dim(3) / options.groups());
  }
}
