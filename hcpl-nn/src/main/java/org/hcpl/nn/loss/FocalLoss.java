package org.hcpl.nn.loss;

import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;

/**
 * The focal loss on logits (Lin et al. 2017): {@code alphaT * (1 - pT)^gamma *} {@link
 * BinaryCrossEntropy}, pT being the probability given to the right side; the gradient goes through
 * pT too.
 *
 * @param alpha weight of positives, 1 - alpha that of negatives; negative switches it off
 * @param gamma how much easy elements are played down; 0 switches it off
 */
public record FocalLoss(double alpha, double gamma, Reduction reduction) {
  /** The smallest base of the power: far below float32's resolution at 1, above its underflow. */
  private static final double SMALLEST = 1e-30;

  public FocalLoss {
    if (!(alpha <= 1) || !(gamma >= 0)) {
      throw new TensorException(
          "focalLoss: alpha " + alpha + ", gamma " + gamma + " (expected: alpha <= 1, gamma >= 0)");
    }
  }

  /** The mean over all elements, without alpha. */
  public FocalLoss(double gamma) {
    this(-1, gamma, Reduction.MEAN);
  }

  /**
   * The loss.
   *
   * @param logits {@code [..., K]}
   * @param labels of the same shape, in 0..1
   */
  public Tensor loss(Tensor logits, Tensor labels) {
    Tensor losses = BinaryCrossEntropy.elements(logits, labels, null);
    Tensor negatives = labels.affine(-1, 1);
    if (gamma > 0) {
      // 1 - pT as a sum of what each side got wrong: exact where pT is next to 1.
      Tensor missed = labels.mul(logits.neg().sigmoid()).add(negatives.mul(logits.sigmoid()));
      losses = losses.mul(missed.clamp(SMALLEST, 1).pow(gamma));
    }
    if (alpha >= 0) {
      losses = losses.mul(labels.mul(alpha).add(negatives.mul(1 - alpha)));
    }
    return reduction.apply(losses);
  }
}
