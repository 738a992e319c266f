package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * The gradient of {@link BatchNormTrain} with respect to x, from x, its moments, gamma, the {@link
 * BatchNormTrainSums} and dy. With m values a channel and {@code n = (x - mean) / sqrt(variance +
 * eps)}:
 *
 * <pre>dx = gamma / sqrt(variance + eps) * (dy - sums[0] / m - n * sums[1] / m)</pre>
 */
public record BatchNormTrainGradient(double eps) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    BatchNormTrain.requireMoments("batchNormTrainGradient", inputs.get(0), inputs.get(1));
    return inputs.get(0);
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    Tensor moments = inputs.get(1);
    Tensor sums = inputs.get(3);
    double count = (double) x.size() / x.dim(-1);
    Tensor means = sums.div(count);
    Tensor normal = BatchNormTrainSums.normal(x, moments, eps);
    Tensor scale = moments.select(0, 1).add(eps).pow(-0.5).mul(inputs.get(2));
    return inputs.get(4).sub(means.select(0, 0)).sub(normal.mul(means.select(0, 1))).mul(scale);
  }
}
