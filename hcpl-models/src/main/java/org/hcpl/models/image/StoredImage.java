package org.hcpl.models.image;

import static org.hcpl.tensor.io.Words.count;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What an image file holds: one plane for a grey image, three for a coloured one, one a page and
 * sample for a TIFF of several pages.
 *
 * @param file for messages
 * @param planes all of one size, 0..1 (see {@link Plane})
 * @param coloured whether the planes are red, green and blue light of one picture, not channels of
 *     an experiment
 * @param channelNames of OME metadata, one a plane; empty where there are none
 * @param pixelSizeMicrometres edge of a pixel in micrometres, NaN where unknown
 */
public record StoredImage(
    String file,
    List<Plane> planes,
    boolean coloured,
    List<String> channelNames,
    double pixelSizeMicrometres) {
  /** Lower-case parts of channel names in use for each {@link Channel}, in its order. */
  private static final List<List<String>> SYNONYMS =
      List.of(
          List.of("red", "microtubule", "microtubules", "tubulin", "mt"),
          List.of("green", "protein", "antibody", "target", "poi"),
          List.of("blue", "nucleus", "nuclei", "nuclear", "dna", "dapi", "hoechst"),
          List.of("yellow", "er", "endoplasmic", "calreticulin"));

  public StoredImage {
    planes = List.copyOf(planes);
    channelNames = List.copyOf(channelNames);
    if (planes.isEmpty()) {
      throw new ImageException(file + ": no image inside (expected: at least one)");
    }
    for (Plane plane : planes) {
      if (plane.height() != planes.get(0).height() || plane.width() != planes.get(0).width()) {
        throw new ImageException(
            file
                + ": its pages differ in size: "
                + planes.get(0).dimensions()
                + " and "
                + plane.dimensions()
                + "\nhelp: export the full resolution alone, without a pyramid or thumbnail");
      }
    }
  }

  /**
   * The image as one plane.
   *
   * <p>Of a coloured picture the brightest of red, green and blue is taken where the ground is dark
   * (a stain that glows in any one colour keeps its strength), the darkest where the ground is
   * bright (a stain that absorbs).
   *
   * @throws ImageException if there are several channels or pages
   */
  public Plane single() {
    if (planes.size() == 1) {
      return planes.get(0);
    }
    if (!coloured) {
      throw new ImageException(
          file
              + ": "
              + count(planes.size(), "channel")
              + " or pages (expected: one)\nhelp: export the wanted channel alone");
    }
    Plane first = planes.get(0);
    float[] high = first.values().clone();
    float[] low = first.values().clone();
    for (Plane plane : planes.subList(1, planes.size())) {
      float[] values = plane.values();
      for (int i = 0; i < high.length; i++) {
        high[i] = Math.max(high[i], values[i]);
        low[i] = Math.min(low[i], values[i]);
      }
    }
    return new Plane(first.height(), first.width(), brightGround(low) ? low : high);
  }

  /** Whether even the darkest colour of the typical pixel is bright. */
  private static boolean brightGround(float[] values) {
    int step = Math.max(1, values.length / 10_000);
    int bright = 0;
    int count = 0;
    for (int i = 0; i < values.length; i += step) {
      bright += values[i] > 0.5f ? 1 : 0;
      count++;
    }
    return 2 * bright > count;
  }

  /**
   * The four channels of a TIFF of four pages or samples: by their names where all four are known,
   * else in the order microtubules, protein, nucleus, ER (c0 to c3).
   *
   * @throws ImageException if there are not four channels, or names contradict each other
   */
  public HpaImage toHpaImage(String id) {
    int wanted = Channel.values().length;
    if (coloured || planes.size() != wanted) {
      throw new ImageException(
          file
              + ": "
              + (coloured ? "a coloured picture" : count(planes.size(), "channel"))
              + " (expected: 4 channels, named or ordered red (microtubules), green (protein), blue"
              + " (nucleus), yellow (ER))\n"
              + "help: export each channel to a file of its own, "
              + id
              + "_red to "
              + id
              + "_yellow, or move the file away");
    }
    Plane[] ordered = new Plane[wanted];
    int[] named = new int[wanted];
    Arrays.fill(named, -1);
    int known = 0;
    for (int c = 0; c < channelNames.size(); c++) {
      int channel = channelOf(channelNames.get(c));
      if (channel >= 0) {
        known++;
        if (named[channel] >= 0) {
          throw unclear("two channels look like " + Channel.values()[channel].fileName());
        }
        named[channel] = c;
      }
    }
    for (int channel = 0; channel < wanted; channel++) {
      if (known > 0 && known < wanted && named[channel] >= 0 && named[channel] != channel) {
        throw unclear("only some are known, and out of order");
      }
      ordered[channel] = planes.get(known == wanted ? named[channel] : channel);
    }
    return new HpaImage(id, new ArrayList<>(Arrays.asList(ordered)), pixelSizeMicrometres);
  }

  private ImageException unclear(String why) {
    return new ImageException(
        file
            + ": channel names "
            + channelNames
            + ": "
            + why
            + "\nhelp: name the channels red, green, blue, yellow");
  }

  /** The ordinal of the channel that a name means, -1 if none or several. */
  private static int channelOf(String name) {
    int found = -1;
    for (String part : name.toLowerCase(Locale.ROOT).split("[^a-z]+")) {
      for (int channel = 0; channel < SYNONYMS.size(); channel++) {
        if (SYNONYMS.get(channel).contains(part)) {
          if (found >= 0 && found != channel) {
            return -1;
          }
          found = channel;
        }
      }
    }
    return found;
  }
}
