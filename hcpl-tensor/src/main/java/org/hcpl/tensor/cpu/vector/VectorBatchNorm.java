package org.hcpl.tensor.cpu.vector;

import org.hcpl.tensor.cpu.Activation;

/**
 * Batch normalisation of {@code [rows, C]} (images: rows = N H W), per channel
 *
 * <pre>
 * y = (x - mean) rstd gamma + beta,   rstd = 1 / sqrt(var + eps)
 * </pre>
 *
 * Everything writes (does not accumulate). Variances are biased; running averages and the unbiased
 * factor {@code rows / (rows - 1)} are the caller's.
 */
public final class VectorBatchNorm {
  private VectorBatchNorm() {}

  /** Mean and biased variance {@code [C]} over the rows; memory is read once. */
  public static void moments(
      float[] x, int xo, int rows, int c, float[] mean, int mo, float[] variance, int vo) {
    Moments moments = Moments.of(x, xo, rows, c);
    for (int j = 0; j < c; j++) {
      mean[mo + j] = (float) moments.mean(j);
      variance[vo + j] = (float) moments.variance(j);
    }
  }

  /** {@code rstd[j] = 1 / sqrt(variance[j] + eps)}. */
  public static void rstd(float[] variance, int vo, double eps, float[] rstd, int ro, int c) {
    for (int j = 0; j < c; j++) {
      rstd[ro + j] = (float) (1 / Math.sqrt(variance[vo + j] + eps));
    }
  }

  /**
   * {@code y = activation(x scale + shift)} with {@code scale} and {@code shift} of shape {@code
   * [C]}: evaluation mode.
   */
  public static void affine(
      float[] x,
      int xo,
      float[] scale,
      int so,
      float[] shift,
      int sho,
      float[] y,
      int yo,
      int rows,
      int c,
      Activation activation) {
    if (rows == 0 || c == 0) {
      return;
    }
    int width = ChannelTiles.width(c, rows);
    float[] a = ChannelTiles.tile(scale, so, c, width);
    float[] b = ChannelTiles.tile(shift, sho, c, width);
    ChannelRows.each(
        rows, c, width, (p, n) -> ChannelRows.affine(x, xo + p, a, b, y, yo + p, n, activation));
  }

  /** {@code y = activation((x - mean) rstd gamma + beta)} with parameters of shape {@code [C]}. */
  public static void normalise(
      float[] x,
      int xo,
      float[] mean,
      int mo,
      float[] rstd,
      int ro,
      float[] gamma,
      int go,
      float[] beta,
      int bo,
      float[] y,
      int yo,
      int rows,
      int c,
      Activation activation) {
    if (rows == 0 || c == 0) {
      return;
    }
    int width = ChannelTiles.width(c, rows);
    float[] scale = new float[c];
    for (int j = 0; j < c; j++) {
      scale[j] = rstd[ro + j] * gamma[go + j];
    }
    float[] centre = ChannelTiles.tile(mean, mo, c, width);
    float[] a = ChannelTiles.tile(scale, 0, c, width);
    float[] b = ChannelTiles.tile(beta, bo, c, width);
    ChannelRows.each(
        rows,
        c,
        width,
        (p, n) -> ChannelRows.centred(x, xo + p, centre, a, b, y, yo + p, n, activation));
  }

  /**
   * Gradients in two passes: the sums {@code dbeta = sum dy} and {@code dgamma = sum dy xhat}, then
   * {@code dx = gamma rstd (dy - dbeta / rows - xhat dgamma / rows)}.
   *
   * @param training whether mean and rstd are those of x itself; where they are constants
   *     (evaluation mode) {@code dx = gamma rstd dy}
   */
  public static void gradient(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] mean,
      int mo,
      float[] rstd,
      int ro,
      float[] gamma,
      int go,
      float[] dx,
      int dxo,
      float[] dgamma,
      int dgo,
      float[] dbeta,
      int dbo,
      int rows,
      int c,
      boolean training) {
    double[] sums =
        Columns.sum(
            rows,
            c,
            2,
            (first, n, out) ->
                Columns.products(dy, dyo + first * c, x, xo + first * c, n, c, mean, mo, out));
    float[] shift = new float[c];
    float[] slope = new float[c];
    float[] scale = new float[c];
    for (int j = 0; j < c; j++) {
      double r = rstd[ro + j];
      dbeta[dbo + j] = (float) sums[j];
      dgamma[dgo + j] = (float) (sums[c + j] * r);
      scale[j] = (float) (r * gamma[go + j]);
      if (training) {
        shift[j] = (float) (-sums[j] / rows * r * gamma[go + j]);
        slope[j] = (float) (sums[c + j] * r * r / rows * r * gamma[go + j]);
      }
    }
    if (rows == 0 || c == 0) {
      return;
    }
    int width = ChannelTiles.width(c, rows);
    float[] centre = ChannelTiles.tile(mean, mo, c, width);
    float[] slopes = ChannelTiles.tile(slope, 0, c, width);
    float[] shifts = ChannelTiles.tile(shift, 0, c, width);
    float[] scales = ChannelTiles.tile(scale, 0, c, width);
    ChannelRows.each(
        rows,
        c,
        width,
        (p, n) ->
            ChannelRows.gradient(
                x, xo + p, dy, dyo + p, centre, slopes, shifts, scales, dx, dxo + p, n));
  }
}
