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
   * Each channel of each cell is scaled so that the 99.5th percentile of its non-zero values is 1:
   * for stains of very different strength.
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
        float scale = 1 / sorted[(int) (0.995 * (count - 1))];
        for (int i = 0; i < pixels; i++) {
          int at = offset + i * channels + c;
          values[at] = Math.min(1, values[at] * scale);
        }
      }
    }
  };

  /**
   * Changes one cell in place.
   *
   * @param values {@code [pixels, channels]} from {@code offset} on
   */
  public abstract void apply(float[] values, int offset, int pixels, int channels);
}
