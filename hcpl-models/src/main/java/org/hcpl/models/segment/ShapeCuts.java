package org.hcpl.models.segment;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;

/**
 * Cuts objects by their shape into fragments that are at most one nucleus each, rather too many
 * than too few: {@link FragmentMerger} puts back together what belongs together.
 */
final class ShapeCuts {
  private static final double STEP = 0.03;
  private static final double DISTANCE_SIGMA = 0.04;

  /** What either side of a cut must hold, in areas of a nucleus. */
  private static final double MIN_AREA = 0.2;

  /** How deep the dents at both ends of a cut must be together, in diameters. */
  private static final double MIN_DENT = 0.1;

  /** Objects that fill their convex hull better have no dents. */
  private static final double SOLID = 0.945;

  private final int h;
  private final int w;
  private final double diameter;
  private final double unit;
  private final double typicalArea;

  ShapeCuts(int height, int width, double diameter, double typicalArea) {
    this.h = height;
    this.w = width;
    this.diameter = diameter;
    this.unit = Math.PI / 4 * diameter * diameter;
    this.typicalArea = typicalArea;
  }

  LabelImage cut(LabelImage found) {
    return cutNecks(cutByDistance(found));
  }

  /** Parts objects where the distance to their outline has a saddle. */
  private LabelImage cutByDistance(LabelImage found) {
    int max = found.max();
    int[][] pixels = Regions.pixels(found.labels(), max);
    int[] out = new int[h * w];
    int objects = 0;
    for (int o = 1; o <= max; o++) {
      Patch patch = Patch.of(pixels[o], w, h, 2);
      if (patch == null) {
        continue;
      }
      int[] parts = byDistance(patch);
      int count = Arrays.stream(parts).max().orElse(0);
      for (int i = 0; i < parts.length; i++) {
        if (patch.mask[i]) {
          out[patch.index(i, w)] = objects + Math.max(1, parts[i]);
        }
      }
      objects += Math.max(1, count);
    }
    return new LabelImage(h, w, out);
  }

  private int[] byDistance(Patch patch) {
    float[] distance = DistanceTransform.squared(patch.mask, patch.height, patch.width);
    for (int i = 0; i < distance.length; i++) {
      // An object that fills the image has no outline and stays whole.
      distance[i] = Float.isFinite(distance[i]) ? (float) Math.sqrt(distance[i]) : 1;
    }
    Plane smooth =
        Gaussian.blur(new Plane(patch.height, patch.width, distance), DISTANCE_SIGMA * diameter);
    int[] levels = new int[distance.length];
    float[] elevation = new float[distance.length];
    for (int i = 0; i < levels.length; i++) {
      if (patch.mask[i]) {
        levels[i] = 1 + (int) (Math.log(Math.max(1, smooth.values()[i] / 0.5)) / STEP);
      }
      elevation[i] = -levels[i];
    }
    MaxTree tree = new MaxTree(levels, patch.height, patch.width);
    int[] nodes =
        BlobSplitter.split(
            tree,
            new BlobSplitter.Rules(
                STEP, 0.03, Math.max(3, 0.02 * unit), typicalArea, 1, 0.04, 0.1));
    int[] markers = new int[levels.length];
    for (int i = 0; i < levels.length; i++) {
      markers[i] = levels[i] > 0 ? nodes[tree.nodeAt(i)] : 0;
    }
    return Watershed.grow(elevation, markers, patch.mask, patch.height, patch.width);
  }

  /** Cuts objects with dents across their necks, and the pieces again. */
  private LabelImage cutNecks(LabelImage found) {
    int[] out = found.labels().clone();
    int max = found.max();
    ArrayDeque<int[]> waiting =
        new ArrayDeque<>(Arrays.asList(Regions.pixels(out, max)).subList(1, max + 1));
    int next = max;
    while (!waiting.isEmpty()) {
      int[] own = waiting.remove();
      if (own.length < 2 * MIN_AREA * unit || own.length > SOLID * ConvexHull.area(own, w)) {
        continue;
      }
      Patch patch = Patch.of(own, w, h, 1);
      boolean[] side =
          NeckCut.of(patch.mask, patch.height, patch.width, MIN_AREA * unit, MIN_DENT * diameter);
      if (side == null) {
        continue;
      }
      next++;
      int[] one = new int[own.length];
      int[] other = new int[own.length];
      int n = 0;
      int m = 0;
      for (int i = 0; i < side.length; i++) {
        if (patch.mask[i]) {
          int at = patch.index(i, w);
          if (side[i]) {
            out[at] = next;
            one[n++] = at;
          } else {
            other[m++] = at;
          }
        }
      }
      waiting.add(Arrays.copyOf(one, n));
      waiting.add(Arrays.copyOf(other, m));
    }
    return new LabelImage(h, w, out);
  }
}
