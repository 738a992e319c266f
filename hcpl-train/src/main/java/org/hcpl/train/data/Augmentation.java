package org.hcpl.train.data;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.hcpl.models.localise.Contrast;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.TensorException;

/**
 * Random changes to a cell that leave its labels true. The result is a function of the cell, these
 * settings and the random stream.
 *
 * @param flip mirrors left to right and top to bottom, each in half of the cases
 * @param rotation largest turn to either side in degrees; 180 for any angle
 * @param shift largest move along each axis, as share of the side
 * @param scale largest relative change of size: 0.1 is 0.9 to 1/0.9 times
 * @param crop largest share of the side that is cut away: a square of at least {@code 1 - crop} of
 *     the side, anywhere inside, is enlarged to the whole
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
    double rotation,
    double shift,
    double scale,
    double crop,
    double cutout,
    double gain,
    double gamma,
    double blur,
    double noise) {
  /** In pixels; a Gaussian narrower than this changes nothing that can be seen. */
  private static final double SMALLEST_SIGMA = 0.1;

  /** The settings in their order. */
  private static final List<String> NAMES =
      Arrays.stream(Augmentation.class.getRecordComponents())
          .map(RecordComponent::getName)
          .toList();

  /** No change at all. */
  public static final Augmentation NONE = new Augmentation(false, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * The changes that HCPL trains with: flip, rotation, cutout, brightness, and shift and scale,
   * which together crop as well.
   */
  public static final Augmentation STANDARD =
      NONE.flip(true).rotation(180).shift(0.06).scale(0.12).cutout(0.25).gain(0.15);

  /**
   * For cells of few images that differ in exposure and sharpness: {@link #STANDARD} with more
   * brightness, with blur and noise.
   */
  public static final Augmentation STRONG = STANDARD.gain(0.3).blur(0.025).noise(0.05);

  public Augmentation {
    check("rotation", rotation, rotation >= 0 && rotation <= 180, "0..180");
    share("shift", shift);
    share("scale", scale);
    share("crop", crop);
    share("cutout", cutout);
    share("gain", gain);
    check("gamma", gamma, gamma >= 0 && Double.isFinite(gamma), ">= 0");
    share("blur", blur);
    check("noise", noise, noise >= 0 && Double.isFinite(noise), ">= 0");
  }

  private static void share(String name, double value) {
    check(name, value, value >= 0 && value < 1, "in [0, 1)");
  }

  private static void check(String name, double value, boolean fine, String expected) {
    if (!fine) {
      throw new TensorException(
          "augmentation: " + name + " " + value + " (expected: " + expected + ")");
    }
  }

  /**
   * Settings as text: {@code none}, {@code standard} or {@code strong}, then perhaps changes to it,
   * as in {@code standard,crop=0.2,flip=0}.
   *
   * @throws TensorException on a name that does not exist or a value out of range
   */
  public static Augmentation parse(String text) {
    String[] parts = text.trim().split(",", -1);
    Augmentation result =
        switch (parts[0].trim().toLowerCase(Locale.ROOT)) {
          case "none" -> NONE;
          case "standard" -> STANDARD;
          case "strong" -> STRONG;
          default ->
              throw new TensorException(
                  "augmentation: '" + parts[0] + "' (expected: none, standard or strong)");
        };
    for (int i = 1; i < parts.length; i++) {
      int sign = parts[i].indexOf('=');
      String name = parts[i].substring(0, Math.max(0, sign)).trim();
      if (!NAMES.contains(name)) {
        throw new TensorException(
            "augmentation: '"
                + parts[i]
                + "' (expected: NAME=NUMBER with a name of "
                + String.join(", ", NAMES)
                + ")");
      }
      try {
        result = result.with(name, Double.parseDouble(parts[i].substring(sign + 1).trim()));
      } catch (NumberFormatException e) {
        throw new TensorException("augmentation: '" + parts[i] + "' (expected: a number)", e);
      }
    }
    return result;
  }

  public Augmentation flip(boolean value) {
    return with("flip", value ? 1 : 0);
  }

  public Augmentation rotation(double degrees) {
    return with("rotation", degrees);
  }

  public Augmentation shift(double share) {
    return with("shift", share);
  }

  public Augmentation scale(double change) {
    return with("scale", change);
  }

  public Augmentation crop(double share) {
    return with("crop", share);
  }

  public Augmentation cutout(double share) {
    return with("cutout", share);
  }

  public Augmentation gain(double change) {
    return with("gain", change);
  }

  public Augmentation gamma(double change) {
    return with("gamma", change);
  }

  public Augmentation blur(double share) {
    return with("blur", share);
  }

  public Augmentation noise(double share) {
    return with("noise", share);
  }

  private Augmentation with(String name, double value) {
    double[] v = {
      flip ? 1 : 0, rotation, shift, scale, crop, cutout, gain, gamma, blur, noise,
    };
    v[NAMES.indexOf(name)] = value;
    return new Augmentation(v[0] != 0, v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9]);
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
    double angle = Math.toRadians(rotation) * (2 * rng.nextDouble() - 1);
    double size = Math.pow(1 - scale, 2 * rng.nextDouble() - 1);
    double moveX = shift * side * (2 * rng.nextDouble() - 1);
    double moveY = shift * side * (2 * rng.nextDouble() - 1);
    double flipX = flip && rng.nextDouble() < 0.5 ? -1 : 1;
    double flipY = flip && rng.nextDouble() < 0.5 ? -1 : 1;
    boolean cut = cutout > 0 && rng.nextDouble() < 0.5;
    double cutX = rng.nextDouble();
    double cutY = rng.nextDouble();
    // The cropped square: how large it is, and how far its centre lies from the cell's.
    double square = crop > 0 ? 1 - crop * rng.nextDouble() : 1;
    double spare = (1 - square) * (side - 1) / 2;
    double cropX = crop > 0 ? spare * (2 * rng.nextDouble() - 1) : 0;
    double cropY = crop > 0 ? spare * (2 * rng.nextDouble() - 1) : 0;
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
        new double[] {
          square * Math.cos(angle) / size,
          square * Math.sin(angle) / size,
          flipX,
          flipY,
          moveX,
          moveY,
          cropX,
          cropY
        });
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
      addNoise(to, toOffset, inside, deviation, contrast, rng);
    }
    if (cut) {
      cutOut(to, toOffset, side, channels, cutX, cutY);
    }
  }

  /** Adds normal noise to some values, which stay in the contrast's range. */
  private static void addNoise(
      float[] values, int offset, boolean[] which, double deviation, Contrast contrast, Rng rng) {
    for (int i = 0; i < which.length; i++) {
      if (which[i]) {
        float value = values[offset + i] + (float) (deviation * rng.nextGaussian());
        values[offset + i] = Math.min(contrast.highest(), Math.max(contrast.lowest(), value));
      }
    }
  }

  /**
   * Sets a square to zero.
   *
   * @param x where it lies, 0 at the left and 1 at the right border
   * @param y 0 at the upper and 1 at the lower border
   */
  private void cutOut(float[] values, int offset, int side, int channels, double x, double y) {
    int length = (int) Math.round(cutout * side);
    int left = (int) (x * (side - length + 1));
    int top = (int) (y * (side - length + 1));
    for (int row = top; row < top + length; row++) {
      int from = offset + (row * side + left) * channels;
      Arrays.fill(values, from, from + length * channels, 0);
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
    Arrays.fill(values, offset, offset + side * row, 0);
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

  /** Bilinear sampling of the source under crop, turn, size, mirror and move about the centre. */
  private static void warp(
      float[] from, float[] to, int toOffset, int side, int channels, double[] map) {
    double centre = (side - 1) / 2.0;
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        double dx = (x - centre - map[4]) * map[2];
        double dy = (y - centre - map[5]) * map[3];
        double sx = map[0] * dx + map[1] * dy + centre + map[6];
        double sy = -map[1] * dx + map[0] * dy + centre + map[7];
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
