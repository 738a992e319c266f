package org.hcpl.train.data;

import static org.hcpl.tensor.io.Words.count;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.zip.CRC32;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.localise.Contrast;

/**
 * Cells to learn from, in memory at eight bits a value: pixels {@code [side, side, channels]}, a
 * target a class, and the image that each came from. Cells of one image stand together, in the
 * order in which they were added.
 */
public final class CellStore {
  private final int side;
  private final int channels;
  private final List<String> classes;
  private final Contrast contrast;
  private final List<byte[]> pixels = new ArrayList<>();
  private final List<float[]> targets = new ArrayList<>();
  private final List<Integer> image = new ArrayList<>();
  private final List<Integer> number = new ArrayList<>();
  private final List<String> images = new ArrayList<>();
  private final Set<String> imagesSoFar = new HashSet<>();

  /** An empty store for values in 0..1. */
  public CellStore(int side, int channels, List<String> classes) {
    this(side, channels, classes, Contrast.AS_IS);
  }

  /**
   * An empty store.
   *
   * @param side height and width of every cell in pixels
   * @param classes their names, in the order of targets
   * @param contrast what was done to the cells that will be added; says how large values can be
   */
  public CellStore(int side, int channels, List<String> classes, Contrast contrast) {
    this.side = side;
    this.channels = channels;
    this.classes = List.copyOf(classes);
    this.contrast = contrast;
  }

  /**
   * Adds the next cell.
   *
   * @param imageId of the image that it is from; cells of an image are added one after the other
   * @param cellNumber its number in that image
   * @param values {@code [side, side, channels]} in the contrast's range, kept at eight bits
   * @param target {@code [classes]}, probabilities or 0 and 1; kept, not copied
   * @throws ImageException if sizes do not fit, or cells of another image were added in between
   */
  public void add(String imageId, int cellNumber, float[] values, float[] target) {
    if (values.length != valuesPerCell() || target.length != classes.size()) {
      throw new ImageException(
          imageId
              + ": cell "
              + cellNumber
              + " has "
              + count(values.length, "value")
              + " and "
              + count(target.length, "target")
              + " (expected: "
              + valuesPerCell()
              + " and "
              + classes.size()
              + ")");
    }
    byte[] bytes = new byte[values.length];
    float lowest = contrast.lowest();
    float range = contrast.highest() - lowest;
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(255 * Math.min(1, Math.max(0, (values[i] - lowest) / range)));
    }
    addTo(this, imageId);
    pixels.add(bytes);
    targets.add(target);
    image.add(images.size() - 1);
    number.add(cellNumber);
  }

  /** Notes that the next cell is from that image. */
  private static void addTo(CellStore store, String imageId) {
    List<String> images = store.images;
    if (!images.isEmpty() && images.get(images.size() - 1).equals(imageId)) {
      return;
    }
    if (!store.imagesSoFar.add(imageId)) {
      throw new ImageException(
          imageId
              + ": a cell of this image comes after those of image "
              + images.get(images.size() - 1)
              + " (expected: the cells of an image one after the other)");
    }
    images.add(imageId);
  }

  /** The number of cells. */
  public int size() {
    return pixels.size();
  }

  /** Height and width of every cell in pixels. */
  public int side() {
    return side;
  }

  /** Channels of every cell. */
  public int channels() {
    return channels;
  }

  /** The names of the classes, in the order of targets. */
  public List<String> classes() {
    return classes;
  }

  /** What was done to the cells; see {@link Contrast#lowest} and {@link Contrast#highest}. */
  public Contrast contrast() {
    return contrast;
  }

  /** {@code side * side * channels}. */
  public int valuesPerCell() {
    return side * side * channels;
  }

  /** The ids of the images, in order. */
  public List<String> images() {
    return List.copyOf(images);
  }

  /** Which image a cell is from, as index into {@link #images()}. */
  public int image(int cell) {
    return image.get(cell);
  }

  /** The number of a cell in its image. */
  public int number(int cell) {
    return number.get(cell);
  }

  /** A cell's targets, not a copy. */
  public float[] target(int cell) {
    return targets.get(cell);
  }

  /** Replaces a cell's targets by a copy of others. */
  public void setTarget(int cell, float[] target) {
    targets.set(cell, target.clone());
  }

  /** Writes a cell's pixels, in the contrast's range, to {@code to[offset ...]}. */
  public void read(int cell, float[] to, int offset) {
    byte[] bytes = pixels.get(cell);
    float step = (contrast.highest() - contrast.lowest()) / 255;
    int zero = Math.round(-contrast.lowest() / step);
    for (int i = 0; i < bytes.length; i++) {
      to[offset + i] = ((bytes[i] & 0xff) - zero) * step;
    }
  }

  /** The cells of some images; pixels and targets are shared, not copied. */
  public CellStore subset(IntPredicate wanted) {
    CellStore some = new CellStore(side, channels, classes, contrast);
    for (int cell = 0; cell < size(); cell++) {
      if (wanted.test(image(cell))) {
        String id = images.get(image(cell));
        addTo(some, id);
        some.pixels.add(pixels.get(cell));
        some.targets.add(targets.get(cell));
        some.image.add(some.images.size() - 1);
        some.number.add(number(cell));
      }
    }
    return some;
  }

  /** The cells of each image. */
  public List<int[]> bags() {
    List<int[]> bags = new ArrayList<>();
    int start = 0;
    while (start < size()) {
      int end = start;
      while (end < size() && image(end) == image(start)) {
        end++;
      }
      int[] bag = new int[end - start];
      for (int i = 0; i < bag.length; i++) {
        bag[i] = start + i;
      }
      bags.add(bag);
      start = end;
    }
    return bags;
  }

  /** CRC-32 over pixels and targets in their order, in hexadecimal digits: whether data changed. */
  public String checksum() {
    CRC32 crc = new CRC32();
    float[] values = new float[valuesPerCell()];
    for (int cell = 0; cell < size(); cell++) {
      read(cell, values, 0);
      int sum = Arrays.hashCode(values) * 31 + Arrays.hashCode(target(cell));
      crc.update(
          new byte[] {(byte) sum, (byte) (sum >> 8), (byte) (sum >> 16), (byte) (sum >> 24)});
    }
    return Long.toHexString(crc.getValue());
  }

  /** The share of cells with each class, by their targets. */
  public double[] frequencies() {
    double[] sums = new double[classes.size()];
    for (float[] target : targets) {
      for (int c = 0; c < sums.length; c++) {
        sums[c] += target[c] / size();
      }
    }
    return sums;
  }
}
