package org.hcpl.tensor.cpu.vector;

import org.hcpl.tensor.cpu.Parallel;

/**
 * Count, mean and sum of squared deviations of every column, joined block by block (Chan, Golub and
 * LeVeque 1983). A block is read twice while it is in the cache: memory is read once, and nothing
 * cancels.
 */
final class Moments {
  private long count;
  private final double[] mean;
  private final double[] squares;

  private Moments(int c) {
    mean = new double[c];
    squares = new double[c];
  }

  double mean(int i) {
    return count == 0 ? Double.NaN : mean[i];
  }

  /** The biased variance. */
  double variance(int i) {
    return count == 0 ? Double.NaN : squares[i] / count;
  }

  double squares(int i) {
    return squares[i];
  }

  static Moments of(float[] x, int xo, int rows, int c) {
    int pieces = Columns.pieces(rows, c);
    Moments[] parts = new Moments[pieces];
    Parallel.forRange(
        pieces,
        1,
        (begin, end) -> {
          float[] blockMean = new float[c];
          float[] deviations = new float[2 * c];
          for (int p = begin; p < end; p++) {
            Moments m = new Moments(c);
            int to = (int) ((long) rows * (p + 1) / pieces);
            for (int row = (int) ((long) rows * p / pieces); row < to; row += Columns.BLOCK_ROWS) {
              int n = Math.min(Columns.BLOCK_ROWS, to - row);
              Columns.values(x, xo + row * c, n, c, blockMean, 0);
              float scale = 1f / n;
              for (int j = 0; j < c; j++) {
                blockMean[j] *= scale;
              }
              Columns.deviations(x, xo + row * c, n, c, blockMean, deviations);
              m.join(n, blockMean, deviations);
            }
            parts[p] = m;
          }
        });
    for (int p = 1; p < pieces; p++) {
      parts[0].join(parts[p]);
    }
    return parts[0];
  }

  /**
   * The deviations from the rounded mean do not quite add up to 0: what is left corrects both
   * moments.
   */
  private void join(int n, float[] roundedMean, float[] deviations) {
    int c = mean.length;
    double total = count + n;
    double weight = n / total;
    double cross = count * weight;
    for (int j = 0; j < c; j++) {
      double left = deviations[j] / (double) n;
      double delta = roundedMean[j] + left - mean[j];
      mean[j] += delta * weight;
      squares[j] += deviations[c + j] - left * deviations[j] + delta * delta * cross;
    }
    count += n;
  }

  private void join(Moments other) {
    double total = count + other.count;
    double weight = other.count / total;
    double cross = count * weight;
    for (int j = 0; j < mean.length; j++) {
      double delta = other.mean[j] - mean[j];
      mean[j] += delta * weight;
      squares[j] += other.squares[j] + delta * delta * cross;
    }
    count += other.count;
  }
}
