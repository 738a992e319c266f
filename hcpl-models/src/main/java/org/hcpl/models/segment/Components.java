package org.hcpl.models.segment;

import java.util.Arrays;
import org.hcpl.models.image.LabelImage;

/** Connected components of a mask, numbered from 1 in reading order. */
final class Components {
  private Components() {}

  /**
   * Labels a mask.
   *
   * @param diagonal whether pixels that share only a corner are connected
   */
  static LabelImage label(boolean[] mask, int height, int width, boolean diagonal) {
    int[] labels = new int[mask.length];
    int[] stack = new int[64];
    int count = 0;
    for (int start = 0; start < mask.length; start++) {
      if (!mask[start] || labels[start] != 0) {
        continue;
      }
      count++;
      int size = 0;
      labels[start] = count;
      stack[size++] = start;
      while (size > 0) {
        int i = stack[--size];
        int y = i / width;
        int x = i - y * width;
        for (int ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
          for (int nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
            int j = ny * width + nx;
            if (mask[j] && labels[j] == 0 && (diagonal || ny == y || nx == x)) {
              labels[j] = count;
              if (size == stack.length) {
                stack = Arrays.copyOf(stack, 2 * size);
              }
              stack[size++] = j;
            }
          }
        }
      }
    }
    return new LabelImage(height, width, labels);
  }

  /** Pixels of each label; index 0 counts the background. */
  static int[] areas(LabelImage image) {
    int[] areas = new int[image.max() + 1];
    for (int label : image.labels()) {
      areas[label]++;
    }
    return areas;
  }

  /** Numbers the labels that {@code keep} holds anew from 1, without gaps; the others become 0. */
  static LabelImage keep(LabelImage image, boolean[] keep) {
    int[] map = new int[keep.length];
    int next = 0;
    int[] out = new int[image.labels().length];
    for (int i = 0; i < out.length; i++) {
      int label = image.labels()[i];
      if (label != 0 && keep[label]) {
        if (map[label] == 0) {
          map[label] = ++next;
        }
        out[i] = map[label];
      }
    }
    return new LabelImage(image.height(), image.width(), out);
  }

  /** The largest component of a mask, without its diagonal neighbours. */
  static boolean[] largest(boolean[] mask, int height, int width) {
    LabelImage parts = label(mask, height, width, false);
    int[] areas = areas(parts);
    int best = 0;
    for (int part = 1; part < areas.length; part++) {
      if (best == 0 || areas[part] > areas[best]) {
        best = part;
      }
    }
    boolean[] out = new boolean[mask.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = best > 0 && parts.labels()[i] == best;
    }
    return out;
  }

  /** Takes the objects that the border of the image cuts out of those to keep. */
  static void dropBorder(LabelImage objects, boolean[] keep) {
    int h = objects.height();
    int w = objects.width();
    for (int x = 0; x < w; x++) {
      keep[objects.at(0, x)] = false;
      keep[objects.at(h - 1, x)] = false;
    }
    for (int y = 0; y < h; y++) {
      keep[objects.at(y, 0)] = false;
      keep[objects.at(y, w - 1)] = false;
    }
  }
}
