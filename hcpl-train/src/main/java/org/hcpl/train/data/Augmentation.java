package org.hcpl.train.data;

import org.hcpl.tensor.Rng;
import org.hcpl.tensor.TensorException;

/**
 * Random changes to a cell that leave its labels true. The result is a function of the cell, these
 * settings and the random stream.
 *
 * @param flip mirrors left to right and top to bottom, each in half of the cases
 * @param rotationDegrees largest turn to either side; 180 for any angle
 * @param shift largest move along each axis, as share of the side
 * @param scale largest relative change of size: 0.1 is 0.9 to 1/0.9 times
 * @param cutout side of a square set to zero, as share of the side, in half of the cases; 0 for
 *     none
 * @param gain largest relative change of each channel's brightness: 0.2 is 0.8 to 1/0.8 times
 * @param gamma largest change of contrast: values are raised to a power between {@code 1/(1+gamma)}
 *     and {@code 1+gamma}
 */
public record Augmentation(
    boolean flip,
    double rotationDegrees,
    double shift,
    double scale,
    double cutout,
    double gain,
    double gamma) {
  /** No change at all. */
  public static final Augmentation NONE = new Augmentation(false, 0, 0, 0, 0, 0, 0);

  /**
   * The changes that HCPL trains with: crop, flip, shift, rotation, scale, cutout; and brightness.
   */
  public static final Augmentation STANDARD =
      new Augmentation(true, 180, 0.06, 0.12, 0.25, 0.15, 0);

  public Augmentation {
    if (rotationDegrees < 0
        || rotationDegrees > 180
        || shift < 0
        || shift >= 1
        || scale < 0
        || scale >= 1
        || cutout < 0
        || cutout >= 1
        || gain < 0
        || gain >= 1
        || gamma < 0) {
      throw new TensorException(
          "augmentation: rotation "
              + rotationDegrees
              + ", shift "
              + shift
              + ", scale "
              + scale
              + ", cutout "
              + cutout
              + ", gain "
              + gain
              + ", gamma "
              + gamma
              + " (expected: rotation in 0..180, shift, scale, cutout and gain in [0, 1), gamma >= 0)");
    }
  }

  public Augmentation flip(boolean value) {
    return new Augmentation(value, rotationDegrees, shift, scale, cutout, gain, gamma);
  }

  public Augmentation rotation(double degrees) {
    return new Augmentation(flip, degrees, shift, scale, cutout, gain, gamma);
  }

  public Augmentation shift(double share) {
    return new Augmentation(flip, rotationDegrees, share, scale, cutout, gain, gamma);
  }

  public Augmentation scale(double change) {
    return new Augmentation(flip, rotationDegrees, shift, change, cutout, gain, gamma);
  }

  public Augmentation cutout(double share) {
    return new Augmentation(flip, rotationDegrees, shift, scale, share, gain, gamma);
  }

  public Augmentation gain(double change) {
    return new Augmentation(flip, rotationDegrees, shift, scale, cutout, change, gamma);
  }

  public Augmentation gamma(double change) {
    return new Augmentation(flip, rotationDegrees, shift, scale, cutout, gain, change);
  }

  /**
   * Changes one cell; outside of its square everything is zero.
   *
   * @param from {@code [side, side, channels]}, at least {@code side * side * channels} values
   * @param to gets the result from {@code toOffset} on; another array than {@code from}
   */
  public void apply(float[] from, float[] to, int toOffset, int side, int channels, Rng rng) {
    double angle = Math.toRadians(rotationDegrees) * (2 * rng.nextDouble() - 1);
    double size = Math.pow(1 - scale, 2 * rng.nextDouble() - 1);
    double moveX = shift * side * (2 * rng.nextDouble() - 1);
    double moveY = shift * side * (2 * rng.nextDouble() - 1);
    double flipX = flip && rng.nextDouble() < 0.5 ? -1 : 1;
    double flipY = flip && rng.nextDouble() < 0.5 ? -1 : 1;
    boolean cut = cutout > 0 && rng.nextDouble() < 0.5;
    double cutX = rng.nextDouble();
    double cutY = rng.nextDouble();
    float[] gains = new float[channels];
    double[] powers = new double[channels];
    for (int c = 0; c < channels; c++) {
      gains[c] = (float) Math.pow(1 - gain, 2 * rng.nextDouble() - 1);
      powers[c] = Math.pow(1 + gamma, 2 * rng.nextDouble() - 1);
    }
    warp(
        from,
        to,
        toOffset,
        side,
        channels,
        new double[] {Math.cos(angle) / size, Math.sin(angle) / size, flipX, flipY, moveX, moveY});
    if (gain > 0 || gamma > 0) {
      for (int i = 0; i < side * side; i++) {
        for (int c = 0; c < channels; c++) {
          int at = toOffset + i * channels + c;
          float value = gamma > 0 ? (float) Math.pow(Math.max(to[at], 0), powers[c]) : to[at];
          to[at] = Math.min(1, value * gains[c]);
        }
      }
    }
    if (cut) {
      int length = (int) Math.round(cutout * side);
      int x0 = (int) (cutX * (side - length + 1));
      int y0 = (int) (cutY * (side - length + 1));
      for (int y = y0; y < y0 + length; y++) {
        java.util.Arrays.fill(
            to,
            toOffset + (y * side + x0) * channels,
            toOffset + (y * side + x0 + length) * channels,
            0);
      }
    }
  }

  /** Bilinear sampling of the source under turn, size, mirror and move about the centre. */
  private static void warp(
      float[] from, float[] to, int toOffset, int side, int channels, double[] map) {
    double centre = (side - 1) / 2.0;
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        double dx = (x - centre - map[4]) * map[2];
        double dy = (y - centre - map[5]) * map[3];
        double sx = map[0] * dx + map[1] * dy + centre;
        double sy = -map[1] * dx + map[0] * dy + centre;
        int at = toOffset + (y * side + x) * channels;
        int x0 = (int) Math.floor(sx);
        int y0 = (int) Math.floor(sy);
        float fx = (float) (sx - x0);
        float fy = (float) (sy - y0);
        for (int c = 0; c < channels; c++) {
          float top =
              (1 - fx) * value(from, side, channels, y0, x0, c)
                  + fx * value(from, side, channels, y0, x0 + 1, c);
          float bottom =
              (1 - fx) * value(from, side, channels, y0 + 1, x0, c)
                  + fx * value(from, side, channels, y0 + 1, x0 + 1, c);
          to[at + c] = (1 - fy) * top + fy * bottom;
        }
      }
    }
  }

  private static float value(float[] from, int side, int channels, int y, int x, int c) {
    return y < 0 || x < 0 || y >= side || x >= side ? 0 : from[(y * side + x) * channels + c];
  }
}
