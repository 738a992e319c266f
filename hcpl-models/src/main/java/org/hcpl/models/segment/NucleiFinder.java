package org.hcpl.models.segment;

import java.util.Arrays;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;

/**
 * Finds nuclei of a known rough size in a plane, bright on dark.
 *
 * <p>Bumps of brightness above the background become seeds (component tree), basins (watershed) and
 * outlines at a part of each object's own brightness, so that dim nuclei beside bright ones are
 * kept. Objects are then cut by their shape, put together again where the pieces look like one
 * nucleus, and judged.
 */
final class NucleiFinder {
  private static final double STEP = 0.03;

  /** Outlines lie where this part of a nucleus's brightness is left ... */
  private static final double OUTLINE = 0.40;

  /** ... and further out where the whole image is blurred, as people draw them there. */
  private static final double OUTLINE_BLURRED = 0.29;

  /** Relative widths of the edges between which an image passes from sharp to blurred. */
  private static final double SHARP = 0.33;

  private static final double BLURRED = 0.38;

  /** Seeds are the pixels that reach this part of their object's peak. */
  private static final double SEED = 0.7;

  /** Spurs thinner than twice this part of the diameter are cut off. */
  private static final double OPEN_RADIUS = 0.08;

  private final Brightness brightness;
  private final double diameter;
  private final double typicalArea;
  private final double wholeArea;
  private final int h;
  private final int w;

  private NucleiFinder(Plane plane, double diameter, double typicalArea, double wholeArea) {
    this.brightness = Brightness.of(plane, diameter);
    this.diameter = diameter;
    this.typicalArea = typicalArea;
    this.wholeArea = wholeArea;
    this.h = plane.height();
    this.w = plane.width();
  }

  /**
   * Labels the nuclei.
   *
   * @param diameter of a usual nucleus in pixels, right to within a factor of two
   * @param typicalArea in pixels, NaN while only the rough diameter is known
   * @param wholeArea of a usual nucleus that the border does not cut, in pixels
   */
  static LabelImage find(Plane plane, double diameter, double typicalArea, double wholeArea) {
    return new NucleiFinder(plane, diameter, typicalArea, wholeArea).run();
  }

  private LabelImage run() {
    if (!(brightness.floor() > 0)) {
      return LabelImage.of(h, w);
    }
    LabelImage found = solid(outlines(basins()));
    found = new ShapeCuts(h, w, diameter, typicalArea).cut(found);
    found = solid(FragmentMerger.merge(found, brightness.outline(), wholeArea).labels());
    return NucleusJudge.keep(found, brightness, diameter, typicalArea);
  }

  private int[] basins() {
    int[] levels = new int[h * w];
    boolean[] mask = new boolean[h * w];
    float[] elevation = new float[h * w];
    for (int i = 0; i < levels.length; i++) {
      double over = brightness.detect()[i] / brightness.floor();
      if (over > 1) {
        levels[i] = 1 + (int) (Math.log(over) / STEP);
        mask[i] = true;
      }
      elevation[i] = -levels[i];
    }
    MaxTree tree = new MaxTree(levels, h, w);
    double minArea = Math.max(4, 0.03 * Math.PI / 4 * diameter * diameter);
    int[] objects =
        BlobSplitter.split(
            tree, new BlobSplitter.Rules(STEP, 0.04, minArea, typicalArea, 1, 0.05, 0.1));
    return Watershed.grow(elevation, seeds(tree, objects, levels), mask, h, w);
  }

  private static int[] seeds(MaxTree tree, int[] objects, int[] levels) {
    int[] peak = new int[Arrays.stream(objects).max().orElse(0) + 1];
    for (int node = 0; node < objects.length; node++) {
      peak[objects[node]] = Math.max(peak[objects[node]], tree.level[node]);
    }
    int depth = (int) (-Math.log(SEED) / STEP);
    int[] seeds = new int[levels.length];
    for (int i = 0; i < levels.length; i++) {
      if (levels[i] > 0) {
        int o = objects[tree.nodeAt(i)];
        seeds[i] = o > 0 && levels[i] >= peak[o] - depth ? o : 0;
      }
    }
    return seeds;
  }

  /** Cuts each basin down to the pixels that reach a part of its own brightness. */
  private int[] outlines(int[] basins) {
    int max = Arrays.stream(basins).max().orElse(0);
    int[][] pixels = Regions.pixels(basins, max);
    double[] levels = new double[max + 1];
    double[] blurs = new double[max];
    int n = 0;
    for (int o = 1; o <= max; o++) {
      levels[o] = Regions.level(pixels[o], brightness.outline());
      double foot = Math.sqrt(countAbove(pixels[o], 0.2 * levels[o]));
      double top = Math.sqrt(countAbove(pixels[o], 0.6 * levels[o]));
      if (top > 2) {
        blurs[n++] = foot / top - 1;
      }
    }
    Arrays.sort(blurs, 0, n);
    double blur = n == 0 ? 0 : blurs[n / 2];
    double part =
        OUTLINE
            + (OUTLINE_BLURRED - OUTLINE)
                * Math.clamp((blur - SHARP) / (BLURRED - SHARP), 0.0, 1.0);
    int[] labels = new int[basins.length];
    for (int o = 1; o <= max; o++) {
      double threshold = Math.max(brightness.floor(), part * levels[o]);
      for (int i : pixels[o]) {
        labels[i] = brightness.outline()[i] > threshold ? o : 0;
      }
    }
    return labels;
  }

  private int countAbove(int[] own, double threshold) {
    double limit = Math.max(brightness.floor(), threshold);
    int count = 0;
    for (int i : own) {
      count += brightness.outline()[i] > limit ? 1 : 0;
    }
    return count;
  }

  /** Cuts off spurs and filaments, keeps the largest part of each object and fills its holes. */
  private LabelImage solid(int[] labels) {
    int max = Arrays.stream(labels).max().orElse(0);
    int[] out = new int[labels.length];
    int[][] pixels = Regions.pixels(labels, max);
    for (int o = 1; o <= max; o++) {
      Patch patch = Patch.of(pixels[o], w, h, 2);
      if (patch == null) {
        continue;
      }
      boolean[] mask =
          Morphology.fillHoles(patch.mask, patch.height, patch.width, patch.mask.length);
      double radius = Math.max(1, OPEN_RADIUS * diameter);
      mask = Morphology.open(mask, patch.height, patch.width, radius);
      patch.mask = Components.largest(mask, patch.height, patch.width);
      patch.paint(out, w, o, labels);
    }
    return new LabelImage(h, w, out);
  }
}
