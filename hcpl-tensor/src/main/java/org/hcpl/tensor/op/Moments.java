package org.hcpl.tensor.op;

import java.util.List;
import java.util.stream.IntStream;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * Mean and biased variance over all but the last axis: {@code [..., C] -> [2, C]}. The variance is
 * that of the deviations, so that a large mean costs no digits.
 */
public record Moments() implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    if (x.rank() < 2 || x.size() == 0) {
      throw new ShapeException(
          "moments: input " + x + " (expected: at least one value a channel, [..., C])");
    }
    return Shape.of(2, x.dim(-1));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    int[] axes = IntStream.range(0, x.rank() - 1).toArray();
    int c = x.dim(-1);
    return Tensor.concat(0, x.mean(true, axes).reshape(1, c), x.variance(true, axes).reshape(1, c));
  }
}
