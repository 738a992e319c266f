package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * What the gradient of {@link BatchNormTrain} sums over all pixels, from x, its moments and dy:
 * {@code [2, C]}, first the sum of dy (the gradient of beta), then that of {@code dy * (x - mean) /
 * sqrt(variance + eps)} (of gamma).
 */
public record BatchNormTrainSums(double eps) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    BatchNormTrain.requireMoments("batchNormTrainSums", inputs.get(0), inputs.get(1));
    return inputs.get(1);
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    Tensor dy = inputs.get(2);
    int c = x.dim(-1);
    int[] axes = BatchNorm.allButLast(x);
    Tensor normal = normal(x, inputs.get(1), eps);
    return Tensor.concat(
        0, dy.sum(false, axes).reshape(1, c), dy.mul(normal).sum(false, axes).reshape(1, c));
  }

  /** {@code (x - mean) / sqrt(variance + eps)}. */
  static Tensor normal(Tensor x, Tensor moments, double eps) {
    return x.sub(moments.select(0, 0)).mul(moments.select(0, 1).add(eps).pow(-0.5));
  }
}
