package org.hcpl.models.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.Plane;

/**
 * Cells as networks take them: each in a square of its own, one size, channels last.
 *
 * @param id of the image
 * @param size edge of a crop in pixels
 * @param labels of the cells, in the order of the crops
 * @param values {@code [N, size, size, 4]}, 0..1, channels in the order of {@link Channel}
 */
public record CellCrops(String id, int size, List<Integer> labels, float[] values) {
  private static final int CHANNELS = Channel.values().length;

  public CellCrops {
    labels = List.copyOf(labels);
    if (values.length != labels.size() * size * size * CHANNELS) {
      throw new IllegalArgumentException(
          "cell crops: "
              + values.length
              + " values (expected: "
              + labels.size()
              + " * "
              + size
              + " * "
              + size
              + " * 4)");
    }
  }

  /**
   * Which cells, and how.
   *
   * @param size edge of a crop in pixels
   * @param keepSurround whether what lies around the cell stays; otherwise it becomes 0
   * @param margin room around the cell's box, as a part of its longer side
   * @param maxCells how many cells at most, drawn at random; 0 for all
   * @param seed of the draw
   */
  public record Options(int size, boolean keepSurround, double margin, int maxCells, long seed) {
    public static final Options DEFAULT = new Options(128, false, 0, 0, 0);

    public Options {
      if (size < 1 || size > 4096 || maxCells < 0 || !(margin >= 0 && margin <= 10)) {
        throw new IllegalArgumentException(
            "cell crops: size "
                + size
                + ", margin "
                + margin
                + ", maxCells "
                + maxCells
                + " (expected: size 1..4096, margin 0..10, maxCells at least 0)");
      }
    }

    public Options withSize(int pixels) {
      return new Options(pixels, keepSurround, margin, maxCells, seed);
    }

    public Options withKeepSurround(boolean keep) {
      return new Options(size, keep, margin, maxCells, seed);
    }

    public Options withMargin(double part) {
      return new Options(size, keepSurround, part, maxCells, seed);
    }

    public Options withMaxCells(int cells) {
      return new Options(size, keepSurround, margin, cells, seed);
    }

    public Options withSeed(long value) {
      return new Options(size, keepSurround, margin, maxCells, value);
    }
  }

  /** Number of crops. */
  public int count() {
    return labels.size();
  }

  /** A copy of one crop, {@code [size, size, 4]}. */
  public float[] crop(int index) {
    int length = size * size * CHANNELS;
    return Arrays.copyOfRange(values, index * length, (index + 1) * length);
  }

  /**
   * Cuts out cells: a square around the middle of the box, black beyond the image's edge, averaged
   * down or interpolated up to {@code size}.
   *
   * <p>When cells are drawn, those that the image's edge cuts come in only if the others are too few.
   * The same seed draws the same cells; they come in rising order of labels.
   */
  public static CellCrops of(HpaImage image, Segmentation found, Options options) {
    List<Segmentation.Facts> chosen = choose(found.facts(), options);
    int length = options.size() * options.size() * CHANNELS;
    float[] values = new float[Math.multiplyExact(chosen.size(), length)];
    int[] objects = (found.nucleiOnly() ? found.nuclei() : found.cells()).labels();
    for (int n = 0; n < chosen.size(); n++) {
      cut(image, objects, chosen.get(n), options, values, n * length);
    }
    return new CellCrops(
        image.id(),
        options.size(),
        chosen.stream().map(Segmentation.Facts::label).toList(),
        values);
  }

  /** The whole image at another size, {@code [height, width, 4]}, as networks take it. */
  public static float[] wholeImage(HpaImage image, int height, int width) {
    float[] out = new float[height * width * CHANNELS];
    for (Channel channel : Channel.values()) {
      float[] plane = Rescale.plane(image.plane(channel), height, width).values();
      for (int i = 0; i < plane.length; i++) {
        out[i * CHANNELS + channel.ordinal()] = plane[i];
      }
    }
    return out;
  }

  private static List<Segmentation.Facts> choose(List<Segmentation.Facts> all, Options options) {
    if (options.maxCells() == 0 || options.maxCells() >= all.size()) {
      return all;
    }
    List<Segmentation.Facts> whole = new ArrayList<>();
    List<Segmentation.Facts> cutOff = new ArrayList<>();
    for (Segmentation.Facts facts : all) {
      (facts.touchesBorder() ? cutOff : whole).add(facts);
    }
    Random random = new Random(options.seed());
    Collections.shuffle(whole, random);
    Collections.shuffle(cutOff, random);
    whole.addAll(cutOff);
    List<Segmentation.Facts> chosen = new ArrayList<>(whole.subList(0, options.maxCells()));
    chosen.sort(java.util.Comparator.comparingInt(Segmentation.Facts::label));
    return chosen;
  }

  private static void cut(
      HpaImage image,
      int[] objects,
      Segmentation.Facts cell,
      Options options,
      float[] out,
      int start) {
    int longer = Math.max(cell.width(), cell.height());
    int side = Math.max(1, (int) Math.round(longer * (1 + 2 * options.margin())));
    int left = Math.floorDiv(cell.left() + cell.right() + 1 - side, 2);
    int top = Math.floorDiv(cell.top() + cell.bottom() + 1 - side, 2);
    int h = image.height();
    int w = image.width();
    float[] square = new float[side * side];
    for (Channel channel : Channel.values()) {
      float[] plane = image.plane(channel).values();
      Arrays.fill(square, 0);
      for (int y = Math.max(0, -top); y < Math.min(side, h - top); y++) {
        for (int x = Math.max(0, -left); x < Math.min(side, w - left); x++) {
          int i = (top + y) * w + left + x;
          if (options.keepSurround() || objects[i] == cell.label()) {
            square[y * side + x] = plane[i];
          }
        }
      }
      float[] sized =
          Rescale.plane(new Plane(side, side, square), options.size(), options.size()).values();
      for (int i = 0; i < sized.length; i++) {
        out[start + i * CHANNELS + channel.ordinal()] = sized[i];
      }
    }
  }
}
