package org.hcpl.train.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.hcpl.models.image.ImageException;

/**
 * Cells to learn from, in memory at eight bits a value: pixels {@code [side, side, channels]}, a
 * target a class, and the image that each came from. Cells of one image stand together, in the
 * order in which they were added.
 */
public final class CellStore {
  private final int side;
  private final int channels;
  private final List<String> classes;
  private final List<byte[]> pixels = new ArrayList<>();
  private final List<float[]> targets = new ArrayList<>();
  private final List<Integer> image = new ArrayList<>();
  private final List<Integer> number = new ArrayList<>();
  private final List<String> images = new ArrayList<>();

  /**
   * An empty store.
   *
   * @param side height and width of every cell in pixels
   * @param classes their names, in the order of targets
   */
  public CellStore(int side, int channels, List<String> classes) {
    this.side = side;
    this.channels = channels;
    this.classes = List.copyOf(classes);
  }

  /**
   * Adds the next cell.
   *
   * @param imageId of the image that it is from; cells of an image are added one after the other
   * @param cellNumber its number in that image
   * @param values {@code [side, side, channels]} in 0..1, kept at eight bits
   * @param target {@code [classes]}, probabilities or 0 and 1; kept, not copied
   */
  public void add(String imageId, int cellNumber, float[] values, float[] target) {
    if (values.length != valuesPerCell() || target.length != classes.size()) {
      throw new ImageException(
          imageId
              + ": cell "
              + cellNumber
              + " has "
              + values.length
              + " values and "
              + target.length
              + " targets (expected: "
              + valuesPerCell()
              + " and "
              + classes.size()
              + ")");
    }
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(255 * Math.min(1, Math.max(0, values[i])));
    }
    if (images.isEmpty() || !images.get(images.size() - 1).equals(imageId)) {
      images.add(imageId);
    }
    pixels.add(bytes);
    targets.add(target);
    image.add(images.size() - 1);
    number.add(cellNumber);
  }

  /** The number of cells. */
  public int size() {
    return pixels.size();
  }

  public int side() {
    return side;
  }

  public int channels() {
    return channels;
  }

  public List<String> classes() {
    return classes;
  }

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

  /** Replaces a cell's targets, as relabelling does. */
  public void setTarget(int cell, float[] target) {
    targets.set(cell, target.clone());
  }

  /** Writes a cell's pixels in 0..1 to {@code to[offset ...]}. */
  public void read(int cell, float[] to, int offset) {
    byte[] bytes = pixels.get(cell);
    for (int i = 0; i < bytes.length; i++) {
      to[offset + i] = (bytes[i] & 0xff) * (1f / 255);
    }
  }

  /** The cells of some images; pixels and targets are shared, not copied. */
  public CellStore subset(IntPredicate wanted) {
    CellStore some = new CellStore(side, channels, classes);
    for (int cell = 0; cell < size(); cell++) {
      if (wanted.test(image(cell))) {
        String id = images.get(image(cell));
        if (some.images.isEmpty() || !some.images.get(some.images.size() - 1).equals(id)) {
          some.images.add(id);
        }
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
