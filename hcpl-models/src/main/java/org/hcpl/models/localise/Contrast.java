package org.hcpl.models.localise;

import java.util.Arrays;

/**
 * What is done to the brightness of a cell's pixels before a network sees them; the same in
 * training and in use.
 */
public enum Contrast {
  /** Nothing: brightness carries information. */
  AS_IS {
    @Override
    public void apply(float[] values, int offset, int pixels, int channels) {}
  },

  /**
   * Each channel of each cell is scaled so that the 99.5th percentile of its positive values is 1,
   * what is larger cut to 1: for stains of very different strength.
   */
  STRETCH {
    @Override
    public void apply(float[] values, int offset, int pixels, int channels) {
      float[] sorted = new float[pixels];
      for (int c = 0; c < channels; c++) {
        int count = 0;
        for (int i = 0; i < pixels; i++) {
          float value = values[offset + i * channels + c];
          if (value > 0) {
            sorted[count++] = value;
          }
        }
        if (count == 0) {
          continue;
        }
        Arrays.sort(sorted, 0, count);
        // Of a subnormal number the reciprocal would be infinite, and 0 times that no number.
        float scale = 1 / Math.max(Float.MIN_NORMAL, sorted[(int) (0.995 * (count - 1))]);
        for (int i = 0; i < pixels; i++) {
          int at = offset + i * channels + c;
          values[at] = Math.min(1, values[at] * scale);
        }
      }
    }
  },

  /**
   * Each channel of each cell gets mean 0 and standard deviation 1 over its non-zero values, cut to
   * -4..6.2; what is 0 stays so, so that the surroundings of a cell have the mean of its pixels.
   * For images that differ in brightness, background and contrast where only structure tells the
   * classes apart.
   */
  NORMALISE(-4, 6.2f) {
    @Override
    public void apply(float[] values, int offset, int pixels, int channels) {
      for (int c = 0; c < channels; c++) {
        int count = 0;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < pixels; i++) {
          double value = values[offset + i * channels + c];
          count += value != 0 ? 1 : 0;
          sum += value;
          squares += value * value;
        }
        double mean = sum / Math.max(1, count);
        double deviation = Math.sqrt(Math.max(0, squares / Math.max(1, count) - mean * mean));
        float scale = (float) (1 / Math.max(deviation, SMALLEST_DEVIATION));
        for (int i = 0; i < pixels; i++) {
          int at = offset + i * channels + c;
          if (values[at] != 0) {
            float value = (float) (values[at] - mean) * scale;
            values[at] = Math.min(highest(), Math.max(lowest(), value));
          }
        }
      }
    }
  };

  /** Half a grey level of 8 bits: below it there is nothing but rounding. */
  private static final double SMALLEST_DEVIATION = 0.5 / 255;

  private final float lowest;
  private final float highest;

  Contrast() {
    this(0, 1);
  }

  Contrast(float lowest, float highest) {
    this.lowest = lowest;
    this.highest = highest;
  }

  /** The smallest value that {@link #apply} makes of values in 0..1. */
  public float lowest() {
    return lowest;
  }

  /** The largest value that {@link #apply} makes of values in 0..1. */
  public float highest() {
    return highest;
  }

  /**
   * Changes one cell in place.
   *
   * @param values {@code [pixels, channels]} from {@code offset} on
   */
  public abstract void apply(float[] values, int offset, int pixels, int channels);
}
