package org.hcpl.train.atlas;

/**
 * Smooth random fields of unit variance that repeat every {@value #TILE} pixels, one for each of a
 * few grain sizes; made once an image and read at random offsets.
 */
final class Texture {
  static final int TILE = 256;

  /** Grains, as standard deviations of the smoothing in pixels of 0.32 micrometres. */
  private static final double[] SIGMAS = {0.8, 1.6, 3, 7};

  /** Names of the grains. */
  static final int FINE = 0;

  static final int SMALL = 1;
  static final int MEDIUM = 2;
  static final int COARSE = 3;

  private final float[][] fields = new float[SIGMAS.length][];

  /**
   * Fields of white noise, smoothed.
   *
   * @param scale pixels a pixel of 0.32 micrometres has
   */
  Texture(Draws draws, double scale) {
    float[] white = new float[TILE * TILE];
    for (int i = 0; i < white.length; i++) {
      white[i] = (float) draws.gaussian();
    }
    for (int i = 0; i < SIGMAS.length; i++) {
      fields[i] = normalised(Blur.wrapped(white, TILE, SIGMAS[i] * scale));
    }
  }

  private static float[] normalised(float[] field) {
    double sum = 0;
    double squares = 0;
    for (float value : field) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / field.length;
    double deviation = Math.sqrt(squares / field.length - mean * mean);
    for (int i = 0; i < field.length; i++) {
      field[i] = (float) ((field[i] - mean) / deviation);
    }
    return field;
  }

  /** The value of a grain at a pixel; offsets differ from use to use. */
  float at(int grain, int y, int x) {
    return fields[grain][(y & (TILE - 1)) * TILE + (x & (TILE - 1))];
  }
}
