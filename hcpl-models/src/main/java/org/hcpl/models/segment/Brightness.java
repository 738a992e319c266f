package org.hcpl.models.segment;

import org.hcpl.models.image.Plane;

/**
 * Brightness above the background, which may be uneven.
 *
 * @param detect smoothed until the texture of a nucleus is gone, for telling nuclei apart
 * @param outline smoothed lightly, for where they end
 * @param noise spread of the background in {@code detect}
 * @param contrast of a usual nucleus above the background
 * @param floor below it there is no nucleus
 */
record Brightness(
    int height,
    int width,
    float[] detect,
    float[] outline,
    double noise,
    double contrast,
    double floor) {
  private static final double DETECT_SIGMA = 0.06;
  private static final double OUTLINE_SIGMA = 0.03;

  /** Half the window of the background, in diameters: wider than any single nucleus. */
  private static final double BACKGROUND_RADIUS = 1.2;

  private static final double FLOOR_NOISE = 3;
  private static final double FLOOR_CONTRAST = 0.1;

  static Brightness of(Plane plane, double diameter) {
    Plane fine = Gaussian.blur(plane, Math.max(0.7, OUTLINE_SIGMA * diameter));
    Plane smooth = Gaussian.blur(plane, Math.max(0.9, DETECT_SIGMA * diameter));
    Plane background = background(smooth, diameter);
    float[] detect = minus(smooth, background);
    float[] sorted = Regions.sortedSample(detect);
    float mode = Regions.mode(sorted);
    double noise = spreadBelow(sorted, mode);
    float global = Regions.mode(Regions.sortedSample(fine.values()));
    float[] outline = minus(fine, background);
    for (int i = 0; i < detect.length; i++) {
      detect[i] -= mode;
      // Between crowded nuclei their light hides the background; half of it is given back.
      outline[i] = 0.5f * (outline[i] - mode) + 0.5f * (fine.values()[i] - global);
    }
    double contrast = contrast(detect, noise);
    double floor = Math.max(FLOOR_NOISE * noise, FLOOR_CONTRAST * contrast);
    return new Brightness(plane.height(), plane.width(), detect, outline, noise, contrast, floor);
  }

  /** What lies under the nuclei: an opening wider than they are, smoothed. */
  private static Plane background(Plane smooth, double diameter) {
    // It has no detail, so a small copy tells as much in a fraction of the time.
    double shrink = Math.max(1, diameter / 8);
    int h = Math.max(1, (int) Math.round(smooth.height() / shrink));
    int w = Math.max(1, (int) Math.round(smooth.width() / shrink));
    int radius = Math.max(1, (int) Math.round(BACKGROUND_RADIUS * diameter / shrink));
    Plane small = Gaussian.blur(Rescale.plane(smooth, h, w), 0.7);
    Plane open = BoxFilter.max(BoxFilter.min(small, radius), radius);
    Plane even = BoxFilter.mean(BoxFilter.mean(open, (radius + 1) / 2), (radius + 1) / 2);
    return Rescale.plane(even, smooth.height(), smooth.width());
  }

  private static float[] minus(Plane a, Plane b) {
    float[] out = new float[a.values().length];
    for (int i = 0; i < out.length; i++) {
      out[i] = a.values()[i] - b.values()[i];
    }
    return out;
  }

  /** Nuclei only make pixels brighter: what lies below the mode is noise alone. */
  private static double spreadBelow(float[] sorted, float mode) {
    double sum = 0;
    int count = 0;
    for (float value : sorted) {
      if (value < mode) {
        sum += (value - mode) * (value - mode);
        count++;
      }
    }
    return count == 0 ? 0 : Math.sqrt(sum / count);
  }

  /** The mean of the upper class by Otsu's threshold, on a logarithmic scale. */
  private static double contrast(float[] detect, double noise) {
    float max = 0;
    for (float value : detect) {
      max = Math.max(max, value);
    }
    double unit = Math.max(3 * noise, max / 200.0);
    if (!(unit > 0)) {
      return 0;
    }
    float[] logs = new float[detect.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = (float) Math.log1p(Math.max(0, detect[i]) / unit);
    }
    return unit * Math.expm1(Otsu.split(logs).high());
  }
}
