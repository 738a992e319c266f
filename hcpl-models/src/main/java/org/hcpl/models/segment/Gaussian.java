package org.hcpl.models.segment;

import org.hcpl.models.image.Plane;

/** Gaussian smoothing, separable, edges mirrored. */
final class Gaussian {
  /** Beyond this the kernel is cut: what is left out sums to under 0.3 %. */
  private static final double REACH = 3;

  private Gaussian() {}

  /** A smoothed copy; {@code sigmaPixels} 0 or less gives the plane itself. */
  static Plane blur(Plane plane, double sigmaPixels) {
    if (!(sigmaPixels > 0.1)) {
      return plane;
    }
    int radius = (int) Math.ceil(REACH * sigmaPixels);
    float[] kernel = new float[radius + 1];
    double sum = 0;
    for (int i = 0; i <= radius; i++) {
      double weight = Math.exp(-0.5 * i * i / (sigmaPixels * sigmaPixels));
      kernel[i] = (float) weight;
      sum += i == 0 ? weight : 2 * weight;
    }
    for (int i = 0; i <= radius; i++) {
      kernel[i] /= (float) sum;
    }
    int h = plane.height();
    int w = plane.width();
    float[] rows = new float[h * w];
    float[] padded = new float[w + 2 * radius];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < padded.length; x++) {
        padded[x] = plane.values()[y * w + mirror(x - radius, w)];
      }
      for (int x = 0; x < w; x++) {
        float value = kernel[0] * padded[x + radius];
        for (int k = 1; k <= radius; k++) {
          value += kernel[k] * (padded[x + radius - k] + padded[x + radius + k]);
        }
        rows[y * w + x] = value;
      }
    }
    // Columns as sums of whole rows: consecutive memory, which the JIT turns into vector code.
    float[] out = new float[h * w];
    for (int y = 0; y < h; y++) {
      addRow(out, y * w, rows, y * w, w, kernel[0]);
      for (int k = 1; k <= radius; k++) {
        addRow(out, y * w, rows, mirror(y - k, h) * w, w, kernel[k]);
        addRow(out, y * w, rows, mirror(y + k, h) * w, w, kernel[k]);
      }
    }
    return new Plane(h, w, out);
  }

  private static void addRow(float[] to, int at, float[] from, int start, int n, float weight) {
    for (int x = 0; x < n; x++) {
      to[at + x] += weight * from[start + x];
    }
  }

  /** The index inside 0..n-1 that stands at {@code i} when the edge pixel is not repeated. */
  static int mirror(int i, int n) {
    if (n == 1) {
      return 0;
    }
    int period = 2 * (n - 1);
    int m = Math.floorMod(i, period);
    return m < n ? m : period - m;
  }
}
