package org.hcpl.models.segment;

/** Areas of convex hulls of pixel sets (Andrew 1979, monotone chain). */
final class ConvexHull {
  private ConvexHull() {}

  /**
   * The area in pixels of the hull around whole pixels: the hull of their centres, its rim half a
   * pixel wider.
   *
   * @param pixels in rising order
   */
  static double area(int[] pixels, int width) {
    if (pixels.length == 0) {
      return 0;
    }
    // Only the first and last pixel of each row can be corners; in rows they come sorted.
    int[] xs = new int[2 * pixels.length];
    int[] ys = new int[2 * pixels.length];
    int n = 0;
    for (int i = 0; i < pixels.length; i++) {
      int y = pixels[i] / width;
      boolean first = i == 0 || pixels[i - 1] / width != y;
      boolean last = i == pixels.length - 1 || pixels[i + 1] / width != y;
      if (first || last) {
        xs[n] = pixels[i] - y * width;
        ys[n++] = y;
      }
    }
    int[] hull = new int[2 * n + 1];
    int size = 0;
    for (int i = 0; i < n; i++) {
      while (size >= 2 && cross(xs, ys, hull[size - 2], hull[size - 1], i) <= 0) {
        size--;
      }
      hull[size++] = i;
    }
    int lower = size + 1;
    for (int i = n - 2; i >= 0; i--) {
      while (size >= lower && cross(xs, ys, hull[size - 2], hull[size - 1], i) <= 0) {
        size--;
      }
      hull[size++] = i;
    }
    double twice = 0;
    double rim = 0;
    for (int k = 0; k + 1 < size; k++) {
      double dx = (double) xs[hull[k + 1]] - xs[hull[k]];
      double dy = (double) ys[hull[k + 1]] - ys[hull[k]];
      twice += xs[hull[k]] * dy - ys[hull[k]] * dx;
      rim += Math.hypot(dx, dy);
    }
    return Math.abs(twice) / 2 + rim / 2 + 1;
  }

  private static long cross(int[] xs, int[] ys, int a, int b, int c) {
    return (long) (xs[b] - xs[a]) * (ys[c] - ys[a]) - (long) (ys[b] - ys[a]) * (xs[c] - xs[a]);
  }
}
