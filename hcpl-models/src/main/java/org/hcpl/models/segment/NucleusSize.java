package org.hcpl.models.segment;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;

/** Estimates the diameter of the nuclei in a plane from the plane itself. */
final class NucleusSize {
  private NucleusSize() {}

  /** Larger images are measured on a smaller copy. */
  private static final int MAX_SIDE = 1024;

  /** Of fewer whole nuclei the middle one says nothing of the others. */
  private static final int ENOUGH_WHOLE = 3;

  /** A rough diameter in pixels from the widths of bright areas; NaN where there are none. */
  static double rough(Plane plane) {
    double shrink = (double) Math.max(plane.height(), plane.width()) / MAX_SIDE;
    if (shrink > 1) {
      Plane small =
          Rescale.plane(
              plane,
              Math.max(1, (int) (plane.height() / shrink)),
              Math.max(1, (int) (plane.width() / shrink)));
      double diameter = measure(small);
      if (diameter > 8) {
        return diameter * shrink;
      }
    }
    return measure(plane);
  }

  private static double measure(Plane plane) {
    int h = plane.height();
    int w = plane.width();
    Plane smooth = Gaussian.blur(plane, 1.5);
    float[] sorted = smooth.values().clone();
    Arrays.sort(sorted);
    float low = sorted[sorted.length / 20];
    float unit = Math.max(sorted[sorted.length / 2] - low, (sorted[sorted.length - 1] - low) / 50);
    if (!(unit > 0)) {
      return Double.NaN;
    }
    float[] logs = new float[sorted.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = (float) Math.log1p(Math.max(0, smooth.values()[i] - low) / unit);
    }
    float threshold = Otsu.split(logs).threshold();
    boolean[] mask = new boolean[logs.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = logs[i] > threshold;
    }
    mask = Morphology.fillHoles(mask, h, w, 0.01 * mask.length);
    float[] distance = DistanceTransform.squared(mask, h, w);
    int n = 0;
    double[] radii = new double[distance.length];
    for (int y = 1; y < h - 1; y++) {
      for (int x = 1; x < w - 1; x++) {
        int i = y * w + x;
        float d = distance[i];
        if (d >= 4
            && Float.isFinite(d)
            && d >= distance[i - 1]
            && d > distance[i + 1]
            && d >= distance[i - w]
            && d > distance[i + w]
            && d >= distance[i - w - 1]
            && d > distance[i + w + 1]
            && d >= distance[i - w + 1]
            && d > distance[i + w - 1]) {
          radii[n++] = Math.sqrt(d);
        }
      }
    }
    return n == 0 ? Double.NaN : 2 * weightedMedian(Arrays.copyOf(radii, n));
  }

  /** The radius below which half of the area lies. */
  private static double weightedMedian(double[] radii) {
    Arrays.sort(radii);
    double total = 0;
    for (double r : radii) {
      total += r * r;
    }
    double sum = 0;
    for (double r : radii) {
      sum += r * r;
      if (2 * sum >= total) {
        return r;
      }
    }
    return radii[radii.length - 1];
  }

  /**
   * Diameters in pixels of discs as large as the middle one of objects that resemble ellipses.
   *
   * @param all of all of them; NaN where there is none
   * @param whole of those that the border of the image does not cut: halves would make a whole
   *     nucleus look like two; NaN where there are too few
   */
  record Diameters(double all, double whole) {}

  /** Measures objects that were found. */
  static Diameters of(LabelImage found) {
    double[] likeness = Ellipse.likeness(found.labels(), found.width(), found.max());
    boolean[] ellipses = new boolean[likeness.length];
    for (int o = 1; o < ellipses.length; o++) {
      ellipses[o] = likeness[o] > 0.9;
    }
    int[] areas = Components.areas(found);
    double all = middle(areas, ellipses, 1);
    Components.dropBorder(found, ellipses);
    return new Diameters(all, middle(areas, ellipses, ENOUGH_WHOLE));
  }

  private static double middle(int[] areas, boolean[] chosen, int least) {
    int[] sorted =
        IntStream.range(1, areas.length)
            .filter(o -> chosen[o])
            .map(o -> areas[o])
            .sorted()
            .toArray();
    return sorted.length < least ? Double.NaN : Math.sqrt(sorted[sorted.length / 2] * 4 / Math.PI);
  }
}
