package org.hcpl.models.segment;

import java.util.Arrays;
import org.hcpl.models.image.LabelImage;

/** Tells nuclei from debris, fibres and haze by brightness, edge, size and shape. */
final class NucleusJudge {
  /**
   * Weights of a logistic regression over the features below, fitted on the even-numbered images of
   * the set described in docs/segmentation.md; positive speaks for a nucleus.
   */
  private static final double[] WEIGHTS = {
    1.294, 1.232, -1.490, 1.152, 0.077, 1.350, -1.094, 0.001, 2.761, 0.291
  };

  private static final int MIN_PIXELS = 6;

  /** Parts of a nucleus touch along this part of their width; their corners are rounded off. */
  private static final double TOUCH = 0.3;

  /** Parts of a nucleus are as bright as each other to within this logarithm. */
  private static final double ALIKE = 0.4;

  /** Nuclei fill at least this part of their convex hull, with ragged edges, too. */
  private static final double SOLID = 0.88;

  /** Of a usual nucleus: what would be larger is no whole one. */
  private static final double LARGE = 2;

  private final Brightness brightness;
  private final LabelImage found;
  private final double diameter;

  private NucleusJudge(Brightness brightness, LabelImage found, double diameter) {
    this.brightness = brightness;
    this.found = found;
    this.diameter = diameter;
  }

  /** Keeps the nuclei among found objects and numbers them anew. */
  static LabelImage keep(
      LabelImage found, Brightness brightness, double diameter, double typicalArea) {
    return new NucleusJudge(brightness, found, diameter).run(typicalArea);
  }

  private LabelImage run(double typicalArea) {
    int w = found.width();
    int max = found.max();
    double unit = Math.PI / 4 * diameter * diameter;
    int[][] pixels = Regions.pixels(found.labels(), max);
    double[] likeness = Ellipse.likeness(found.labels(), w, max);
    double[] levels = new double[max + 1];
    double[][] good = new double[max][];
    int n = 0;
    for (int o = 1; o <= max; o++) {
      levels[o] = Regions.level(pixels[o], brightness.outline());
      if (likeness[o] > 0.9 && pixels[o].length > 0.3 * unit) {
        good[n++] = new double[] {levels[o], levels[o] * pixels[o].length};
      }
    }
    // Weighted by their light: fibres come in many pieces, but are dim.
    double usual = n == 0 ? brightness.contrast() : Regions.weightedMedian(Arrays.copyOf(good, n));
    boolean[] keep = new boolean[max + 1];
    for (int o = 1; o <= max; o++) {
      int area = pixels[o].length;
      if (area < MIN_PIXELS || !(levels[o] > 3 * brightness.noise()) || !(levels[o] > 0)) {
        continue;
      }
      double edge = edge(pixels[o], levels[o]);
      double brighter = Math.log(levels[o] / usual);
      double larger = Math.log(area / (Double.isNaN(typicalArea) ? unit : typicalArea));
      double[] features = {
        1,
        Math.clamp(brighter, -3.0, 2.0),
        Math.max(0, brighter),
        5 * (edge - 0.7),
        5 * Math.max(0, 0.5 - edge),
        Math.clamp(larger, -3.0, 2.0),
        Math.max(0, larger),
        10 * (likeness[o] - 0.95),
        10 * (area / ConvexHull.area(pixels[o], w) - 0.95),
        Math.clamp(Math.log(levels[o] / Math.max(1e-6, brightness.noise())) - 2, -3.0, 3.0),
      };
      double score = 0;
      for (int k = 0; k < features.length; k++) {
        score += WEIGHTS[k] * features[k];
      }
      keep[o] = score > 0;
    }
    return Components.keep(joined(pixels, levels, keep, typicalArea), keep);
  }

  /**
   * With rejected objects that complete a nucleus given to it: half of a nucleus is no ellipse, but
   * what it touches along a good part of its width is, once they are together.
   */
  private LabelImage joined(int[][] pixels, double[] levels, boolean[] keep, double typicalArea) {
    int w = found.width();
    int[] labels = found.labels().clone();
    for (int o = 1; o < keep.length; o++) {
      if (keep[o] || pixels[o].length < MIN_PIXELS) {
        continue;
      }
      int[] border = new int[keep.length];
      for (int p : pixels[o]) {
        count(border, p % w > 0 ? p - 1 : p);
        count(border, p % w + 1 < w ? p + 1 : p);
        count(border, p - w >= 0 ? p - w : p);
        count(border, p + w < labels.length ? p + w : p);
      }
      int nucleus = 0;
      for (int k = 1; k < keep.length; k++) {
        nucleus = keep[k] && border[k] > border[nucleus] ? k : nucleus;
      }
      double across = 2 * Math.sqrt(pixels[o].length / Math.PI);
      if (nucleus != 0
          && border[nucleus] > TOUCH * across
          && Math.abs(Math.log(levels[o] / levels[nucleus])) < ALIKE
          && pixels[o].length + pixels[nucleus].length < LARGE * typicalArea
          && solidity(pixels[o], pixels[nucleus]) > SOLID) {
        for (int p : pixels[o]) {
          labels[p] = nucleus;
        }
      }
    }
    return new LabelImage(found.height(), w, labels);
  }

  private void count(int[] border, int at) {
    int label = found.labels()[at];
    border[label] += label == 0 ? 0 : 1;
  }

  private double solidity(int[] a, int[] b) {
    int[] union = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, union, a.length, b.length);
    Arrays.sort(union);
    return union.length / ConvexHull.area(union, found.width());
  }

  /** By what part the brightness of an object falls off just outside it. */
  private double edge(int[] own, double level) {
    int w = found.width();
    double reach = 1 + Math.max(1, 0.12 * diameter);
    Patch patch = Patch.of(own, w, found.height(), (int) Math.ceil(reach) + 1);
    float[] away = DistanceTransform.squared(Morphology.not(patch.mask), patch.height, patch.width);
    double sum = 0;
    int count = 0;
    int ring = 0;
    for (int i = 0; i < away.length; i++) {
      if (away[i] > 1 && away[i] <= reach * reach) {
        ring++;
        int at = patch.index(i, w);
        if (found.labels()[at] == 0) {
          sum += brightness.outline()[at];
          count++;
        }
      }
    }
    // Wholly among neighbours there is no outside to compare with.
    return count < 0.2 * ring || count == 0 ? 1 : 1 - sum / count / level;
  }
}
