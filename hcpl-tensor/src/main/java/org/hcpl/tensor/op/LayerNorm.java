package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * Every row of the last axis with mean 0 and variance 1 (biased), then times gamma plus beta (Ba et
 * al. 2016).
 */
public record LayerNorm(double eps) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    BatchNorm.requireChannels("layerNorm", inputs, "gamma", "beta");
    return inputs.get(0);
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    return normal(inputs.get(0), eps).mul(inputs.get(1)).add(inputs.get(2));
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    Tensor x = inputs.get(0);
    Tensor gamma = inputs.get(1);
    Tensor dX = x.requiresGrad() ? Tensor.run(new LayerNormGradient(eps), x, gamma, dOutput) : null;
    Tensor sums =
        gamma.requiresGrad() || inputs.get(2).requiresGrad()
            ? Tensor.run(new LayerNormSums(eps), x, dOutput)
            : null;
    return Gradients.of(
        dX, sums == null ? null : sums.select(0, 1), sums == null ? null : sums.select(0, 0));
  }

  /** {@code (x - mean) / sqrt(variance + eps)} over the last axis. */
  static Tensor normal(Tensor x, double eps) {
    Tensor deviation = x.sub(x.mean(true, -1));
    return deviation.mul(deviation.square().mean(true, -1).add(eps).pow(-0.5));
  }
}
