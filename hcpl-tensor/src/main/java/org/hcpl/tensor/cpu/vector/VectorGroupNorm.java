package org.hcpl.tensor.cpu.vector;

import org.hcpl.tensor.cpu.Activation;

/**
 * Group normalisation of {@code [N, pixels, C]}: mean and biased variance over all pixels of C /
 * groups neighbouring channels of one image, then scale and shift by channel. Instance
 * normalisation is {@code groups == C}. Everything writes (does not accumulate).
 */
public final class VectorGroupNorm {
  private VectorGroupNorm() {}

  /**
   * Writes y and the {@code mean} and {@code rstd} {@code [N, groups]}, which the gradient wants.
   */
  public static void forward(
      float[] x,
      int xo,
      float[] gamma,
      int go,
      float[] beta,
      int bo,
      double eps,
      float[] y,
      int yo,
      float[] mean,
      int mo,
      float[] rstd,
      int ro,
      int n,
      int pixels,
      int c,
      int groups) {
    int each = channelsOfGroup(c, groups);
    float[] centre = new float[c];
    float[] scale = new float[c];
    for (int image = 0; image < n; image++) {
      int p = image * pixels * c;
      Moments moments = Moments.of(x, xo + p, pixels, c);
      for (int g = 0; g < groups; g++) {
        double m = 0;
        double squares = 0;
        for (int j = g * each; j < (g + 1) * each; j++) {
          m += moments.mean(j) / each;
        }
        for (int j = g * each; j < (g + 1) * each; j++) {
          double d = moments.mean(j) - m;
          squares += moments.squares(j) + d * d * pixels;
        }
        float k = (float) (1 / Math.sqrt(squares / ((double) each * pixels) + eps));
        mean[mo + image * groups + g] = (float) m;
        rstd[ro + image * groups + g] = k;
        for (int j = g * each; j < (g + 1) * each; j++) {
          centre[j] = (float) m;
          scale[j] = k * gamma[go + j];
        }
      }
      affine(x, xo + p, centre, scale, beta, bo, y, yo + p, pixels, c);
    }
  }

  private static void affine(
      float[] x,
      int xo,
      float[] centre,
      float[] scale,
      float[] beta,
      int bo,
      float[] y,
      int yo,
      int pixels,
      int c) {
    int width = ChannelTiles.width(c, pixels);
    float[] centres = ChannelTiles.tile(centre, 0, c, width);
    float[] scales = ChannelTiles.tile(scale, 0, c, width);
    float[] shifts = ChannelTiles.tile(beta, bo, c, width);
    ChannelRows.each(
        pixels,
        c,
        width,
        (p, count) ->
            ChannelRows.centred(
                x, xo + p, centres, scales, shifts, y, yo + p, count, Activation.NONE));
  }

  /** {@code dx}, and {@code dgamma}, {@code dbeta} summed over images and pixels. */
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
      int n,
      int pixels,
      int c,
      int groups) {
    int each = channelsOfGroup(c, groups);
    double[] gammaSums = new double[c];
    double[] betaSums = new double[c];
    float[] centre = new float[c];
    float[] scale = new float[c];
    float[] shift = new float[c];
    float[] slope = new float[c];
    for (int image = 0; image < n; image++) {
      int p = image * pixels * c;
      for (int j = 0; j < c; j++) {
        centre[j] = mean[mo + image * groups + j / each];
      }
      double[] sums =
          Columns.sum(
              pixels,
              c,
              2,
              (first, count, out) ->
                  Columns.products(
                      dy, dyo + p + first * c, x, xo + p + first * c, count, c, centre, 0, out));
      for (int g = 0; g < groups; g++) {
        double k = rstd[ro + image * groups + g];
        double meanG = 0;
        double meanProduct = 0;
        for (int j = g * each; j < (g + 1) * each; j++) {
          meanG += gamma[go + j] * sums[j];
          meanProduct += gamma[go + j] * sums[c + j] * k;
          betaSums[j] += sums[j];
          gammaSums[j] += sums[c + j] * k;
        }
        meanG /= (double) each * pixels;
        meanProduct /= (double) each * pixels;
        for (int j = g * each; j < (g + 1) * each; j++) {
          scale[j] = (float) (k * gamma[go + j]);
          shift[j] = (float) (-k * meanG);
          slope[j] = (float) (k * k * meanProduct);
        }
      }
      spread(x, xo + p, dy, dyo + p, centre, slope, shift, scale, dx, dxo + p, pixels, c);
    }
    for (int j = 0; j < c; j++) {
      dgamma[dgo + j] = (float) gammaSums[j];
      dbeta[dbo + j] = (float) betaSums[j];
    }
  }

  private static void spread(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] centre,
      float[] slope,
      float[] shift,
      float[] scale,
      float[] dx,
      int dxo,
      int pixels,
      int c) {
    int width = ChannelTiles.width(c, pixels);
    float[] centres = ChannelTiles.tile(centre, 0, c, width);
    float[] slopes = ChannelTiles.tile(slope, 0, c, width);
    float[] shifts = ChannelTiles.tile(shift, 0, c, width);
    float[] scales = ChannelTiles.tile(scale, 0, c, width);
    ChannelRows.each(
        pixels,
        c,
        width,
        (p, count) ->
            ChannelRows.gradient(
                x, xo + p, dy, dyo + p, centres, slopes, shifts, scales, dx, dxo + p, count));
  }

  private static int channelsOfGroup(int c, int groups) {
    if (groups <= 0 || c % groups != 0) {
      throw new IllegalArgumentException(
          "groupNorm: %d groups of %d channels (expected: a divisor of the channels)"
              .formatted(groups, c));
    }
    return c / groups;
  }
}
