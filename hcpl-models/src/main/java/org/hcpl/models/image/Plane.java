package org.hcpl.models.image;

/**
 * One channel of an image, {@code [height, width]} row-major, intensities scaled to 0..1 by the
 * range of the stored type (255 for 8 bits, 65535 for 16).
 *
 * @param values not copied; {@code values[y * width + x]}
 */
public record Plane(int height, int width, float[] values) {
  public Plane {
    if (height <= 0 || width <= 0 || values.length != Math.multiplyExact(height, width)) {
      throw new ImageException(
          "plane: height "
              + height
              + ", width "
              + width
              + ", values "
              + values.length
              + " (expected: height * width > 0 values)");
    }
  }

  /** A black plane. */
  public static Plane of(int height, int width) {
    return new Plane(height, width, new float[Math.multiplyExact(height, width)]);
  }

  /** The size as viewers show it, for messages: {@code WIDTHxHEIGHT}. */
  public String dimensions() {
    return width + "x" + height;
  }

  /** The value of row y and column x, both from 0. */
  public float at(int y, int x) {
    return values[y * width + x];
  }
}
