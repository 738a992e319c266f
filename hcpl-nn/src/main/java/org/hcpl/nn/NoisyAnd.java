package org.hcpl.nn;

import java.util.Arrays;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;

/**
 * Noisy-AND pooling for multiple-instance learning (Kraus, Ba and Frey 2016), {@code [N, H, W, C]
 * -> [N, C]}: with m the mean probability of class c over all positions,
 *
 * <pre>{@code P = (sig(a (m - b)) - sig(-a b)) / (sig(a (1 - b)) - sig(-a b))}</pre>
 *
 * <p>computed as {@code sig(a (m - b)) / sig(a (1 - b)) * (1 - exp(-a m)) / (1 - exp(-a))}, the
 * same without a difference of two numbers that a small slope makes equal: towards a = 0 it is m.
 *
 * <p>The slope {@code a} is fixed; the threshold b is the parameter {@code b} {@code [C]}, 0 at
 * first, and is put back into 0..1 before each forward pass in training.
 */
public final class NoisyAnd extends Module {
  private final double slope;
  private final Parameter threshold;

  /** With slope 5, as GapNet-PL's authors have it. */
  public NoisyAnd(int classes) {
    this(classes, 5);
  }

  /**
   * @param slope a, 1e-30 to 1e30
   */
  public NoisyAnd(int classes, double slope) {
    if (!(slope >= 1e-30 && slope <= 1e30)) {
      throw new TensorException("noisyAnd: slope " + slope + " (expected: 1e-30 to 1e30)");
    }
    this.slope = slope;
    this.threshold = parameter("b", Layout.PLAIN, classes);
  }

  /**
   * The pooling as a function.
   *
   * @param p probabilities {@code [N, H, W, C]}
   * @param a slope, {@code []}; 1e-30 to 1e30. Its own gradient loses digits below 1e-3
   * @param b thresholds {@code [C]} in 0..1
   * @return {@code [N, C]}, 0 where m is 0 and 1 where m is 1
   */
  public static Tensor pool(Tensor p, Tensor a, Tensor b) {
    Tensor mean = p.globalAvgPool();
    Tensor rise = a.mul(mean.sub(b)).sigmoid().div(a.mul(b.affine(-1, 1)).sigmoid());
    return rise.mul(saturation(a.mul(mean)).div(saturation(a)));
  }

  /** {@code 1 - exp(-t)}, also of small t: {@code 2 tanh(t / 2) / (1 + tanh(t / 2))}. */
  private static Tensor saturation(Tensor t) {
    Tensor half = t.mul(0.5).tanh();
    return half.mul(2).div(half.add(1));
  }

  /** The thresholds, {@code [C]}. */
  public Parameter threshold() {
    return threshold;
  }

  @Override
  protected void reset(Rng rng) {
    threshold.fill(0);
  }

  @Override
  public Tensor forward(Tensor x) {
    if (isTraining()) {
      project();
    }
    return pool(x, Tensor.scalar(slope).to(x.backend()), threshold.value());
  }

  /**
   * A projection, not a clamp inside the formula: a clamped value would have no gradient and could
   * never come back. Values inside are not written to, as an earlier forward pass may still need
   * them for its gradient.
   */
  private void project() {
    try (Grad.Mode mode = Grad.off()) {
      Tensor clamped = threshold.value().clamp(0, 1);
      if (!Arrays.equals(clamped.toArray(), threshold.value().toArray())) {
        threshold.set(clamped);
      }
    }
  }
}
