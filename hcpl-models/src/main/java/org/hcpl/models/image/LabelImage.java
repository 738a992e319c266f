package org.hcpl.models.image;

/**
 * Objects of an image, {@code [height, width]} row-major: 0 is background, k &ge; 1 the pixels of
 * object k.
 *
 * @param labels not copied; {@code labels[y * width + x]}
 */
public record LabelImage(int height, int width, int[] labels) {
  public LabelImage {
    if (height <= 0 || width <= 0 || labels.length != Math.multiplyExact(height, width)) {
      throw new ImageException(
          "label image: height "
              + height
              + ", width "
              + width
              + ", labels "
              + labels.length
              + " (expected: height * width > 0 labels)");
    }
  }

  /** An image without objects. */
  public static LabelImage of(int height, int width) {
    return new LabelImage(height, width, new int[Math.multiplyExact(height, width)]);
  }

  /** The size as viewers show it, for messages: {@code WIDTHxHEIGHT}. */
  public String dimensions() {
    return width + "x" + height;
  }

  /** The value of row y and column x, both from 0. */
  public int at(int y, int x) {
    return labels[y * width + x];
  }

  /** The largest label, 0 if there is no object. Labels may have gaps. */
  public int max() {
    int max = 0;
    for (int label : labels) {
      max = Math.max(max, label);
    }
    return max;
  }
}
