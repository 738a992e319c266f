package org.hcpl.models.segment;

/**
 * Exact Euclidean distances in linear time (Felzenszwalb and Huttenlocher 2012, Theory of Computing
 * 8: lower envelopes of parabolas, rows after columns).
 */
final class DistanceTransform {
  private DistanceTransform() {}

  /**
   * For each pixel the squared distance to the nearest pixel that is false in the mask. Outside the
   * image counts as neither; without a false pixel all distances are {@link
   * Float#POSITIVE_INFINITY}.
   */
  static float[] squared(boolean[] mask, int height, int width) {
    double far = 1e12; // Beyond any distance, and its sums stay exact in double.
    double[] f = new double[Math.max(height, width)];
    double[] d = new double[f.length];
    int[] v = new int[f.length];
    double[] z = new double[f.length + 1];
    float[] out = new float[mask.length];
    double[] columns = new double[mask.length];
    for (int x = 0; x < width; x++) {
      // Along columns the distance to a mask is two running counts.
      double distance = far;
      for (int y = 0; y < height; y++) {
        distance = mask[y * width + x] ? distance + 1 : 0;
        columns[y * width + x] = distance;
      }
      distance = far;
      for (int y = height - 1; y >= 0; y--) {
        distance = mask[y * width + x] ? distance + 1 : 0;
        columns[y * width + x] = Math.min(columns[y * width + x], distance);
      }
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double column = columns[y * width + x];
        f[x] = column >= far ? far : column * column;
      }
      envelope(f, d, v, z, width);
      for (int x = 0; x < width; x++) {
        out[y * width + x] = d[x] >= far / 2 ? Float.POSITIVE_INFINITY : (float) d[x];
      }
    }
    return out;
  }

  /** {@code d[q] = min over p of f[p] + (q - p)^2}. */
  private static void envelope(double[] f, double[] d, int[] v, double[] z, int n) {
    int k = 0;
    v[0] = 0;
    z[0] = Double.NEGATIVE_INFINITY;
    z[1] = Double.POSITIVE_INFINITY;
    for (int q = 1; q < n; q++) {
      double s = meet(f, v[k], q);
      while (s <= z[k]) {
        k--;
        s = meet(f, v[k], q);
      }
      k++;
      v[k] = q;
      z[k] = s;
      z[k + 1] = Double.POSITIVE_INFINITY;
    }
    k = 0;
    for (int q = 0; q < n; q++) {
      while (z[k + 1] < q) {
        k++;
      }
      double away = q - v[k];
      d[q] = away * away + f[v[k]];
    }
  }

  private static double meet(double[] f, int p, int q) {
    return (f[q] - f[p] + (double) q * q - (double) p * p) / (2.0 * (q - p));
  }
}
