package org.hcpl.tensor.op;

import java.util.List;
import java.util.stream.IntStream;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * {@code then((x - mean) / sqrt(variance + eps) * gamma + beta)} with given statistics, every one
 * {@code [C]}: batch normalisation outside training (Ioffe and Szegedy 2015), and the activation
 * that follows it.
 */
public record BatchNorm(double eps, Unary then) implements Op {
  /** Without an activation. */
  public BatchNorm(double eps) {
    this(eps, new Identity());
  }

  @Override
  public Shape shape(List<Shape> inputs) {
    requireChannels("batchNorm", inputs, "mean", "variance", "gamma", "beta");
    return inputs.get(0);
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    if (!(then instanceof Identity)) {
      return Tensor.run(then, Tensor.run(new BatchNorm(eps), inputs));
    }
    Tensor scale = scale(inputs.get(2), inputs.get(3));
    Tensor shift = inputs.get(4).sub(inputs.get(1).mul(scale));
    return inputs.get(0).mul(scale).add(shift);
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    for (int i = 1; i < inputs.size(); i++) {
      if (inputs.get(i).requiresGrad()) {
        return Op.super.gradient(inputs, output, dOutput);
      }
    }
    Tensor dz = dOutput;
    if (!(then instanceof Identity)) {
      Tensor z = Tensor.run(new BatchNorm(eps), inputs);
      dz = Tensor.run(new UnaryGradient(then), z, output, dOutput);
    }
    return Gradients.of(dz.mul(scale(inputs.get(2), inputs.get(3))), null, null, null, null);
  }

  private Tensor scale(Tensor variance, Tensor gamma) {
    return variance.add(eps).pow(-0.5).mul(gamma);
  }

  /** All axes but the last. */
  static int[] allButLast(Tensor x) {
    return IntStream.range(0, x.rank() - 1).toArray();
  }

  static void requireChannels(String op, List<Shape> inputs, String... names) {
    Shape x = inputs.get(0);
    if (x.rank() < 1) {
      throw new ShapeException(op + ": input " + x + " (expected: [..., C])");
    }
    for (int i = 0; i < names.length; i++) {
      if (!inputs.get(i + 1).equals(Shape.of(x.dim(-1)))) {
        throw new ShapeException(
            op
                + ": "
                + names[i]
                + " "
                + inputs.get(i + 1)
                + " for input "
                + x
                + " (expected: ["
                + x.dim(-1)
                + "])");
      }
    }
  }
}
