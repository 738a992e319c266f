package org.hcpl.nn.loss;

import org.hcpl.tensor.Tensor;

/** What becomes of the losses of the single elements. */
public enum Reduction {
  /** Their mean over the number of elements, shape {@code []}. */
  MEAN,
  /** Their sum, shape {@code []}. */
  SUM,
  /** They stay as they are. */
  NONE;

  Tensor apply(Tensor losses) {
    return switch (this) {
      case MEAN -> losses.mean();
      case SUM -> losses.sum();
      case NONE -> losses;
    };
  }
}
