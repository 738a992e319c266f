package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * The gradients of beta and gamma of {@link LayerNorm}, from x and dy: {@code [2, C]}, first the
 * sum of dy over all rows, then that of dy times the normalised row.
 */
public record LayerNormSums(double eps) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    inputs.get(1).require("layerNormSums", "dy", x);
    return Shape.of(2, x.dim(-1));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    Tensor dy = inputs.get(1);
    Shape channels = Shape.of(x.dim(-1));
    return Tensor.stack(
        0, List.of(dy.sumTo(channels), dy.mul(LayerNorm.normal(x, eps)).sumTo(channels)));
  }
}
