package org.hcpl.nn.optim;

import java.util.Collection;
import org.hcpl.nn.Parameter;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;

/** Limits the size of gradients before a step. */
public final class GradientClipping {
  /** PyTorch's, which keeps the quotient finite. */
  private static final double EPS = 1e-6;

  private GradientClipping() {}

  /**
   * Scales all gradients by {@code min(1, maxNorm / (norm + 1e-6))}, norm being the Euclidean norm
   * of all of them together.
   *
   * @return the norm before, infinite or NaN if a gradient is; then nothing is scaled
   */
  public static double byGlobalNorm(Collection<Parameter> parameters, double maxNorm) {
    if (!(maxNorm > 0)) {
      throw new TensorException("clipping: largest norm " + maxNorm + " (expected: > 0)");
    }
    double norm = globalNorm(parameters);
    double scale = maxNorm / (norm + EPS);
    if (Double.isFinite(norm) && scale < 1) {
      for (Parameter parameter : parameters) {
        if (parameter.grad() != null) {
          parameter.value().setGrad(parameter.grad().mul(scale));
        }
      }
    }
    return norm;
  }

  /** The Euclidean norm of all gradients together, summed in double. */
  public static double globalNorm(Collection<Parameter> parameters) {
    double sum = 0;
    for (Parameter parameter : parameters) {
      Tensor gradient = parameter.grad();
      if (gradient != null) {
        for (float g : gradient.toArray()) {
          sum += (double) g * g;
        }
      }
    }
    return Math.sqrt(sum);
  }
}
