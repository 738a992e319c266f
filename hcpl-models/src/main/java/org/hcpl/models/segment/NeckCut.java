package org.hcpl.models.segment;

import java.util.Arrays;

/**
 * Cuts an object across its neck: along the short straight line between two dents of its outline.
 * Nuclei that overlap broadly have neither a valley of brightness nor one of distance between them,
 * but the two dents where their outlines cross.
 */
final class NeckCut {
  private static final int POINTS = 160;

  private NeckCut() {}

  /**
   * The best cut.
   *
   * @param mask of the object alone
   * @param minArea what either side must hold
   * @param minDent how deep the dents at both ends must be together
   * @return which pixels lie on the one side, or null where there is no cut to propose
   */
  static boolean[] of(boolean[] mask, int h, int w, double minArea, double minDent) {
    int[] labels = new int[mask.length];
    int first = 0;
    int area = 0;
    for (int i = labels.length - 1; i >= 0; i--) {
      if (mask[i]) {
        labels[i] = 1;
        first = i;
        area++;
      }
    }
    if (area < 2 * minArea) {
      return null;
    }
    Contours.Polygon all = Contours.trace(labels, h, w, 1, first, true);
    int n = Math.min(POINTS, all.size());
    double[] xs = new double[n];
    double[] ys = new double[n];
    for (int i = 0; i < n; i++) {
      // Corners of pixels go in steps; the mean of three lies nearer to the outline meant.
      int at = (int) ((long) i * all.size() / n);
      for (int k = -1; k <= 1; k++) {
        int j = Math.floorMod(at + k, all.size());
        xs[i] += all.xs()[j] / 3.0;
        ys[i] += all.ys()[j] / 3.0;
      }
    }
    double[] dent = dents(xs, ys);
    double spacing = (double) all.size() / n;
    double best = 1;
    int bestI = -1;
    int bestJ = -1;
    for (int i = 0; i < n; i++) {
      if (dent[i] < 0.5) {
        continue;
      }
      for (int j = 0; j < n; j++) {
        int arc = Math.min(Math.floorMod(i - j, n), Math.floorMod(j - i, n));
        double chord = Math.hypot(xs[i] - xs[j], ys[i] - ys[j]);
        double cost = (chord - 1.5 * (dent[i] + dent[j])) / (arc * spacing + 1e-9);
        if (arc * spacing * chord > minArea
            && dent[i] + dent[j] > minDent
            && cost < best
            && runsInside(mask, h, w, xs[i], ys[i], xs[j], ys[j])) {
          best = cost;
          bestI = i;
          bestJ = j;
        }
      }
    }
    if (bestI < 0) {
      return null;
    }
    return side(mask, w, minArea, xs, ys, Math.min(bestI, bestJ), Math.max(bestI, bestJ));
  }

  /** How deep each point lies below the straight line over the dent around it. */
  private static double[] dents(double[] xs, double[] ys) {
    int n = xs.length;
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        (a, b) -> xs[a] != xs[b] ? Double.compare(xs[a], xs[b]) : Double.compare(ys[a], ys[b]));
    boolean[] onHull = new boolean[n];
    for (int pass = 0; pass < 2; pass++) {
      int[] chain = new int[n];
      int size = 0;
      for (int k = 0; k < n; k++) {
        int c = order[pass == 0 ? k : n - 1 - k];
        while (size >= 2) {
          int a = chain[size - 2];
          int b = chain[size - 1];
          double cross = (xs[b] - xs[a]) * (ys[c] - ys[a]) - (ys[b] - ys[a]) * (xs[c] - xs[a]);
          if (cross > 0) {
            break;
          }
          size--;
        }
        chain[size++] = c;
      }
      for (int k = 0; k < size; k++) {
        onHull[chain[k]] = true;
      }
    }
    double[] dent = new double[n];
    int anchor = 0;
    while (!onHull[anchor]) {
      anchor++;
    }
    int from = anchor;
    for (int k = 1; k <= n; k++) {
      int to = (anchor + k) % n;
      if (onHull[to]) {
        double dx = xs[to] - xs[from];
        double dy = ys[to] - ys[from];
        double length = Math.hypot(dx, dy);
        for (int i = (from + 1) % n; i != to; i = (i + 1) % n) {
          dent[i] =
              length > 0 ? Math.abs(dx * (ys[i] - ys[from]) - dy * (xs[i] - xs[from])) / length : 0;
        }
        from = to;
      }
    }
    return dent;
  }

  private static boolean runsInside(
      boolean[] mask, int h, int w, double x0, double y0, double x1, double y1) {
    for (int k = 1; k < 8; k++) {
      int x = (int) Math.floor(x0 + (x1 - x0) * k / 8);
      int y = (int) Math.floor(y0 + (y1 - y0) * k / 8);
      if (x < 0 || y < 0 || x >= w || y >= h || !mask[y * w + x]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The pixels inside the polygon from point i along the outline to point j and back by the cut.
   */
  private static boolean[] side(
      boolean[] mask, int w, double minArea, double[] xs, double[] ys, int i, int j) {
    boolean[] out = new boolean[mask.length];
    int inside = 0;
    int total = 0;
    for (int p = 0; p < mask.length; p++) {
      if (!mask[p]) {
        continue;
      }
      double x = p % w + 0.5;
      double y = p / w + 0.5;
      boolean odd = false;
      for (int a = i; a <= j; a++) {
        int b = a == j ? i : a + 1;
        if (ys[a] > y != ys[b] > y && x < (xs[b] - xs[a]) * (y - ys[a]) / (ys[b] - ys[a]) + xs[a]) {
          odd = !odd;
        }
      }
      out[p] = odd;
      inside += odd ? 1 : 0;
      total++;
    }
    return inside < minArea || total - inside < minArea ? null : out;
  }
}
