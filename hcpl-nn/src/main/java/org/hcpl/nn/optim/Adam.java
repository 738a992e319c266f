package org.hcpl.nn.optim;

import java.util.Map;
import org.hcpl.nn.Parameter;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.cpu.VectorSupport;
import org.hcpl.tensor.cpu.vector.VectorOptim;
import org.hcpl.tensor.spi.Span;

/**
 * Adam (Kingma and Ba 2015) as PyTorch's: {@code m = beta1 m + (1 - beta1) g}, {@code v = beta2 v +
 * (1 - beta2) g^2}, {@code p -= rate * mHat / (sqrt(vHat) + eps)}, the hats being the corrections
 * for the start. Weight decay is added to the gradient; see {@link AdamW} for the decoupled form.
 */
public class Adam extends Optimizer {
  /**
   * What can be set.
   *
   * @param decayVectors whether weight decay goes to biases and norms (parameters of rank 1 or 0)
   *     too
   */
  public record Options(
      double beta1, double beta2, double eps, double weightDecay, boolean decayVectors) {
    /** PyTorch's defaults without weight decay. */
    public static final Options DEFAULT = new Options(0.9, 0.999, 1e-8, 0, true);

    public Options {
      if (!(beta1 >= 0 && beta1 < 1)
          || !(beta2 >= 0 && beta2 < 1)
          || !(eps > 0)
          || !(weightDecay >= 0)) {
        throw new TensorException(
            "adam: betas "
                + beta1
                + ", "
                + beta2
                + ", eps "
                + eps
                + ", weightDecay "
                + weightDecay
                + " (expected: 0 <= beta < 1, eps > 0, weightDecay >= 0)");
      }
    }

    public Options betas(double first, double second) {
      return new Options(first, second, eps, weightDecay, decayVectors);
    }

    public Options eps(double value) {
      return new Options(beta1, beta2, value, weightDecay, decayVectors);
    }

    public Options weightDecay(double value) {
      return new Options(beta1, beta2, eps, value, decayVectors);
    }

    public Options decayVectors(boolean on) {
      return new Options(beta1, beta2, eps, weightDecay, on);
    }
  }

  private final Options options;
  private final boolean decoupled;

  public Adam(Map<String, Parameter> parameters, double learningRate, Options options) {
    this(parameters, learningRate, options, false);
  }

  Adam(Map<String, Parameter> parameters, double learningRate, Options options, boolean decoupled) {
    super(parameters, learningRate);
    this.options = options;
    this.decoupled = decoupled;
  }

  @Override
  protected final void update(
      String name, Parameter parameter, Span values, Span gradient, int step) {
    boolean decays = options.decayVectors() || parameter.shape().rank() > 1;
    double decay = decays ? options.weightDecay() : 0;
    float[] m = slot("exp_avg", name);
    float[] v = slot("exp_avg_sq", name);
    if (VectorSupport.available()) {
      VectorOptim.adam(
          values.array(),
          values.offset(),
          gradient.array(),
          gradient.offset(),
          m,
          0,
          v,
          0,
          values.size(),
          learningRate(),
          options.beta1(),
          options.beta2(),
          options.eps(),
          decay,
          decoupled,
          step,
          1);
      return;
    }
    plain(values, gradient, m, v, decay, step);
  }

  /** The same without the Vector API, in double. */
  private void plain(Span values, Span gradient, float[] m, float[] v, double decay, int step) {
    double added = decoupled ? 0 : decay;
    double kept = decoupled ? 1 - learningRate() * decay : 1;
    double beta1 = options.beta1();
    double beta2 = options.beta2();
    double eps = options.eps();
    double rate = learningRate() / (1 - Math.pow(beta1, step));
    double second = 1 / Math.sqrt(1 - Math.pow(beta2, step));
    float[] p = values.array();
    float[] dp = gradient.array();
    int at = values.offset();
    int gradientAt = gradient.offset();
    elements(
        values.size(),
        (start, end) -> {
          for (int i = start; i < end; i++) {
            double before = p[at + i];
            double g = dp[gradientAt + i] + added * before;
            double mean = beta1 * m[i] + (1 - beta1) * g;
            double square = beta2 * v[i] + (1 - beta2) * g * g;
            m[i] = (float) mean;
            v[i] = (float) square;
            p[at + i] = (float) (kept * before - rate * mean / (Math.sqrt(square) * second + eps));
          }
        });
  }
}
