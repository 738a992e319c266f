package org.hcpl.nn.optim;

import java.util.Map;
import org.hcpl.nn.Parameter;
import org.hcpl.tensor.TensorException;

/**
 * Stochastic gradient descent as PyTorch's: {@code g += weightDecay * p}; {@code m = momentum * m +
 * g}, m being g at the first step; {@code p -= rate * m}, or with Nesterov's form {@code p -= rate
 * * (g + momentum * m)}.
 */
public final class Sgd extends Optimizer {
  /**
   * What can be set.
   *
   * @param l1 added to the gradient times the sign of the parameter
   */
  public record Options(double momentum, boolean nesterov, double weightDecay, double l1) {
    /** Plain descent. */
    public static final Options DEFAULT = new Options(0, false, 0, 0);

    public Options {
      if (!(momentum >= 0 && momentum < 1) || weightDecay < 0 || l1 < 0) {
        throw new TensorException(
            "sgd: momentum "
                + momentum
                + ", weightDecay "
                + weightDecay
                + ", l1 "
                + l1
                + " (expected: 0 <= momentum < 1, the others >= 0)");
      }
      if (nesterov && momentum == 0) {
        throw new TensorException("sgd: Nesterov's form with momentum 0 (expected: > 0)");
      }
    }

    public Options momentum(double value) {
      return new Options(value, nesterov, weightDecay, l1);
    }

    public Options nesterov(boolean on) {
      return new Options(momentum, on, weightDecay, l1);
    }

    public Options weightDecay(double value) {
      return new Options(momentum, nesterov, value, l1);
    }

    public Options l1(double value) {
      return new Options(momentum, nesterov, weightDecay, value);
    }
  }

  private final Options options;

  public Sgd(Map<String, Parameter> parameters, double learningRate, Options options) {
    super(parameters, learningRate);
    this.options = options;
  }

  @Override
  protected void update(String name, Parameter parameter, float[] p, float[] gradient, int step) {
    double rate = learningRate();
    double momentum = options.momentum();
    // The buffer starts at zero, so momentum * m + g is g at the first step.
    float[] m = momentum == 0 ? null : slot("momentum_buffer", name);
    for (int i = 0; i < p.length; i++) {
      double g = gradient[i] + options.weightDecay() * p[i] + options.l1() * Math.signum(p[i]);
      if (m != null) {
        double velocity = momentum * m[i] + g;
        m[i] = (float) velocity;
        g = options.nesterov() ? g + momentum * velocity : velocity;
      }
      p[i] = (float) (p[i] - rate * g);
    }
  }
}
