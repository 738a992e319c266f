package org.hcpl.tensor;

import java.util.stream.IntStream;
import org.hcpl.tensor.op.Max;
import org.hcpl.tensor.op.Sum;

/**
 * Operations that fold axes. Without axes they fold all; {@code keep} leaves folded axes with
 * length 1.
 */
public sealed interface Reductions permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** The sum of all values, shape {@code []}. */
  default Tensor sum() {
    return sum(false);
  }

  /** Sums over axes. */
  default Tensor sum(boolean keep, int... axes) {
    return drop(Tensor.run(new Sum(normal(axes)), self()), keep, axes);
  }

  /** The mean of all values, shape {@code []}. */
  default Tensor mean() {
    return sum().div(self().size());
  }

  /** Means over axes. */
  default Tensor mean(boolean keep, int... axes) {
    int count = 1;
    for (int axis : normal(axes)) {
      count *= self().dim(axis);
    }
    return sum(keep, axes).div(count);
  }

  /**
   * Variances over axes, divided by the count (biased), from the deviations, so that a large mean
   * costs no digits.
   */
  default Tensor variance(boolean keep, int... axes) {
    return self().sub(mean(true, axes)).square().mean(keep, axes);
  }

  /** The maximum over one axis; the gradient goes to the first one. */
  default Tensor max(boolean keep, int axis) {
    return drop(Tensor.run(new Max(self().shape().axis(axis)), self()), keep, axis);
  }

  /** Sums what broadcasting repeated, back to {@code shape}: the gradient of broadcasting. */
  default Tensor sumTo(Shape shape) {
    Shape own = self().shape();
    if (own.equals(shape)) {
      return self();
    }
    if (!shape.broadcastsTo(own)) {
      throw new ShapeException(
          "sumTo: " + own + " to " + shape + " (expected: a shape that broadcasts to " + own + ")");
    }
    int extra = own.rank() - shape.rank();
    int[] axes =
        IntStream.range(0, own.rank())
            .filter(i -> i < extra || (shape.dim(i - extra) == 1 && own.dim(i) != 1))
            .toArray();
    return Tensor.run(new Sum(axes), self()).reshape(shape);
  }

  /**
   * The index of the first largest value along the last axis, read back to the host; one index a
   * row. As for {@link #max}, NaN is the largest.
   */
  default int[] argmaxLast() {
    int width = self().dim(-1);
    float[] values = self().toArray();
    int[] result = new int[width == 0 ? 0 : values.length / width];
    for (int row = 0; row < result.length; row++) {
      int best = 0;
      for (int i = 1; i < width; i++) {
        float value = values[row * width + i];
        float largest = values[row * width + best];
        if (value > largest || (Float.isNaN(value) && !Float.isNaN(largest))) {
          best = i;
        }
      }
      result[row] = best;
    }
    return result;
  }

  /** Rising axes counted from the first; all if none are given. */
  private int[] normal(int[] axes) {
    if (axes.length == 0) {
      return IntStream.range(0, self().rank()).toArray();
    }
    int[] result = IntStream.of(axes).map(self().shape()::axis).sorted().toArray();
    for (int i = 1; i < result.length; i++) {
      if (result[i] == result[i - 1]) {
        throw new ShapeException(
            "reduce: axis " + result[i] + " of " + self().shape() + " named twice");
      }
    }
    return result;
  }

  private Tensor drop(Tensor reduced, boolean keep, int... axes) {
    if (keep) {
      return reduced;
    }
    Shape shape = self().shape();
    int[] dropped = normal(axes);
    for (int i = dropped.length - 1; i >= 0; i--) {
      shape = shape.without(dropped[i]);
    }
    return reduced.reshape(shape);
  }
}
