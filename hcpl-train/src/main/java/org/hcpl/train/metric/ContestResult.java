package org.hcpl.train.metric;

import java.util.List;

/**
 * Scores of {@link ContestMetric}.
 *
 * @param meanAveragePrecision over the classes that have true cells, 0..1; NaN if none has
 * @param perClass in the order of the labels
 * @param images how many were scored
 * @param unpredicted ids of images of the truth that the submission does not have; they count as
 *     without predictions
 * @param unknown ids of images of the submission that the truth does not have; they were left out
 */
public record ContestResult(
    double meanAveragePrecision,
    List<OfClass> perClass,
    int images,
    List<String> unpredicted,
    List<String> unknown) {
  public ContestResult {
    perClass = List.copyOf(perClass);
    unpredicted = List.copyOf(unpredicted);
    unknown = List.copyOf(unknown);
  }

  /**
   * Scores of a class.
   *
   * @param averagePrecision 0..1; NaN if no image has a true cell of the class
   * @param instances true cells
   * @param predictions that were counted, right or wrong
   * @param right how many of them found a cell
   * @param ignored predictions in images for which the class is not verified
   * @param precision after each prediction, by falling confidence, {@code [predictions]}
   * @param recall after each prediction, {@code [predictions]}
   * @param confidence of each prediction, falling, {@code [predictions]}
   */
  public record OfClass(
      int label,
      String name,
      double averagePrecision,
      int instances,
      int predictions,
      int right,
      int ignored,
      double[] precision,
      double[] recall,
      double[] confidence) {}
}
