package org.hcpl.models.segment;

/**
 * Compares a set of pixels with the ellipse of the same second moments. Among all shapes of a given
 * area the ellipse has the smallest determinant of its moments, so that the ratio tells how far a
 * shape is from one, at the cost of five sums.
 */
final class Ellipse {
  /** The variance of a point inside its pixel. */
  private static final double PIXEL = 1.0 / 12;

  private Ellipse() {}

  /** Area over {@code 4 pi sqrt(det(covariance))}, at most about 1. */
  static double likeness(
      double area, double sumX, double sumY, double sumXx, double sumYy, double sumXy) {
    double mx = sumX / area;
    double my = sumY / area;
    double xx = sumXx / area - mx * mx + PIXEL;
    double yy = sumYy / area - my * my + PIXEL;
    double xy = sumXy / area - mx * my;
    return area / (4 * Math.PI * Math.sqrt(Math.max(1e-12, xx * yy - xy * xy)));
  }

  /** Of each label; index 0 is of no use. */
  static double[] likeness(int[] labels, int width, int max) {
    double[][] sums = new double[6][max + 1];
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      if (label > 0) {
        double x = i % width;
        double y = i / width;
        sums[0][label]++;
        sums[1][label] += x;
        sums[2][label] += y;
        sums[3][label] += x * x;
        sums[4][label] += y * y;
        sums[5][label] += x * y;
      }
    }
    double[] out = new double[max + 1];
    for (int label = 1; label <= max; label++) {
      if (sums[0][label] > 0) {
        out[label] =
            likeness(
                sums[0][label],
                sums[1][label],
                sums[2][label],
                sums[3][label],
                sums[4][label],
                sums[5][label]);
      }
    }
    return out;
  }
}
