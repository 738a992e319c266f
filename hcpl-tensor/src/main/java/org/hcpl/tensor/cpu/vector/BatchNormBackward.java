package org.hcpl.tensor.cpu.vector;

import org.hcpl.tensor.cpu.Activation;

/**
 * The gradient of {@code y = activation((x - mean) rstd gamma + beta)} over {@code [rows, C]} with
 * mean and rstd those of x itself, in two passes that a caller can take apart. What goes into the
 * activation is computed again a cache-sized piece at a time instead of being kept.
 */
public final class BatchNormBackward {
  private final float[] x;
  private final int xo;
  private final float[] dy;
  private final int dyo;
  private final int rows;
  private final int c;
  private final float[] mean;
  private final float[] rstd;
  private final float[] scale;
  private final float[] shift;
  private final Activation activation;

  /**
   * Takes the arrays, without copies of the large ones.
   *
   * @param moments {@code [2, C]}: mean and biased variance
   */
  public BatchNormBackward(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      int rows,
      int c,
      float[] moments,
      int mo,
      double eps,
      float[] gamma,
      int go,
      float[] beta,
      int bo,
      Activation activation) {
    this.x = x;
    this.xo = xo;
    this.dy = dy;
    this.dyo = dyo;
    this.rows = rows;
    this.c = c;
    this.activation = activation;
    this.mean = java.util.Arrays.copyOfRange(moments, mo, mo + c);
    this.rstd = new float[c];
    VectorBatchNorm.rstd(moments, mo + c, eps, rstd, 0, c);
    this.scale = new float[c];
    this.shift = java.util.Arrays.copyOfRange(beta, bo, bo + c);
    for (int j = 0; j < c; j++) {
      scale[j] = rstd[j] * gamma[go + j];
    }
  }

  /** {@code [2, C]}: the sum over rows of dz, and of dz times the normalised x. */
  public void sums(float[] out, int oo) {
    double[] sums =
        Columns.sum(
            rows,
            c,
            2,
            (first, n, block) -> {
              int p = first * c;
              if (activation == Activation.NONE) {
                Columns.products(dy, dyo + p, x, xo + p, n, c, mean, 0, block);
                return;
              }
              if (activation == Activation.SILU && c % VectorMath.L == 0) {
                Columns.siluProducts(dy, dyo + p, x, xo + p, n, c, mean, scale, shift, block);
                return;
              }
              float[] dz = new float[n * c];
              for (int r = 0; r < n; r++) {
                slope(x, xo + p + r * c, mean, scale, shift, dy, dyo + p + r * c, dz, r * c, c);
              }
              Columns.products(dz, 0, x, xo + p, n, c, mean, 0, block);
            });
    for (int j = 0; j < c; j++) {
      out[oo + j] = (float) sums[j];
      out[oo + c + j] = (float) (sums[c + j] * rstd[j]);
    }
  }

  /** {@code dx = gamma rstd (dz - sums[0] / rows - xhat sums[1] / rows)}. */
  public void input(float[] sums, int so, float[] dx, int dxo) {
    if (rows == 0 || c == 0) {
      return;
    }
    float[] less = new float[c];
    float[] along = new float[c];
    for (int j = 0; j < c; j++) {
      double factor = (double) scale[j] / rows;
      less[j] = (float) (-sums[so + j] * factor);
      along[j] = (float) (sums[so + c + j] * rstd[j] * factor);
    }
    int width = ChannelTiles.width(c, rows);
    float[] centre = ChannelTiles.tile(mean, 0, c, width);
    float[] slopes = ChannelTiles.tile(along, 0, c, width);
    float[] shifts = ChannelTiles.tile(less, 0, c, width);
    float[] scales = ChannelTiles.tile(scale, 0, c, width);
    float[] betas = ChannelTiles.tile(shift, 0, c, width);
    ChannelRows.each(
        rows,
        c,
        width,
        (p, n) -> {
          if (activation == Activation.SILU && n >= VectorMath.L) {
            ChannelRows.siluGradient(
                x, xo + p, dy, dyo + p, centre, slopes, shifts, scales, betas, dx, dxo + p, n);
            return;
          }
          float[] dz = dy;
          int dzo = dyo + p;
          if (activation != Activation.NONE) {
            // dx is free to hold dz: the last step reads and writes it value by value.
            slope(x, xo + p, centre, scales, betas, dy, dyo + p, dx, dxo + p, n);
            dz = dx;
            dzo = dxo + p;
          }
          ChannelRows.gradient(x, xo + p, dz, dzo, centre, slopes, shifts, scales, dx, dxo + p, n);
        });
  }

  /** {@code dz = dy activation'((x - centre) a + b)}. */
  private void slope(
      float[] from,
      int fo,
      float[] centre,
      float[] a,
      float[] b,
      float[] dyRow,
      int dyr,
      float[] dz,
      int dzo,
      int n) {
    ChannelRows.centred(from, fo, centre, a, b, dz, dzo, n, Activation.NONE);
    switch (activation) {
      case NONE -> throw new IllegalStateException("batch norm: no activation has no slope");
      case RELU -> VectorUnaryGrad.relu(dz, dzo, dyRow, dyr, dz, dzo, n);
      case SILU -> VectorUnaryGrad.silu(dz, dzo, dyRow, dyr, dz, dzo, n);
    }
  }
}
