package org.hcpl.models.segment;

import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;

/**
 * Nuclei of a plane of any size: finds out their diameter, works at the scale where it is some 36
 * pixels, and brings the labels back to the image's own resolution.
 */
final class NucleiSegmenter {
  /** More pixels a nucleus tell nothing new and cost time. */
  private static final double WORKING_DIAMETER = 36;

  /** Nuclei smaller than this are enlarged twofold, so that thin gaps between them survive. */
  private static final double SMALL_DIAMETER = 18;

  private static final double MIN_DIAMETER = 6;

  /** Enlarging beyond this would take more memory than small nuclei are worth. */
  private static final int MAX_ENLARGED_PIXELS = 4_000_000;

  /** Human nuclei: smaller are fragments, larger are clumps. */
  private static final double MIN_MICROMETRES = 5;

  private static final double MAX_MICROMETRES = 30;

  /** By how much whole nuclei may be wider than all: more is a clump. */
  private static final double WHOLE = 1.5;

  private NucleiSegmenter() {}

  /**
   * What was found.
   *
   * @param nuclei numbered from 1 without gaps
   * @param diameter of a usual nucleus in pixels, NaN where none was found
   */
  record Result(LabelImage nuclei, double diameter) {}

  /**
   * Segments a plane.
   *
   * @param pixelSize micrometres a pixel, NaN where unknown
   */
  static Result segment(Plane plane, double pixelSize, SegmentOptions options) {
    Plane bright =
        options.invert() == SegmentOptions.Invert.YES
                || options.invert() == SegmentOptions.Invert.AUTO && looksInverted(plane)
            ? inverted(plane)
            : plane;
    double low = MIN_DIAMETER;
    double high = Math.max(MIN_DIAMETER, Math.max(plane.height(), plane.width()));
    double diameter = NucleusSize.rough(bright);
    if (pixelSize > 0) {
      low = Math.max(low, MIN_MICROMETRES / pixelSize);
      high = Math.max(low, Math.min(high, MAX_MICROMETRES / pixelSize));
      if (options.nucleusDiameterMicrometres() > 0) {
        diameter = options.nucleusDiameterMicrometres() / pixelSize;
        low = Math.max(MIN_DIAMETER, diameter / 1.5);
        high = Math.max(low, diameter * 1.5);
      }
    }
    if (Double.isNaN(diameter)) {
      return new Result(LabelImage.of(plane.height(), plane.width()), Double.NaN);
    }
    diameter = Math.clamp(diameter, low, high);
    double scale = Math.min(1, WORKING_DIAMETER / diameter);
    LabelImage first =
        NucleiFinder.find(
            scaled(bright, scale), diameter * scale, Double.NaN, disc(diameter * scale));
    NucleusSize.Diameters sizes = NucleusSize.of(first);
    double measured = sizes.all() / scale;
    double whole = sizes.whole() / scale;
    if (Double.isNaN(measured)) {
      return new Result(Rescale.labels(first, plane.height(), plane.width()), diameter);
    }
    // A first guess may be off, but hardly by more than this.
    diameter = Math.clamp(Math.clamp(measured, diameter / 3, diameter * 2), low, high);
    scale = Math.min(1, WORKING_DIAMETER / diameter);
    if (diameter < SMALL_DIAMETER
        && (long) plane.height() * plane.width() * 4 <= MAX_ENLARGED_PIXELS) {
      scale = 2;
    }
    double working = diameter * scale;
    whole = Double.isNaN(whole) ? diameter : Math.clamp(whole, diameter, WHOLE * diameter);
    LabelImage found =
        NucleiFinder.find(scaled(bright, scale), working, disc(working), disc(whole * scale));
    return new Result(Rescale.labels(found, plane.height(), plane.width()), diameter);
  }

  private static double disc(double diameter) {
    return Math.PI / 4 * diameter * diameter;
  }

  private static Plane scaled(Plane plane, double scale) {
    return Rescale.plane(
        plane,
        Math.max(1, (int) Math.round(plane.height() * scale)),
        Math.max(1, (int) Math.round(plane.width() * scale)));
  }

  /**
   * Whether the ground is bright: the most frequent brightness lies in the upper half of the range,
   * and most of what differs from it is darker.
   */
  static boolean looksInverted(Plane plane) {
    float[] sorted = Regions.sortedSample(plane.values());
    float low = sorted[sorted.length / 100];
    float high = sorted[sorted.length - 1 - sorted.length / 100];
    float mode = Regions.mode(sorted);
    return high > low
        && mode > 0.5f * (low + high)
        && sorted[sorted.length / 2] > 0.5f * (low + high)
        && mode - low > 2 * (high - mode);
  }

  private static Plane inverted(Plane plane) {
    float max = 0;
    for (float value : plane.values()) {
      max = Math.max(max, value);
    }
    float[] out = new float[plane.values().length];
    for (int i = 0; i < out.length; i++) {
      out[i] = max - plane.values()[i];
    }
    return new Plane(plane.height(), plane.width(), out);
  }
}
