package org.hcpl.tensor.op;

import java.util.Arrays;
import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/** Axes in another order: axis i of the result is axis {@code axes[i]} of the input. */
public record Permute(int... axes) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape in = inputs.get(0);
    int[] dims = new int[axes.length];
    boolean[] used = new boolean[in.rank()];
    for (int i = 0; i < axes.length; i++) {
      if (axes.length != in.rank() || axes[i] < 0 || axes[i] >= in.rank() || used[axes[i]]) {
        throw new ShapeException(
            "permute: axes "
                + Arrays.toString(axes)
                + " of "
                + in
                + " (expected: every axis once)");
      }
      used[axes[i]] = true;
      dims[i] = in.dim(axes[i]);
    }
    return Shape.of(dims);
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    int[] back = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      back[axes[i]] = i;
    }
    return List.of(dOutput.permute(back));
  }
}
