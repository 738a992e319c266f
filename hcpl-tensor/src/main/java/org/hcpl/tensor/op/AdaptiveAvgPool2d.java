package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * Means over {@code h x w} windows that cover the image: window i takes rows {@code floor(i * H /
 * h)} to {@code ceil((i + 1) * H / h)}, as PyTorch's.
 */
public record AdaptiveAvgPool2d(int h, int w) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Window.requireImage("adaptiveAvgPool2d", x);
    if (h < 1 || w < 1 || x.dim(1) < 1 || x.dim(2) < 1) {
      throw new ShapeException(
          "adaptiveAvgPool2d: " + x + " to " + h + "x" + w + " (expected: at least 1x1 of each)");
    }
    return Shape.of(x.dim(0), h, w, x.dim(3));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return Resample.apply(x, h, means(x.dim(1), h), w, means(x.dim(2), w));
  }

  private static float[] means(int from, int to) {
    float[] matrix = new float[to * from];
    for (int i = 0; i < to; i++) {
      int start = (int) ((long) i * from / to);
      int end = (int) (((long) (i + 1) * from + to - 1) / to);
      for (int j = start; j < end; j++) {
        matrix[i * from + j] = (float) (1.0 / (end - start));
      }
    }
    return matrix;
  }
}
