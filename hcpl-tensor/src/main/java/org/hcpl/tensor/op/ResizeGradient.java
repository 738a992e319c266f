package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * The gradient of {@link Resize} from dy: the transposed interpolation.
 *
 * @param h height of the input
 * @param w width of the input
 */
public record ResizeGradient(int h, int w, Resize.Mode mode) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape dy = inputs.get(0);
    Window.requireImage("resizeGradient", dy);
    return Shape.of(dy.dim(0), h, w, dy.dim(3));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor dy = inputs.get(0);
    float[] rows = Resize.weights(h, dy.dim(1), mode);
    float[] columns = Resize.weights(w, dy.dim(2), mode);
    return Resample.apply(
        dy,
        h,
        Resample.transpose(rows, dy.dim(1), h),
        w,
        Resample.transpose(columns, dy.dim(2), w));
  }
}
