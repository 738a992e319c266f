package org.hcpl.models.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.models.image.LabelImage;

/**
 * Puts together the fragments of nuclei that were cut too finely: of all touching pairs the one
 * that looks most like one nucleus is merged, again and again, until none does.
 */
final class FragmentMerger {
  /**
   * Weights of a logistic regression over {@link #features}, fitted on the even-numbered images of
   * the set described in docs/segmentation.md; positive speaks for one nucleus.
   */
  private static final double[] WEIGHTS = {
    -0.463, -1.580, 0.925, 0.734, 1.895, 1.126, 3.630, -0.768, 0.644, 0.630, -0.304, 1.682, 0.366,
    0.668, -0.466
  };

  private final int width;
  private final float[] brightness;
  private final double typicalArea;

  /** A fragment, or what several of them became. */
  private static final class Part {
    int[] pixels;
    double level;
    double likeness;
    double solidity;
    final Map<Integer, double[]> touching = new HashMap<>();
  }

  private final Part[] parts;

  /** Merges fragments; labels keep gaps where one was taken up by another. */
  static LabelImage merge(LabelImage fragments, float[] brightness, double typicalArea) {
    FragmentMerger merger =
        new FragmentMerger(fragments.labels(), fragments.width(), brightness, typicalArea);
    return new LabelImage(
        fragments.height(), fragments.width(), merger.run(fragments.labels().length));
  }

  private FragmentMerger(int[] labels, int width, float[] brightness, double typicalArea) {
    this.width = width;
    this.brightness = brightness;
    this.typicalArea = typicalArea;
    int max = Arrays.stream(labels).max().orElse(0);
    int[][] pixels = Regions.pixels(labels, max);
    parts = new Part[max + 1];
    for (int o = 1; o <= max; o++) {
      parts[o] = pixels[o].length == 0 ? null : part(pixels[o]);
    }
    for (int i = 0; i < labels.length; i++) {
      if (i % width + 1 < width) {
        touch(labels, i, i + 1);
      }
      if (i + width < labels.length) {
        touch(labels, i, i + width);
      }
    }
  }

  private void touch(int[] labels, int i, int j) {
    int a = labels[i];
    int b = labels[j];
    if (a != b && a != 0 && b != 0) {
      double[] cut = parts[a].touching.computeIfAbsent(b, key -> new double[2]);
      parts[b].touching.putIfAbsent(a, cut);
      cut[0]++;
      cut[1] += Math.min(brightness[i], brightness[j]);
    }
  }

  private Part part(int[] pixels) {
    Part part = new Part();
    part.pixels = pixels;
    part.level = Regions.level(pixels, brightness);
    part.likeness = likeness(pixels);
    part.solidity = pixels.length / ConvexHull.area(pixels, width);
    return part;
  }

  private double likeness(int[] pixels) {
    double[] s = new double[5];
    int x0 = pixels[0] % width;
    int y0 = pixels[0] / width;
    for (int p : pixels) {
      double x = p % width - x0;
      double y = p / width - y0;
      s[0] += x;
      s[1] += y;
      s[2] += x * x;
      s[3] += y * y;
      s[4] += x * y;
    }
    return Ellipse.likeness(pixels.length, s[0], s[1], s[2], s[3], s[4]);
  }

  /** What speaks for and against two touching parts being one nucleus. */
  private double[] features(int a, int b) {
    Part p = parts[a];
    Part q = parts[b];
    int[] union = union(p.pixels, q.pixels);
    double likeness = likeness(union);
    double solidity = union.length / ConvexHull.area(union, width);
    double[] cut = p.touching.get(b);
    double share = (double) p.pixels.length / union.length;
    int smaller = Math.min(p.pixels.length, q.pixels.length);
    return new double[] {
      1,
      Math.clamp(Math.log(union.length / typicalArea), -2.0, 2.0),
      10 * (likeness - share * p.likeness - (1 - share) * q.likeness),
      10 * (solidity - share * p.solidity - (1 - share) * q.solidity),
      cut[0] / (2 * Math.sqrt(smaller / Math.PI)),
      5 * (Math.min(1.3, cut[1] / cut[0] / Math.min(p.level, q.level)) - 1),
      Math.log(Math.min(p.level, q.level) / Math.max(p.level, q.level)),
      Math.clamp(Math.log(smaller / typicalArea), -3.0, 1.0),
      10 * (likeness - 0.95),
      10 * (solidity - 0.95),
      Math.clamp(Math.log(union.length / typicalArea) - 0.4, 0.0, 2.0),
      20 * Math.max(0, 0.93 - solidity),
      20 * Math.max(0, 0.93 - likeness),
      10 * (Math.min(p.likeness, q.likeness) - 0.95),
      10 * (Math.min(p.solidity, q.solidity) - 0.95),
    };
  }

  private double score(int a, int b) {
    double[] x = features(a, b);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += WEIGHTS[i] * x[i];
    }
    return sum;
  }

  private static int[] union(int[] a, int[] b) {
    int[] out = new int[a.length + b.length];
    int i = 0;
    int j = 0;
    for (int k = 0; k < out.length; k++) {
      out[k] = j == b.length || i < a.length && a[i] < b[j] ? a[i++] : b[j++];
    }
    return out;
  }

  private void join(int a, int b) {
    Part p = parts[a];
    Part q = parts[b];
    Part joined = part(union(p.pixels, q.pixels));
    for (Part old : List.of(p, q)) {
      old.touching.forEach(
          (other, cut) -> {
            if (other != a && other != b) {
              double[] sum = joined.touching.computeIfAbsent(other, key -> new double[2]);
              sum[0] += cut[0];
              sum[1] += cut[1];
            }
          });
    }
    for (Map.Entry<Integer, double[]> entry : joined.touching.entrySet()) {
      Map<Integer, double[]> back = parts[entry.getKey()].touching;
      back.remove(b);
      back.put(a, entry.getValue());
    }
    parts[a] = joined;
    parts[b] = null;
  }

  private int[] run(int pixels) {
    Map<Long, Double> scores = new HashMap<>();
    while (true) {
      double best = 0;
      int bestA = 0;
      int bestB = 0;
      for (int a = 1; a < parts.length; a++) {
        if (parts[a] == null) {
          continue;
        }
        for (int b : new ArrayList<>(parts[a].touching.keySet())) {
          if (b > a) {
            final int first = a;
            double score = scores.computeIfAbsent((long) a << 32 | b, key -> score(first, b));
            if (score > best) {
              best = score;
              bestA = a;
              bestB = b;
            }
          }
        }
      }
      if (bestA == 0) {
        break;
      }
      for (int o : List.of(bestA, bestB)) {
        for (int other : parts[o].touching.keySet()) {
          scores.remove((long) Math.min(o, other) << 32 | Math.max(o, other));
        }
      }
      join(bestA, bestB);
    }
    int[] labels = new int[pixels];
    for (int o = 1; o < parts.length; o++) {
      if (parts[o] != null) {
        for (int p : parts[o].pixels) {
          labels[p] = o;
        }
      }
    }
    return labels;
  }
}
