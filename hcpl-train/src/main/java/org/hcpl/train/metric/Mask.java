package org.hcpl.train.metric;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hcpl.models.image.LabelImage;

/**
 * A set of pixels of an image as run lengths over its columns (top to bottom, left to right), as
 * the contest and COCO write masks. Areas and overlaps are computed on the runs; nothing is
 * unpacked. Immutable.
 */
public final class Mask {
  /** The largest image that a mask may cover, in pixels: bounds what a hostile file can claim. */
  public static final int MAX_PIXELS = 1 << 28;

  private final int height;
  private final int width;

  /** Start (inclusive) and end (exclusive) of each run of pixels in the set, ascending. */
  private final int[] bounds;

  private final int area;

  private Mask(int height, int width, int[] bounds) {
    this.height = height;
    this.width = width;
    this.bounds = bounds;
    int sum = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      sum += bounds[i + 1] - bounds[i];
    }
    this.area = sum;
  }

  /**
   * A mask of run lengths: {@code runs[0]} pixels outside the set, {@code runs[1]} inside, and so
   * on in turn.
   *
   * @throws MetricException if the image is empty or larger than {@link #MAX_PIXELS}, a run is
   *     negative, or the runs do not add up to {@code height * width}
   */
  public static Mask ofRuns(int height, int width, int[] runs) {
    int pixels = checkedSize(height, width);
    long total = 0;
    for (int i = 0; i < runs.length; i++) {
      if (runs[i] < 0) {
        throw new MetricException("mask: run " + i + " is " + runs[i] + " (expected: 0 or more)");
      }
      total += runs[i];
    }
    if (total != pixels) {
      throw new MetricException(
          "mask: the runs add up to "
              + total
              + " pixels (expected: height * width = "
              + height
              + " * "
              + width
              + " = "
              + pixels
              + ")\nhelp: is it the mask of an image of another size?");
    }
    int[] bounds = new int[runs.length + 1];
    int used = 0;
    int at = 0;
    for (int i = 0; i < runs.length; i++) {
      int end = at + runs[i];
      if (i % 2 == 1 && end > at) {
        if (used > 0 && bounds[used - 1] == at) {
          bounds[used - 1] = end;
        } else {
          bounds[used++] = at;
          bounds[used++] = end;
        }
      }
      at = end;
    }
    return new Mask(height, width, Arrays.copyOf(bounds, used));
  }

  /** The pixels with this label. */
  public static Mask of(LabelImage image, int label) {
    Mask found = ofAll(image).get(label);
    return found != null ? found : new Mask(image.height(), image.width(), new int[0]);
  }

  /** The objects of a label image by label, in one pass; no entry for labels without pixels. */
  public static SortedMap<Integer, Mask> ofAll(LabelImage image) {
    int height = image.height();
    int width = image.width();
    checkedSize(height, width);
    int[] labels = image.labels();
    TreeMap<Integer, Bounds> open = new TreeMap<>();
    int last = 0;
    Bounds runs = null;
    int position = 0;
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++, position++) {
        int label = labels[y * width + x];
        if (label != last) {
          if (last != 0) {
            runs.add(position);
          }
          if (label != 0) {
            runs = open.computeIfAbsent(label, key -> new Bounds());
            runs.add(position);
          }
          last = label;
        }
      }
    }
    if (last != 0) {
      runs.add(position);
    }
    TreeMap<Integer, Mask> masks = new TreeMap<>();
    open.forEach((label, of) -> masks.put(label, new Mask(height, width, of.trimmed())));
    return masks;
  }

  private static final class Bounds {
    private int[] values = new int[64];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    int[] trimmed() {
      return Arrays.copyOf(values, size);
    }
  }

  static int checkedSize(int height, int width) {
    if (height <= 0 || width <= 0 || (long) height * width > MAX_PIXELS) {
      throw new MetricException(
          "mask: image of height "
              + height
              + " and width "
              + width
              + " (expected: 1 to "
              + MAX_PIXELS
              + " pixels)");
    }
    return height * width;
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  /** Pixels in the set. */
  public int area() {
    return area;
  }

  /**
   * The run lengths, outside first, without empty runs but for the first, and none after the last
   * pixel. A copy.
   */
  public int[] runs() {
    int pixels = height * width;
    int open = bounds.length > 0 && bounds[bounds.length - 1] == pixels ? 0 : 1;
    int[] runs = new int[bounds.length + open];
    int at = 0;
    for (int i = 0; i < bounds.length; i++) {
      runs[i] = bounds[i] - at;
      at = bounds[i];
    }
    if (open == 1) {
      runs[bounds.length] = pixels - at;
    }
    return runs;
  }

  /**
   * Pixels in both sets.
   *
   * @throws MetricException if the images differ in size
   */
  public int intersection(Mask other) {
    if (height != other.height || width != other.width) {
      throw new MetricException(
          "mask: sizes differ: "
              + height
              + " x "
              + width
              + " and "
              + other.height
              + " x "
              + other.width
              + " (expected: masks of one image, height x width)");
    }
    int[] a = bounds;
    int[] b = other.bounds;
    if (a.length == 0 || b.length == 0 || a[a.length - 1] <= b[0] || b[b.length - 1] <= a[0]) {
      return 0;
    }
    int sum = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      int overlap = Math.min(a[i + 1], b[j + 1]) - Math.max(a[i], b[j]);
      if (overlap > 0) {
        sum += overlap;
      }
      if (a[i + 1] < b[j + 1]) {
        i += 2;
      } else {
        j += 2;
      }
    }
    return sum;
  }

  /** Intersection over union, 0..1; 0 where both are empty. */
  public double iou(Mask other) {
    int both = intersection(other);
    return both == 0 ? 0 : (double) both / (area + other.area - both);
  }

  /** Sets the pixels of this mask to a label. */
  public void paint(LabelImage image, int label) {
    if (height != image.height() || width != image.width()) {
      throw new MetricException(
          "mask: sizes differ: mask "
              + height
              + " x "
              + width
              + ", image "
              + image.height()
              + " x "
              + image.width()
              + " (expected: the same, height x width)");
    }
    for (int i = 0; i < bounds.length; i += 2) {
      for (int position = bounds[i]; position < bounds[i + 1]; position++) {
        image.labels()[(position % height) * width + position / height] = label;
      }
    }
  }

  /** Whether both are the same pixels of images of one size. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Mask mask
        && height == mask.height
        && width == mask.width
        && Arrays.equals(bounds, mask.bounds);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * height + width) + Arrays.hashCode(bounds);
  }

  @Override
  public String toString() {
    return "mask of " + area + " pixels in " + height + " x " + width;
  }
}
