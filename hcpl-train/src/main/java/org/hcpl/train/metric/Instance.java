package org.hcpl.train.metric;

/**
 * A cell with a label: a prediction, or the truth. A cell with several labels is as many instances
 * that share one mask.
 *
 * @param label index into the class list
 * @param confidence by which predictions are ranked; any finite number, 1 for truth
 * @param groupOf in the truth: stands for several cells that were not told apart
 * @param mask the cell's pixels
 */
public record Instance(int label, double confidence, boolean groupOf, Mask mask) {
  public Instance {
    if (!Double.isFinite(confidence)) {
      throw new MetricException(
          "instance: confidence " + confidence + " of label " + label + " (expected: a number)");
    }
  }

  /** A prediction, or true cell that is not a group. */
  public Instance(int label, double confidence, Mask mask) {
    this(label, confidence, false, mask);
  }
}
