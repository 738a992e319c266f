package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * A convolution without bias, the batch normalisation after it by given statistics, and the
 * activation that follows: {@link Conv2d}, then {@link BatchNorm}, outside training. Inputs: {@code
 * x [N, H, W, C]}, the weight, and mean, variance, gamma, beta, every one {@code [out]}.
 *
 * <p>In one step the normalisation costs no pass over memory: a kernel applies it to what it has
 * just computed.
 */
public record Conv2dBatchNorm(ConvOptions options, double eps, Unary then) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape y = new Conv2d(options).shape(inputs.subList(0, 2));
    BatchNorm.requireChannels(
        "conv2dBatchNorm",
        List.of(y, inputs.get(2), inputs.get(3), inputs.get(4), inputs.get(5)),
        "mean",
        "variance",
        "gamma",
        "beta");
    return y;
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor y = Tensor.run(new Conv2d(options), inputs.subList(0, 2));
    return Tensor.run(
        new BatchNorm(eps, then), y, inputs.get(2), inputs.get(3), inputs.get(4), inputs.get(5));
  }
}
