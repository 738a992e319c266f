package org.hcpl.models.segment;

/** The mask of one object cut out of its image, with a margin where the image has room for it. */
final class Patch {
  final int top;
  final int left;
  final int height;
  final int width;
  boolean[] mask;

  private Patch(int top, int left, int height, int width) {
    this.top = top;
    this.left = left;
    this.height = height;
    this.width = width;
    this.mask = new boolean[height * width];
  }

  /** The patch around some pixels, null if there are none. */
  static Patch of(int[] pixels, int imageWidth, int imageHeight, int margin) {
    if (pixels.length == 0) {
      return null;
    }
    int minX = Integer.MAX_VALUE;
    int minY = Integer.MAX_VALUE;
    int maxX = 0;
    int maxY = 0;
    for (int p : pixels) {
      int y = p / imageWidth;
      int x = p - y * imageWidth;
      minX = Math.min(minX, x);
      minY = Math.min(minY, y);
      maxX = Math.max(maxX, x);
      maxY = Math.max(maxY, y);
    }
    minX = Math.max(0, minX - margin);
    minY = Math.max(0, minY - margin);
    maxX = Math.min(imageWidth - 1, maxX + margin);
    maxY = Math.min(imageHeight - 1, maxY + margin);
    Patch patch = new Patch(minY, minX, maxY - minY + 1, maxX - minX + 1);
    for (int p : pixels) {
      patch.mask[(p / imageWidth - minY) * patch.width + p % imageWidth - minX] = true;
    }
    return patch;
  }

  /** The place in the image of a place in the patch. */
  int index(int i, int imageWidth) {
    return (top + i / width) * imageWidth + left + i % width;
  }

  /** Writes a label where the mask is set and no other object of {@code taken} lies. */
  void paint(int[] out, int imageWidth, int label, int[] taken) {
    for (int i = 0; i < mask.length; i++) {
      int at = index(i, imageWidth);
      if (mask[i] && (taken[at] == 0 || taken[at] == label)) {
        out[at] = label;
      }
    }
  }
}
