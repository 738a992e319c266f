package org.hcpl.nn.loss;

import static org.hcpl.tensor.io.Words.count;

import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;

/**
 * Cross-entropy of a softmax over the last axis with class numbers as targets, as PyTorch's: the
 * mean divides by the sum of the weights of the targets that are not ignored.
 *
 * @param labelSmoothing the share s of each target that is spread over all classes, 0 &lt;= s &lt;
 *     1
 * @param ignoreIndex targets of this number count nothing
 * @param classWeights one weight a class, or null for 1
 */
public record CrossEntropy(
    double labelSmoothing, int ignoreIndex, float[] classWeights, Reduction reduction) {
  /** No smoothing, no weights, ignoring -100, the mean. */
  public static final CrossEntropy DEFAULT = new CrossEntropy(0, -100, null, Reduction.MEAN);

  public CrossEntropy {
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new TensorException(
          "crossEntropy: label smoothing " + labelSmoothing + " (expected: 0 <= s < 1)");
    }
    classWeights = classWeights == null ? null : classWeights.clone();
  }

  public CrossEntropy labelSmoothing(double smoothing) {
    return new CrossEntropy(smoothing, ignoreIndex, classWeights, reduction);
  }

  public CrossEntropy ignoreIndex(int index) {
    return new CrossEntropy(labelSmoothing, index, classWeights, reduction);
  }

  public CrossEntropy classWeights(float... weights) {
    return new CrossEntropy(labelSmoothing, ignoreIndex, weights, reduction);
  }

  public CrossEntropy reduction(Reduction newReduction) {
    return new CrossEntropy(labelSmoothing, ignoreIndex, classWeights, newReduction);
  }

  /**
   * The loss.
   *
   * @param logits {@code [..., K]}
   * @param targets a class number or the ignored number for each row of logits
   * @return {@code []}, or {@code [...]} without reduction; a mean is NaN if all targets are
   *     ignored or there are none
   */
  public Tensor loss(Tensor logits, int... targets) {
    int classes = logits.dim(-1);
    if (logits.size() / Math.max(classes, 1) != targets.length
        || (classWeights != null && classWeights.length != classes)) {
      throw new ShapeException(
          "crossEntropy: logits "
              + logits.shape()
              + ", "
              + count(targets.length, "target")
              + ", "
              + (classWeights == null ? "no" : classWeights.length)
              + " class weights (expected: a target a row, no weights or one a class)");
    }
    // The loss is linear in the log-probabilities, and these are its coefficients.
    double[] coefficients = new double[logits.size()];
    double total = 0;
    for (int row = 0; row < targets.length; row++) {
      if (targets[row] == ignoreIndex) {
        continue;
      }
      if (targets[row] < 0 || targets[row] >= classes) {
        throw new TensorException(
            "crossEntropy: target "
                + targets[row]
                + " of row "
                + row
                + " (expected: 0.."
                + (classes - 1)
                + " or "
                + ignoreIndex
                + ")");
      }
      for (int k = 0; k < classes; k++) {
        coefficients[row * classes + k] = -labelSmoothing / classes * weight(k);
      }
      coefficients[row * classes + targets[row]] -= (1 - labelSmoothing) * weight(targets[row]);
      total += weight(targets[row]);
    }
    float[] values = new float[coefficients.length];
    // A class that is ruled out by a logit of -infinity counts nothing where its coefficient is 0.
    float[] lowest = new float[coefficients.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (reduction == Reduction.MEAN ? coefficients[i] / total : coefficients[i]);
      lowest[i] = coefficients[i] == 0 ? -Float.MAX_VALUE : Float.NEGATIVE_INFINITY;
    }
    Tensor logProbabilities = logits.logSoftmax(-1).maximum(constant(lowest, logits));
    Tensor terms = logProbabilities.mul(constant(values, logits));
    if (reduction == Reduction.MEAN && targets.length == 0) {
      return terms.mean();
    }
    return reduction == Reduction.NONE ? terms.sum(false, -1) : terms.sum();
  }

  private static Tensor constant(float[] values, Tensor like) {
    return Tensor.of(values, like.shape()).to(like.backend());
  }

  private double weight(int k) {
    return classWeights == null ? 1 : classWeights[k];
  }
}
