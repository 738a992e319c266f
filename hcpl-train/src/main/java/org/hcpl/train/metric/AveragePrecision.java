package org.hcpl.train.metric;

/** The area under a precision-recall curve. */
final class AveragePrecision {
  private AveragePrecision() {}

  /**
   * VOC's all-point average precision: precision is raised to the best that any larger recall
   * reaches, and summed over the steps of recall, {@code sum (r[i] - r[i-1]) * max(p[i..])}.
   *
   * @param recall rising, from predictions by falling confidence
   */
  static double ofCurve(double[] precision, double[] recall) {
    double area = 0;
    double best = 0;
    for (int i = recall.length - 1; i >= 0; i--) {
      best = Math.max(best, precision[i]);
      area += (recall[i] - (i == 0 ? 0 : recall[i - 1])) * best;
    }
    return area;
  }
}
