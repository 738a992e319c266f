package org.hcpl.nn.loss;

import java.util.Arrays;
import java.util.Comparator;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * The Lovász hinge (Yu and Blaschko 2015; Berman et al. 2018): a convex surrogate of the Jaccard
 * loss of a row's set of labels. Each row {@code [K]} of logits is one set; the loss is the mean
 * over rows.
 *
 * <p>With errors {@code e = 1 - x * (2z - 1)} in falling order it is the sum of {@code relu(e)}
 * times the growth of the Jaccard loss as that element joins the wrong ones. The symmetric form is
 * the mean of that loss and of the same loss with labels and signs exchanged, which counts the
 * absent classes as a set as well.
 *
 * @param symmetric whether the exchanged loss is averaged in
 */
public record LovaszHinge(boolean symmetric) {

  /**
   * The loss.
   *
   * @param logits {@code [N, K]}
   * @param labels {@code [N, K]}, each 0 or 1
   */
  public Tensor loss(Tensor logits, Tensor labels) {
    if (logits.rank() != 2 || !logits.shape().equals(labels.shape())) {
      throw new ShapeException(
          "lovaszHinge: logits "
              + logits.shape()
              + ", labels "
              + labels.shape()
              + " (expected: both [N, K])");
    }
    Tensor errors = logits.mul(labels.affine(-2, 1)).add(1);
    float[] weights = weights(errors.toArray(), labels.toArray(), logits.dim(1));
    Tensor weight = Tensor.of(weights, logits.shape()).to(logits.backend());
    return errors.relu().mul(weight).sum().div(logits.dim(0));
  }

  /** For each element the growth of its row's Jaccard loss at its place in the order of errors. */
  private float[] weights(float[] errors, float[] labels, int width) {
    float[] weights = new float[errors.length];
    for (int start = 0; start < errors.length; start += width) {
      int row = start;
      Integer[] order = new Integer[width];
      Arrays.setAll(order, i -> row + i);
      // A stable sort: equal errors keep their order, so the result is the same on every run.
      Arrays.sort(order, Comparator.comparing(i -> -errors[i]));
      add(weights, order, labels, true, symmetric ? 0.5 : 1);
      if (symmetric) {
        add(weights, order, labels, false, 0.5);
      }
    }
    return weights;
  }

  private static void add(
      float[] weights, Integer[] order, float[] labels, boolean present, double share) {
    double members = 0;
    for (int i : order) {
      members += member(labels[i], present);
    }
    double foundMembers = 0;
    double foundOthers = 0;
    double before = 0;
    for (int i : order) {
      double member = member(labels[i], present);
      foundMembers += member;
      foundOthers += 1 - member;
      double union = members + foundOthers;
      double jaccardLoss = 1 - (members - foundMembers) / union;
      weights[i] += (float) (share * (jaccardLoss - before));
      before = jaccardLoss;
    }
  }

  private static double member(float label, boolean present) {
    return present ? label : 1 - label;
  }
}
