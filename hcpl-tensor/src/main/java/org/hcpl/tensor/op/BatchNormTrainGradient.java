package org.hcpl.tensor.op;

import java.util.ArrayList;
import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * The gradient of {@link BatchNormTrain} with respect to x, from x, its moments, gamma, beta, the
 * {@link BatchNormTrainSums} and dy. With m values a channel, and n and dz as there:
 *
 * <pre>dx = gamma / sqrt(variance + eps) * (dz - sums[0] / m - n * sums[1] / m)</pre>
 */
public record BatchNormTrainGradient(double eps, Unary then) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    BatchNormTrain.requireMoments("batchNormTrainGradient", inputs.get(0), inputs.get(1));
    BatchNorm.requireChannels(
        "batchNormTrainGradient",
        List.of(inputs.get(0), inputs.get(2), inputs.get(3)),
        "gamma",
        "beta");
    inputs.get(4).require("batchNormTrainGradient", "sums", inputs.get(1));
    return inputs.get(5).require("batchNormTrainGradient", "dy", inputs.get(0));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    if (!(then instanceof Identity)) {
      List<Tensor> all = new ArrayList<>(inputs);
      all.set(5, BatchNormTrainSums.dz(eps, then, inputs.subList(0, 4), inputs.get(5)));
      return Tensor.run(new BatchNormTrainGradient(eps, new Identity()), all);
    }
    Tensor x = inputs.get(0);
    Tensor moments = inputs.get(1);
    Tensor gamma = inputs.get(2);
    Tensor means = inputs.get(4).div((double) x.size() / x.dim(-1));
    Tensor normal = BatchNormTrainSums.normal(x, moments, eps);
    return inputs
        .get(5)
        .sub(means.select(0, 0))
        .sub(normal.mul(means.select(0, 1)))
        .mul(moments.select(0, 1).add(eps).pow(-0.5).mul(gamma));
  }
}
