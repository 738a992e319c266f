package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * A convolution without bias, the batch normalisation after it by given statistics, and the
 * activation that follows: {@link Conv2d}, then {@link BatchNorm}, outside training. Inputs: {@code
 * x [N, H, W, C]}, the weight, and mean, variance, gamma, beta, every one {@code [out]}; then, if x
 * is to be multiplied by it first, a gate {@code [N, 1, 1, C]}, as squeeze-and-excitation has it.
 *
 * <p>In one step the normalisation costs no pass over memory: a kernel applies it to what it has
 * just computed. A gate may go into the weights of a 1x1 convolution, image by image, which are
 * fewer than the values of a large map.
 */
public record Conv2dBatchNorm(ConvOptions options, double eps, Unary then) implements Op {
  /** Where the gate is among the inputs. */
  private static final int GATE = 6;

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
    if (inputs.size() > GATE) {
      Shape x = inputs.get(0);
      Shape gate = Shape.of(x.dim(0), 1, 1, x.dim(3));
      if (!inputs.get(GATE).equals(gate)) {
        throw new ShapeException(
            "conv2dBatchNorm: gate %s for input %s (expected: %s)"
                .formatted(inputs.get(GATE), x, gate));
      }
    }
    return y;
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.size() > GATE ? inputs.get(0).mul(inputs.get(GATE)) : inputs.get(0);
    Tensor y = Tensor.run(new Conv2d(options), x, inputs.get(1));
    return Tensor.run(
        new BatchNorm(eps, then), y, inputs.get(2), inputs.get(3), inputs.get(4), inputs.get(5));
  }
}
