package org.hcpl.models.segment;

import org.hcpl.models.image.Plane;

/** Means and extremes over square windows, in time that does not depend on their size. */
final class BoxFilter {
  private BoxFilter() {}

  /** The mean over {@code (2 radius + 1)^2} pixels; at an edge, over those inside the image. */
  static Plane mean(Plane plane, int radius) {
    int h = plane.height();
    int w = plane.width();
    double[] sums = new double[(h + 1) * (w + 1)];
    for (int y = 0; y < h; y++) {
      double row = 0;
      for (int x = 0; x < w; x++) {
        row += plane.values()[y * w + x];
        sums[(y + 1) * (w + 1) + x + 1] = sums[y * (w + 1) + x + 1] + row;
      }
    }
    float[] out = new float[h * w];
    for (int y = 0; y < h; y++) {
      int top = Math.max(0, y - radius) * (w + 1);
      int bottom = Math.min(h, y + radius + 1);
      int height = bottom - Math.max(0, y - radius);
      bottom *= w + 1;
      for (int x = 0; x < w; x++) {
        int left = Math.max(0, x - radius);
        int right = Math.min(w, x + radius + 1);
        double sum =
            sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left];
        out[y * w + x] = (float) (sum / (height * (right - left)));
      }
    }
    return new Plane(h, w, out);
  }

  /** The smallest value in the window. */
  static Plane min(Plane plane, int radius) {
    return extreme(extreme(plane, radius, -1, true), radius, -1, false);
  }

  /** The largest value in the window. */
  static Plane max(Plane plane, int radius) {
    return extreme(extreme(plane, radius, 1, true), radius, 1, false);
  }

  /** One direction by a queue of candidates, each pixel entering and leaving it once. */
  private static Plane extreme(Plane plane, int radius, int sign, boolean along) {
    int h = plane.height();
    int w = plane.width();
    float[] in = plane.values();
    float[] out = new float[in.length];
    int n = along ? w : h;
    int lines = along ? h : w;
    int step = along ? 1 : w;
    int[] queue = new int[n];
    for (int line = 0; line < lines; line++) {
      int start = along ? line * w : line;
      int head = 0;
      int tail = 0;
      for (int i = 0; i < n + radius; i++) {
        if (i < n) {
          float value = sign * in[start + i * step];
          while (tail > head && sign * in[start + queue[tail - 1] * step] <= value) {
            tail--;
          }
          queue[tail++] = i;
        }
        int at = i - radius;
        if (at >= 0) {
          while (queue[head] < at - radius) {
            head++;
          }
          out[start + at * step] = in[start + queue[head] * step];
        }
      }
    }
    return new Plane(h, w, out);
  }
}
