package org.hcpl.models.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hcpl.models.image.LabelImage;

/** Outlines of objects as polygons along the edges of their pixels. */
public final class Contours {
  /** Steps right, down, left, up along pixel edges; the object stays on the right-hand side. */
  private static final int[] DX = {1, 0, -1, 0};

  private static final int[] DY = {0, 1, 0, -1};

  private Contours() {}

  /**
   * A closed polygon; pixel (x, y) covers the square from (x, y) to (x + 1, y + 1).
   *
   * @param xs corners in order, the first not repeated
   */
  public record Polygon(int label, int[] xs, int[] ys) {
    public int size() {
      return xs.length;
    }
  }

  /**
   * The outer outline of each object, in rising order of labels, with corners only where the
   * direction changes. Of an object in several parts the part that comes first in reading order is
   * outlined; holes are left out.
   */
  public static List<Polygon> of(LabelImage image) {
    int h = image.height();
    int w = image.width();
    int[] start = new int[image.max() + 1];
    Arrays.fill(start, -1);
    for (int i = h * w - 1; i >= 0; i--) {
      start[image.labels()[i]] = i;
    }
    List<Polygon> polygons = new ArrayList<>();
    for (int label = 1; label < start.length; label++) {
      if (start[label] >= 0) {
        polygons.add(trace(image.labels(), h, w, label, start[label], false));
      }
    }
    return polygons;
  }

  /**
   * Walks around one object, beginning at the upper left corner of its first pixel.
   *
   * @param everyCorner whether to keep the corners on straight stretches, too
   */
  static Polygon trace(int[] labels, int h, int w, int label, int first, boolean everyCorner) {
    int startX = first % w;
    int startY = first / w;
    int x = startX;
    int y = startY;
    int direction = 0;
    int[] xs = new int[64];
    int[] ys = new int[64];
    int n = 0;
    int before = -1;
    do {
      if (everyCorner || direction != before) {
        if (n == xs.length) {
          xs = Arrays.copyOf(xs, 2 * n);
          ys = Arrays.copyOf(ys, 2 * n);
        }
        xs[n] = x;
        ys[n++] = y;
      }
      x += DX[direction];
      y += DY[direction];
      before = direction;
      // Prefer the left turn: pixels that share only a corner are kept apart by a right turn.
      boolean left = inside(labels, h, w, label, x, y, direction, true);
      boolean right = inside(labels, h, w, label, x, y, direction, false);
      if (!right) {
        direction = (direction + 1) % 4;
      } else if (left) {
        direction = (direction + 3) % 4;
      }
    } while (x != startX || y != startY || direction != 0);
    return new Polygon(label, Arrays.copyOf(xs, n), Arrays.copyOf(ys, n));
  }

  /** Whether the pixel ahead of a corner, left or right of the direction, is of the object. */
  private static boolean inside(
      int[] labels, int h, int w, int label, int x, int y, int direction, boolean left) {
    int px =
        switch (direction) {
          case 0 -> x;
          case 1 -> left ? x : x - 1;
          case 2 -> x - 1;
          default -> left ? x - 1 : x;
        };
    int py =
        switch (direction) {
          case 0 -> left ? y - 1 : y;
          case 1 -> y;
          case 2 -> left ? y : y - 1;
          default -> y - 1;
        };
    return px >= 0 && py >= 0 && px < w && py < h && labels[py * w + px] == label;
  }
}
