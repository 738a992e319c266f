package org.hcpl.nn.optim;

import java.util.Map;
import org.hcpl.nn.Parameter;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.cpu.VectorSupport;
import org.hcpl.tensor.cpu.vector.VectorOptim;
import org.hcpl.tensor.spi.Span;

/**
 * Stochastic gradient descent as PyTorch's: {@code g += weightDecay * p + l1 * sign(p)}; {@code m =
 * momentum * m + g}, m being g at the first step; {@code p -= rate * m}, or with Nesterov's form
 * {@code p -= rate * (g + momentum * m)}.
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
      if (!(momentum >= 0 && momentum < 1) || !(weightDecay >= 0) || !(l1 >= 0)) {
        throw new TensorException(
            "sgd: momentum "
                + momentum
                + ", weightDecay "
                + weightDecay
                + ", l1 "
                + l1
                + " (expected: 0 <= momentum < 1, the others >= 0)");
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
    // Not in the options, which may be given one after the other.
    if (options.nesterov() && options.momentum() == 0) {
      throw new TensorException("sgd: Nesterov's form with momentum 0 (expected: > 0)");
    }
    this.options = options;
  }

  @Override
  protected void update(String name, Parameter parameter, Span values, Span gradient, int step) {
    double rate = learningRate();
    double momentum = options.momentum();
    double decay = options.weightDecay();
    double l1 = options.l1();
    boolean nesterov = options.nesterov();
    float[] p = values.array();
    float[] dp = gradient.array();
    int at = values.offset();
    int gradientAt = gradient.offset();
    // The buffer starts at zero, so momentum * m + g is g at the first step.
    float[] m = momentum == 0 ? null : slot("momentum_buffer", name);
    if (l1 == 0 && VectorSupport.available()) {
      VectorOptim.sgd(
          p,
          at,
          dp,
          gradientAt,
          m,
          0,
          values.size(),
          (float) rate,
          (float) momentum,
          nesterov,
          (float) decay,
          1);
      return;
    }
    elements(
        values.size(),
        (start, end) -> {
          for (int i = start; i < end; i++) {
            double before = p[at + i];
            double g = dp[gradientAt + i] + decay * before + l1 * Math.signum(before);
            if (m != null) {
              double velocity = momentum * m[i] + g;
              m[i] = (float) velocity;
              g = nesterov ? g + momentum * velocity : velocity;
            }
            p[at + i] = (float) (before - rate * g);
          }
        });
  }
}
