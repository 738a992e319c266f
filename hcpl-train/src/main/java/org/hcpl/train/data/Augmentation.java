package org.hcpl.train.data;

import org.hcpl.models.localise.Contrast;
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
 *     and {@code 1+gamma}; for values in 0..1
 * @param blur largest standard deviation of a Gaussian blur, as share of the side, in half of the
 *     cases
 * @param noise largest standard deviation of the noise that is added to pixels that are not zero,
 *     as share of the range of values, in half of the cases
 */
public record Augmentation(
    boolean flip,
    double rotationDegrees,
    double shift,
    double scale,
    double cutout,
    double gain,
    double gamma,
    double blur,
    double noise) {
  /** In pixels; a Gaussian narrower than this changes nothing that can be seen. */
  private static final double SMALLEST_SIGMA = 0.1;

  /** No change at all. */
  public static final Augmentation NONE = new Augmentation(false, 0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * The changes that HCPL trains with: crop, flip, shift, rotation, scale, cutout; and brightness.
   */
  public static final Augmentation STANDARD =
      new Augmentation(true, 180, 0.06, 0.12, 0.25, 0.15, 0, 0, 0);

  /**
   * For cells of few images that differ in exposure and sharpness: {@link #STANDARD} with more
   * brightness, with blur and noise.
   */
  public static final Augmentation STRONG = STANDARD.gain(0.3).blur(0.025).noise(0.05);

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
        || gamma < 0
        || blur < 0
        || blur >= 1
        || noise < 0) {
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
              + ", blur "
              + blur
              + ", noise "
              + noise
              + " (expected: rotation in 0..180, shift, scale, cutout, gain and blur in [0, 1), gamma"
              + " and noise >= 0)");
    }
  }

  public Augmentation flip(boolean value) {
    return new Augmentation(value, rotationDegrees, shift, scale, cutout, gain, gamma, blur, noise);
  }

  public Augmentation rotation(double degrees) {
    return new Augmentation(flip, degrees, shift, scale, cutout, gain, gamma, blur, noise);
  }

  public Augmentation shift(double share) {
    return new Augmentation(flip, rotationDegrees, share, scale, cutout, gain, gamma, blur, noise);
  }

  public Augmentation scale(double change) {
    return new Augmentation(flip, rotationDegrees, shift, change, cutout, gain, gamma, blur, noise);
  }

  public Augmentation cutout(double share) {
    return new Augmentation(flip, rotationDegrees, shift, scale, share, gain, gamma, blur, noise);
  }

  public Augmentation gain(double change) {
    return new Augmentation(
        flip, rotationDegrees, shift, scale, cutout, change, gamma, blur, noise);
  }

  public Augmentation gamma(double change) {
    return new Augmentation(flip, rotationDegrees, shift, scale, cutout, gain, change, blur, noise);
  }

  public Augmentation blur(double share) {
    return new Augmentation(flip, rotationDegrees, shift, scale, cutout, gain, gamma, share, noise);
  }

  public Augmentation noise(double share) {
    return new Augmentation(flip, rotationDegrees, shift, scale, cutout, gain, gamma, blur, share);
  }

  /**
   * Changes one cell; outside of its square everything is zero.
   *
   * @param from {@code [side, side, channels]}, at least {@code side * side * channels} values
   * @param to gets the result from {@code toOffset} on; another array than {@code from}
   * @param contrast of the cell: says how large values can be; larger ones are cut
   */
  public void apply(
      float[] from, float[] to, int toOffset, int side, int channels, Contrast contrast, Rng rng) {
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
    double sigma = blur > 0 && rng.nextDouble() < 0.5 ? blur * side * rng.nextDouble() : 0;
    float range = contrast.highest() - contrast.lowest();
    double deviation = noise > 0 && rng.nextDouble() < 0.5 ? noise * range * rng.nextDouble() : 0;
    warp(
        from,
        to,
        toOffset,
        side,
        channels,
        new double[] {Math.cos(angle) / size, Math.sin(angle) / size, flipX, flipY, moveX, moveY});
    boolean[] inside = deviation > 0 ? nonZero(to, toOffset, side * side * channels) : null;
    if (sigma > SMALLEST_SIGMA) {
      blur(to, toOffset, side, channels, sigma);
    }
    if (gain > 0 || gamma > 0) {
      for (int i = 0; i < side * side; i++) {
        for (int c = 0; c < channels; c++) {
          int at = toOffset + i * channels + c;
          float value = gamma > 0 ? (float) Math.pow(Math.max(to[at], 0), powers[c]) : to[at];
          to[at] = Math.min(contrast.highest(), value * gains[c]);
        }
      }
    }
    if (deviation > 0) {
      for (int i = 0; i < inside.length; i++) {
        if (inside[i]) {
          float value = to[toOffset + i] + (float) (deviation * rng.nextGaussian());
          to[toOffset + i] = Math.min(contrast.highest(), Math.max(contrast.lowest(), value));
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

  private static boolean[] nonZero(float[] values, int offset, int count) {
    boolean[] result = new boolean[count];
    for (int i = 0; i < count; i++) {
      result[i] = values[offset + i] != 0;
    }
    return result;
  }

  /** Gaussian blur in place, everything outside of the square zero. */
  private static void blur(float[] values, int offset, int side, int channels, double sigma) {
    int radius = (int) Math.min(side - 1, Math.ceil(3 * sigma));
    float[] kernel = new float[2 * radius + 1];
    double sum = 0;
    for (int k = -radius; k <= radius; k++) {
      sum += Math.exp(-0.5 * k * k / (sigma * sigma));
    }
    for (int k = -radius; k <= radius; k++) {
      kernel[k + radius] = (float) (Math.exp(-0.5 * k * k / (sigma * sigma)) / sum);
    }
    int row = side * channels;
    float[] between = new float[side * row];
    for (int y = 0; y < side; y++) {
      for (int k = Math.max(-radius, -y); k <= Math.min(radius, side - 1 - y); k++) {
        add(values, offset + (y + k) * row, kernel[k + radius], between, y * row, row);
      }
    }
    java.util.Arrays.fill(values, offset, offset + side * row, 0);
    for (int y = 0; y < side; y++) {
      for (int k = -radius; k <= radius; k++) {
        int from = Math.max(0, k);
        int count = side - Math.abs(k);
        int to = from - k;
        add(
            between,
            y * row + from * channels,
            kernel[k + radius],
            values,
            offset + y * row + to * channels,
            count * channels);
      }
    }
  }

  private static void add(float[] from, int start, float weight, float[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] += weight * from[start + i];
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
