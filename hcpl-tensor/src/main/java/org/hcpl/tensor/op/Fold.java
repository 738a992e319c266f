package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * Adds what every window holds to the pixels that it sees, the gradient of {@link Unfold}: {@code
 * [N, outH, outW, kernelH, kernelW, C] -> [N, h, w, C]}.
 */
public record Fold(Window window, int h, int w) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape in = inputs.get(0);
    Shape expected =
        Shape.of(
            in.dim(0),
            window.outH(h),
            window.outW(w),
            window.kernelH(),
            window.kernelW(),
            in.dim(-1));
    if (!in.equals(expected)) {
      throw new ShapeException("fold: input " + in + " (expected: " + expected + ")");
    }
    return Shape.of(in.dim(0), h, w, in.dim(5));
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return List.of(Tensor.run(new Unfold(window), dOutput));
  }
}
