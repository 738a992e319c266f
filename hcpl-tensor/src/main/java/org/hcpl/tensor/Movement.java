package org.hcpl.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hcpl.tensor.op.BroadcastTo;
import org.hcpl.tensor.op.Gather;
import org.hcpl.tensor.op.Pad;
import org.hcpl.tensor.op.Permute;
import org.hcpl.tensor.op.Reshape;
import org.hcpl.tensor.op.Slice;

/** Operations that move values without changing them. */
public sealed interface Movement permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** A view with another shape of the same size; one length may be -1. */
  default Tensor reshape(int... dims) {
    int unknown = -1;
    long known = 1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == -1 && unknown < 0) {
        unknown = i;
      } else if (dims[i] < 0) {
        throw new ShapeException(
            "reshape: "
                + self().shape()
                + " to "
                + Arrays.toString(dims)
                + " (expected: lengths >= 0, and at most one -1)");
      } else {
        known = Math.min(known * dims[i], Integer.MAX_VALUE);
      }
    }
    int[] result = dims.clone();
    if (unknown >= 0) {
      if (known == 0 || self().size() % known != 0) {
        throw new ShapeException(
            "reshape: "
                + self().shape()
                + " to "
                + Arrays.toString(dims)
                + " (expected: lengths that divide "
                + self().size()
                + ")");
      }
      result[unknown] = (int) (self().size() / known);
    }
    return reshape(Shape.of(result));
  }

  /** A view with another shape of the same size. */
  default Tensor reshape(Shape shape) {
    return shape.equals(self().shape()) ? self() : Tensor.run(new Reshape(shape), self());
  }

  /** A view with the axes from {@code axis} on as one; a scalar becomes {@code [1]}. */
  default Tensor flatten(int axis) {
    int from = self().rank() == 0 && axis == 0 ? 0 : self().shape().axis(axis);
    int[] dims = new int[from + 1];
    for (int i = 0; i < from; i++) {
      dims[i] = self().dim(i);
    }
    dims[from] = self().shape().product(from, self().rank());
    return reshape(Shape.of(dims));
  }

  /** A copy with axis {@code i} of the result being axis {@code axes[i]} of this. */
  default Tensor permute(int... axes) {
    int rank = self().rank();
    int[] fromFirst = IntStream.of(axes).map(axis -> axis < 0 ? axis + rank : axis).toArray();
    return Tensor.run(new Permute(fromFirst), self());
  }

  /** A copy with two axes exchanged. */
  default Tensor transpose(int a, int b) {
    int[] axes = IntStream.range(0, self().rank()).toArray();
    axes[self().shape().axis(a)] = self().shape().axis(b);
    axes[self().shape().axis(b)] = self().shape().axis(a);
    return permute(axes);
  }

  /** {@code [N, C, H, W]} to {@code [N, H, W, C]}. */
  default Tensor fromNchw() {
    return permute(0, 2, 3, 1);
  }

  /** {@code [N, H, W, C]} to {@code [N, C, H, W]}. */
  default Tensor toNchw() {
    return permute(0, 3, 1, 2);
  }

  /** A copy with values repeated to {@code shape}. */
  default Tensor broadcastTo(Shape shape) {
    return shape.equals(self().shape()) ? self() : Tensor.run(new BroadcastTo(shape), self());
  }

  /**
   * {@code size} entries of an axis from {@code start} on; a view along leading axes, else a copy.
   */
  default Tensor slice(int axis, int start, int size) {
    return Tensor.run(new Slice(self().shape().axis(axis), start, size), self());
  }

  /** One entry of an axis, which goes away. */
  default Tensor select(int axis, int index) {
    return slice(axis, index, 1).reshape(self().shape().without(axis));
  }

  /** Zeros (or another value) around: {@code before[i]} and {@code after[i]} entries on axis i. */
  default Tensor pad(int[] before, int[] after, double value) {
    return Tensor.run(new Pad(before.clone(), after.clone(), value), self());
  }

  /** The entries of an axis at {@code index}, in that order, with repeats if it has any. */
  default Tensor gather(int axis, int... index) {
    return Tensor.run(new Gather(self().shape().axis(axis), index.clone()), self());
  }

  /**
   * Entries moved along an axis by {@code shift}, those that leave at the end coming back at the
   * beginning.
   */
  default Tensor roll(int axis, int shift) {
    int length = self().dim(axis);
    int by = Math.floorMod(shift, Math.max(length, 1));
    return by == 0
        ? self()
        : Tensor.concat(axis, slice(axis, length - by, by), slice(axis, 0, length - by));
  }

  /** Entries of an axis in reverse. */
  default Tensor flip(int axis) {
    int length = self().dim(axis);
    return gather(axis, IntStream.range(0, length).map(i -> length - 1 - i).toArray());
  }

  /** Parts of the given lengths along an axis. */
  default List<Tensor> split(int axis, int... sizes) {
    if (IntStream.of(sizes).sum() != self().dim(axis)) {
      throw new ShapeException(
          "split: parts "
              + Arrays.toString(sizes)
              + " of axis "
              + axis
              + " of "
              + self().shape()
              + " (expected: a sum of "
              + self().dim(axis)
              + ")");
    }
    List<Tensor> parts = new ArrayList<>();
    int start = 0;
    for (int size : sizes) {
      parts.add(slice(axis, start, size));
      start += size;
    }
    return parts;
  }
}
