package org.hcpl.models.image;

import static org.hcpl.tensor.io.Words.count;

import java.util.Locale;

/**
 * What a file may claim about itself before any of it is decoded. A header is a few bytes that
 * anybody can write; memory is taken only for images that pass here.
 */
final class ImageLimits {
  /** System property that replaces the default limit of 16384 x 16384 pixels a plane. */
  static final String PROPERTY = "hcpl.maxPixels";

  private static final long DEFAULT_MAX_PIXELS = 16384L * 16384L;

  private ImageLimits() {}

  static long maxPixels() {
    return Math.max(1, Long.getLong(PROPERTY, DEFAULT_MAX_PIXELS));
  }

  /**
   * Checks sizes that a header claims.
   *
   * @param samples samples a pixel over all pages
   * @param bytesPerSample of the decoded raster
   * @param fileBytes length of the compressed data, or a negative number where unknown
   * @param maxRatio how far the compression of this format can possibly shrink
   */
  static void check(
      String file,
      long width,
      long height,
      long samples,
      int bytesPerSample,
      long fileBytes,
      int maxRatio) {
    if (width <= 0 || height <= 0 || samples <= 0) {
      throw new ImageException(
          file
              + ": the header claims "
              + width
              + " x "
              + height
              + " pixels of "
              + count(samples, "sample")
              + " (expected: positive sizes)\nhelp: the file is damaged; copy it again");
    }
    long max = maxPixels();
    if (width > max / height || width > Integer.MAX_VALUE - 8 || height > Integer.MAX_VALUE - 8) {
      throw new ImageException(
          file
              + ": the header claims "
              + width
              + " x "
              + height
              + " pixels (expected: at most "
              + max
              + " pixels)\nhelp: if the image really is that large, cut it into tiles or raise -D"
              + PROPERTY);
    }
    double decoded = (double) width * height * samples * bytesPerSample;
    if (fileBytes >= 0 && decoded > (double) maxRatio * fileBytes + 65536) {
      throw new ImageException(
          file
              + ": the header claims "
              + width
              + " x "
              + height
              + " pixels, but "
              + count(fileBytes, "byte")
              + " of file cannot hold them\nhelp: the file is cut off or damaged; copy it"
              + " again");
    }
    // The decoded raster and the planes of floats made of it live at the same time.
    double needed = decoded + (double) width * height * samples * Float.BYTES;
    long heap = Runtime.getRuntime().maxMemory();
    if (needed > 0.9 * heap) {
      throw new ImageException(
          String.format(
              Locale.ROOT,
              "%s: decoding %d x %d pixels takes %.0f MiB (expected: less than the heap of %.0f"
                  + " MiB)%nhelp: give Java more memory with -Xmx",
              file,
              width,
              height,
              needed / (1 << 20),
              (double) heap / (1 << 20)));
    }
  }
}
