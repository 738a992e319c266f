package org.hcpl.models.segment;

/** Erosion and dilation of masks with discs of any radius, through exact distances. */
final class Morphology {
  private Morphology() {}

  /** Pixels whose disc lies in the mask; outside the image counts as inside the mask. */
  static boolean[] erode(boolean[] mask, int height, int width, double radius) {
    float[] squared = DistanceTransform.squared(mask, height, width);
    boolean[] out = new boolean[mask.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = squared[i] > radius * radius;
    }
    return out;
  }

  /** Pixels within {@code radius} of the mask. */
  static boolean[] dilate(boolean[] mask, int height, int width, double radius) {
    boolean[] out = erode(not(mask), height, width, radius);
    return not(out);
  }

  /** Erosion, then dilation: what is thinner than the disc goes. */
  static boolean[] open(boolean[] mask, int height, int width, double radius) {
    return dilate(erode(mask, height, width, radius), height, width, radius);
  }

  /**
   * Dilation, then erosion: gaps narrower than the disc close. Outside the image is background, so
   * that nothing grows to the edge.
   */
  static boolean[] close(boolean[] mask, int height, int width, double radius) {
    int pad = (int) Math.ceil(radius) + 1;
    int h = height + 2 * pad;
    int w = width + 2 * pad;
    boolean[] padded = new boolean[h * w];
    for (int y = 0; y < height; y++) {
      System.arraycopy(mask, y * width, padded, (y + pad) * w + pad, width);
    }
    boolean[] closed = erode(dilate(padded, h, w, radius), h, w, radius);
    boolean[] out = new boolean[mask.length];
    for (int y = 0; y < height; y++) {
      System.arraycopy(closed, (y + pad) * w + pad, out, y * width, width);
    }
    return out;
  }

  /**
   * Fills holes (background not connected to the image's edge) of at most {@code maxArea} pixels.
   */
  static boolean[] fillHoles(boolean[] mask, int height, int width, double maxArea) {
    var holes = Components.label(not(mask), height, width, false);
    int[] areas = Components.areas(holes);
    boolean[] atEdge = new boolean[areas.length];
    for (int x = 0; x < width; x++) {
      atEdge[holes.at(0, x)] = true;
      atEdge[holes.at(height - 1, x)] = true;
    }
    for (int y = 0; y < height; y++) {
      atEdge[holes.at(y, 0)] = true;
      atEdge[holes.at(y, width - 1)] = true;
    }
    boolean[] out = mask.clone();
    for (int i = 0; i < out.length; i++) {
      int hole = holes.labels()[i];
      out[i] |= hole != 0 && !atEdge[hole] && areas[hole] <= maxArea;
    }
    return out;
  }

  static boolean[] not(boolean[] mask) {
    boolean[] out = new boolean[mask.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = !mask[i];
    }
    return out;
  }
}
