package org.hcpl.models.localise;

import static org.hcpl.tensor.io.Words.count;

import java.util.Arrays;
import org.hcpl.models.ModelException;

/**
 * Fuses what the image stream and the cell stream of a {@link Dsa} say (Husain et al. 2023, "Image
 * and cell level fusion"): for a class whose two predictions correlate over many cells by more than
 * a threshold, a cell gets the product of both probabilities; for the others, which single cells of
 * an image have and others have not, it gets the cell's alone.
 */
public final class CorrelationGate {
  /** The paper's threshold on the correlation. */
  public static final double PAPER_THRESHOLD = 0.32;

  private final double[] correlations;
  private final double threshold;

  private CorrelationGate(double[] correlations, double threshold) {
    this.correlations = correlations;
    this.threshold = threshold;
  }

  /** The product for every class. */
  public static CorrelationGate productOf(int classes) {
    double[] open = new double[classes];
    Arrays.fill(open, 1);
    return new CorrelationGate(open, -1);
  }

  /** From correlations that were measured before, one a class. */
  public static CorrelationGate of(double[] correlations, double threshold) {
    return new CorrelationGate(correlations.clone(), threshold);
  }

  /**
   * Measures Pearson's correlation of each class over cells. A class whose prediction does not vary
   * has correlation 0.
   *
   * @param image the image stream's probabilities of each cell's image, {@code [cells][classes]}
   * @param cell the cell stream's, {@code [cells][classes]}
   * @param threshold such as {@link #PAPER_THRESHOLD}
   */
  public static CorrelationGate fit(float[][] image, float[][] cell, double threshold) {
    if (image.length != cell.length || image.length == 0) {
      throw new ModelException(
          "correlation gate: "
              + image.length
              + " and "
              + count(cell.length, "cell")
              + " (expected: the same number, at least one)");
    }
    double[] correlations = new double[image[0].length];
    for (int c = 0; c < correlations.length; c++) {
      correlations[c] = correlation(image, cell, c);
    }
    return new CorrelationGate(correlations, threshold);
  }

  private static double correlation(float[][] image, float[][] cell, int c) {
    double meanImage = 0;
    double meanCell = 0;
    for (int i = 0; i < image.length; i++) {
      meanImage += image[i][c] / image.length;
      meanCell += cell[i][c] / image.length;
    }
    double product = 0;
    double squareImage = 0;
    double squareCell = 0;
    for (int i = 0; i < image.length; i++) {
      double a = image[i][c] - meanImage;
      double b = cell[i][c] - meanCell;
      product += a * b;
      squareImage += a * a;
      squareCell += b * b;
    }
    double scale = Math.sqrt(squareImage) * Math.sqrt(squareCell);
    return scale == 0 ? 0 : product / scale;
  }

  /** The correlation of each class. */
  public double[] correlations() {
    return correlations.clone();
  }

  /** Whether a class gets the product. */
  public boolean isOpen(int c) {
    return correlations[c] > threshold;
  }

  /**
   * The fused probabilities of one cell.
   *
   * @param image of the cell's image, one a class
   * @param cell of the cell
   */
  public float[] fuse(float[] image, float[] cell) {
    if (image.length != correlations.length || cell.length != correlations.length) {
      throw new ModelException(
          "correlation gate: "
              + image.length
              + " and "
              + cell.length
              + " probabilities (expected: "
              + correlations.length
              + ", one a class)");
    }
    float[] fused = cell.clone();
    for (int c = 0; c < fused.length; c++) {
      if (isOpen(c)) {
        fused[c] *= image[c];
      }
    }
    return fused;
  }
}
