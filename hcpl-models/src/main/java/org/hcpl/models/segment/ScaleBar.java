package org.hcpl.models.segment;

import java.util.Arrays;

/** A bar of a round length in the lower right corner of a picture, with its length above it. */
final class ScaleBar {
  private static final int COLOUR = 0xffffff;

  /** Of the picture's width. */
  private static final double LONGEST = 0.2;

  private ScaleBar() {}

  /**
   * Draws it, unless the picture shows too little or is too small for it.
   *
   * @param edge of a pixel of the picture in micrometres
   * @param size of the writing's dots in pixels
   */
  static void draw(int[] rgb, int h, int w, double edge, int size) {
    double micrometres = roundLength(LONGEST * w * edge);
    if (micrometres < 1) {
      return;
    }
    Lettering text = Lettering.of((long) micrometres + Lettering.MICROMETRES, size);
    int length = (int) Math.round(micrometres / edge);
    int margin = 3 * size;
    int wide = Math.max(length, text.width());
    int bottom = h - margin;
    int top = bottom - 3 * size - text.height();
    if (top < margin || wide > w - 2 * margin) {
      return;
    }
    int middle = w - margin - wide / 2;
    text.write(rgb, h, w, middle - text.width() / 2, top, COLOUR);
    int left = middle - length / 2;
    int rim = text.rim();
    fill(rgb, w, left - rim, left + length + rim, bottom - size - rim, bottom + rim, 0);
    fill(rgb, w, left, left + length, bottom - size, bottom, COLOUR);
  }

  /** The largest of 1, 2, 5, 10, 20, 50 and so on up to a limit. */
  private static double roundLength(double limit) {
    double power = Math.pow(10, Math.floor(Math.log10(limit)));
    return limit >= 5 * power ? 5 * power : limit >= 2 * power ? 2 * power : power;
  }

  private static void fill(int[] rgb, int w, int left, int right, int top, int bottom, int colour) {
    for (int y = top; y < bottom; y++) {
      Arrays.fill(rgb, y * w + left, y * w + right, colour);
    }
  }
}
