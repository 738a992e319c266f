package org.hcpl.nn.loss;

import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * Binary cross-entropy on logits x with labels z in 0..1, which may be soft:
 *
 * <pre>{@code weight * (positiveWeight * z * softplus(-x) + (1 - z) * softplus(x))}</pre>
 *
 * <p>Neither term cancels the other, so small losses keep their digits and large logits do not
 * overflow. The mean divides by the number of elements, not by the weights, as in PyTorch.
 *
 * @param weight of each element, broadcast to the logits; null for 1
 * @param positiveWeight of the positive part a class, broadcast to the logits; null for 1
 */
public record BinaryCrossEntropy(Tensor weight, Tensor positiveWeight, Reduction reduction) {
  /** Without weights, the mean over all elements. */
  public static final BinaryCrossEntropy DEFAULT =
      new BinaryCrossEntropy(null, null, Reduction.MEAN);

  public BinaryCrossEntropy weight(Tensor newWeight) {
    return new BinaryCrossEntropy(newWeight, positiveWeight, reduction);
  }

  public BinaryCrossEntropy positiveWeight(Tensor newPositiveWeight) {
    return new BinaryCrossEntropy(weight, newPositiveWeight, reduction);
  }

  public BinaryCrossEntropy reduction(Reduction newReduction) {
    return new BinaryCrossEntropy(weight, positiveWeight, newReduction);
  }

  /**
   * The loss.
   *
   * @param logits {@code [..., K]}
   * @param labels of the same shape, in 0..1
   */
  public Tensor loss(Tensor logits, Tensor labels) {
    Tensor losses = elements(logits, labels, positiveWeight);
    return reduction.apply(weight == null ? losses : losses.mul(weight));
  }

  static Tensor elements(Tensor logits, Tensor labels, Tensor positiveWeight) {
    if (!logits.shape().equals(labels.shape())) {
      throw new ShapeException(
          "binaryCrossEntropy: logits "
              + logits.shape()
              + ", labels "
              + labels.shape()
              + " (expected: the same shape)");
    }
    Tensor positive = labels.mul(logits.neg().softplus());
    if (positiveWeight != null) {
      positive = positive.mul(positiveWeight);
    }
    return positive.add(labels.affine(-1, 1).mul(logits.softplus()));
  }
}
