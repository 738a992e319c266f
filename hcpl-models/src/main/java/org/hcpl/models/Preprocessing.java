package org.hcpl.models;

import java.util.List;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.Plane;

/**
 * How an image becomes the input of a network.
 *
 * @param channels which channels the network takes, in its order
 * @param scaling what happens to the intensities
 * @param windows for networks that look at whole images: whether they see windows of their size
 *     that cover the image, and the mean of what they say counts, instead of the image scaled to it
 */
public record Preprocessing(List<Channel> channels, Scaling scaling, boolean windows) {
  /** What happens to the intensities of an image, channel by channel. */
  public enum Scaling {
    /** Kept as read, 0..1 over the range of the stored type. */
    UNIT,
    /**
     * {@code (x - mean) / (s + 1e-7)} over the whole image, s the standard deviation with n - 1: as
     * GapNet-PL's authors do.
     */
    STANDARDISED,
    /**
     * The same with both sums taken in float32, pixel after pixel, as NumPy takes them over an
     * image {@code [H, W, C]}. The statistics of a large image lose digits (a relative 1e-3 is
     * usual), which moves GapNet-PL's probabilities by up to 0.004: what was computed that way can
     * be reproduced only that way.
     */
    STANDARDISED_FLOAT32
  }

  /** Added to the standard deviation, so that an empty channel becomes zeros. */
  private static final double STANDARD_EPS = 1e-7;

  /** All four channels in their usual order, as read. */
  public static final Preprocessing HPA =
      new Preprocessing(List.of(Channel.values()), Scaling.UNIT, false);

  public Preprocessing {
    if (channels == null || channels.isEmpty() || scaling == null) {
      throw new ModelException(
          "preprocessing: channels "
              + channels
              + ", scaling "
              + scaling
              + " (expected: at least one channel, and a scaling)");
    }
    channels = List.copyOf(channels);
  }

  /**
   * As read: for four inputs all channels in their usual order, for three without the endoplasmic
   * reticulum, for two the protein and the nucleus, for one the protein.
   *
   * @throws ModelException for any other number
   */
  public static Preprocessing usual(int inputChannels) {
    return switch (inputChannels) {
      case 1 -> new Preprocessing(List.of(Channel.GREEN), Scaling.UNIT, false);
      case 2 -> new Preprocessing(List.of(Channel.GREEN, Channel.BLUE), Scaling.UNIT, false);
      case 3 ->
          new Preprocessing(List.of(Channel.RED, Channel.GREEN, Channel.BLUE), Scaling.UNIT, false);
      case 4 -> HPA;
      default ->
          throw new ModelException(
              "preprocessing: " + inputChannels + " input channels (expected: 1..4)");
    };
  }

  /** The chosen planes of an image, scaled; they share memory with it where nothing changes. */
  public List<Plane> planes(HpaImage image) {
    return channels.stream().map(image::plane).map(this::scaled).toList();
  }

  private Plane scaled(Plane plane) {
    return switch (scaling) {
      case UNIT -> plane;
      case STANDARDISED -> standardised(plane);
      case STANDARDISED_FLOAT32 -> standardisedFloat32(plane);
    };
  }

  private static Plane standardised(Plane plane) {
    float[] values = plane.values();
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    return standardised(plane, mean, squares);
  }

  private static Plane standardisedFloat32(Plane plane) {
    float[] values = plane.values();
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    float mean = sum / values.length;
    float squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    return standardised(plane, mean, squares);
  }

  private static Plane standardised(Plane plane, double mean, double squares) {
    float[] values = plane.values();
    double deviation = Math.sqrt(squares / Math.max(1, values.length - 1)) + STANDARD_EPS;
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) ((values[i] - mean) / deviation);
    }
    return new Plane(plane.height(), plane.width(), scaled);
  }
}
