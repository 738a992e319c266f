package org.hcpl.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * What the gradient of {@link BatchNormTrain} sums over all pixels, from x, its moments, gamma,
 * beta and dy. With {@code n = (x - mean) / sqrt(variance + eps)}, {@code z = n * gamma + beta} and
 * {@code dz = dy * then'(z)} it is {@code [2, C]}: the sum of dz (the gradient of beta), and that
 * of {@code dz * n} (of gamma).
 */
public record BatchNormTrainSums(double eps, Unary then) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    BatchNormTrain.requireMoments("batchNormTrainSums", inputs.get(0), inputs.get(1));
    BatchNorm.requireChannels(
        "batchNormTrainSums",
        List.of(inputs.get(0), inputs.get(2), inputs.get(3)),
        "gamma",
        "beta");
    inputs.get(4).require("batchNormTrainSums", "dy", inputs.get(0));
    return inputs.get(1);
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    if (!(then instanceof Identity)) {
      List<Tensor> all = new ArrayList<>(inputs);
      all.set(4, dz(eps, then, inputs.subList(0, 4), inputs.get(4)));
      return Tensor.run(new BatchNormTrainSums(eps, new Identity()), all);
    }
    Tensor x = inputs.get(0);
    Tensor dz = inputs.get(4);
    int c = x.dim(-1);
    int[] axes = BatchNorm.allButLast(x);
    Tensor normal = normal(x, inputs.get(1), eps);
    return Tensor.concat(
        0, dz.sum(false, axes).reshape(1, c), dz.mul(normal).sum(false, axes).reshape(1, c));
  }

  /** {@code (x - mean) / sqrt(variance + eps)}. */
  static Tensor normal(Tensor x, Tensor moments, double eps) {
    return x.sub(moments.select(0, 0)).mul(moments.select(0, 1).add(eps).pow(-0.5));
  }

  /**
   * The gradient of what the activation gets.
   *
   * @param inputs of {@link BatchNormTrain}
   */
  static Tensor dz(double eps, Unary then, List<Tensor> inputs, Tensor dy) {
    Tensor z = Tensor.run(new BatchNormTrain(eps), inputs);
    return Tensor.run(new UnaryGradient(then), z, Tensor.run(then, z), dy);
  }
}
