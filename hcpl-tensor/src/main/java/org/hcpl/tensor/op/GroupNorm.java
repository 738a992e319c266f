package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * Every image's group of channels with mean 0 and variance 1 (biased) over its pixels, then times
 * gamma plus beta a channel (Wu and He 2018). Input {@code [N, ..., C]}.
 */
public record GroupNorm(int groups, double eps) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    BatchNorm.requireChannels("groupNorm", inputs, "gamma", "beta");
    Shape x = inputs.get(0);
    if (x.rank() < 2 || groups < 1 || x.dim(-1) % groups != 0) {
      throw new ShapeException(
          "groupNorm: " + groups + " groups of " + x + " (expected: a divisor of the last axis)");
    }
    return x;
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    int pixels = x.shape().product(1, x.rank() - 1);
    Tensor grouped = x.reshape(x.dim(0), pixels, groups, x.dim(-1) / groups);
    Tensor deviation = grouped.sub(grouped.mean(true, 1, 3));
    Tensor normal = deviation.mul(deviation.square().mean(true, 1, 3).add(eps).pow(-0.5));
    return normal.reshape(x.shape()).mul(inputs.get(1)).add(inputs.get(2));
  }
}
