package org.hcpl.models.segment;

import java.util.Arrays;

/**
 * Seeded watershed by flooding (Meyer 1994): basins grow from their markers over the lowest
 * neighbours first, and where they meet each pixel stays with the one that came first.
 *
 * <p>The queue is an array of lists, one a level of elevation, so that a flood takes time linear in
 * the pixels.
 */
final class Watershed {
  private static final int LEVELS = 4096;

  private Watershed() {}

  /**
   * Grows markers over a mask.
   *
   * @param elevation flooded from low to high
   * @param markers labels at the seeds, 0 elsewhere; seeds outside the mask stay as they are
   * @param mask where basins may grow
   * @return labels of the basins, 0 where none reached
   */
  static int[] grow(float[] elevation, int[] markers, boolean[] mask, int height, int width) {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i]) {
        min = Math.min(min, elevation[i]);
        max = Math.max(max, elevation[i]);
      }
    }
    float scale = max > min ? (LEVELS - 1) / (max - min) : 0;
    int[] labels = markers.clone();
    int[] head = new int[LEVELS];
    int[] tail = new int[LEVELS];
    int[] next = new int[labels.length];
    Arrays.fill(head, -1);
    int lowest = LEVELS;
    for (int i = 0; i < labels.length; i++) {
      if (markers[i] != 0) {
        lowest = 0;
        push(head, tail, next, 0, i);
      }
    }
    for (int level = lowest; level < LEVELS; ) {
      int i = head[level];
      if (i < 0) {
        level++;
        continue;
      }
      head[level] = next[i];
      int y = i / width;
      int x = i - y * width;
      for (int side = 0; side < 4; side++) {
        int nx = x + (side == 0 ? -1 : side == 1 ? 1 : 0);
        int ny = y + (side == 2 ? -1 : side == 3 ? 1 : 0);
        if (nx < 0 || ny < 0 || nx >= width || ny >= height) {
          continue;
        }
        int j = ny * width + nx;
        if (mask[j] && labels[j] == 0) {
          labels[j] = labels[i];
          // Never below the level of now: water that has risen does not sink.
          push(head, tail, next, Math.max(level, (int) ((elevation[j] - min) * scale)), j);
        }
      }
    }
    return labels;
  }

  private static void push(int[] head, int[] tail, int[] next, int level, int i) {
    next[i] = -1;
    if (head[level] < 0) {
      head[level] = i;
    } else {
      next[tail[level]] = i;
    }
    tail[level] = i;
  }
}
