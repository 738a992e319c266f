package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * Batch normalisation in training and the activation that follows it, from x, the moments of x
 * ({@code [2, C]}, see {@link Moments}), gamma and beta. The moments are passed so that running
 * statistics share them; the gradient of x takes them for functions of x all the same, and they get
 * none of their own.
 */
public record BatchNormTrain(double eps, Unary then) implements Op {
  /** Without an activation. */
  public BatchNormTrain(double eps) {
    this(eps, new Identity());
  }

  @Override
  public Shape shape(List<Shape> inputs) {
    requireMoments("batchNormTrain", inputs.get(0), inputs.get(1));
    BatchNorm.requireChannels(
        "batchNormTrain", List.of(inputs.get(0), inputs.get(2), inputs.get(3)), "gamma", "beta");
    return inputs.get(0);
  }

  static void requireMoments(String op, Shape x, Shape moments) {
    if (x.rank() < 2 || !moments.equals(Shape.of(2, x.dim(-1)))) {
      throw new ShapeException(
          op + ": moments " + moments + " for input " + x + " (expected: [2, C] for [..., C])");
    }
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    if (!(then instanceof Identity)) {
      return Tensor.run(then, Tensor.run(new BatchNormTrain(eps), inputs));
    }
    Tensor moments = inputs.get(1).detach();
    if (Grad.isOn() && inputs.get(0).requiresGrad()) {
      // The values given, with the gradient of the moments of x.
      Tensor own = inputs.get(0).moments();
      moments = moments.add(own.sub(own.detach()));
    }
    return Tensor.run(
        new BatchNorm(eps),
        inputs.get(0),
        moments.select(0, 0),
        moments.select(0, 1),
        inputs.get(2),
        inputs.get(3));
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    Tensor x = inputs.get(0);
    Tensor moments = inputs.get(1);
    Tensor gamma = inputs.get(2);
    Tensor beta = inputs.get(3);
    Tensor sums = Tensor.run(new BatchNormTrainSums(eps, then), x, moments, gamma, beta, dOutput);
    Tensor dX =
        x.requiresGrad()
            ? Tensor.run(
                new BatchNormTrainGradient(eps, then), x, moments, gamma, beta, sums, dOutput)
            : null;
    return Gradients.of(dX, null, sums.select(0, 1), sums.select(0, 0));
  }
}
