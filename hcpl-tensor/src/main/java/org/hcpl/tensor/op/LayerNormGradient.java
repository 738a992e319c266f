package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * The gradient of {@link LayerNorm} with respect to x, from x, gamma and dy. With {@code n} the
 * normalised row and {@code g = dy * gamma}:
 *
 * <pre>dx = (g - mean(g) - n * mean(g * n)) / sqrt(variance + eps)</pre>
 */
public record LayerNormGradient(double eps) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    BatchNorm.requireChannels("layerNormGradient", inputs.subList(0, 2), "gamma");
    return inputs.get(2).require("layerNormGradient", "dy", inputs.get(0));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    Tensor deviation = x.sub(x.mean(true, -1));
    Tensor inverse = deviation.square().mean(true, -1).add(eps).pow(-0.5);
    Tensor normal = deviation.mul(inverse);
    Tensor g = inputs.get(2).mul(inputs.get(1));
    return g.sub(g.mean(true, -1)).sub(normal.mul(g.mul(normal).mean(true, -1))).mul(inverse);
  }
}
