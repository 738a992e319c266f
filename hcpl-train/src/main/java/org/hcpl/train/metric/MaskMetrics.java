package org.hcpl.train.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.models.image.LabelImage;

/**
 * How well found objects agree with true ones, image by image.
 *
 * <p>Objects are matched one to one by intersection over union (IoU). With TP pairs of IoU at least
 * t, FP found objects and FN true objects left over,
 *
 * <pre>
 * AP(t)  = TP / (TP + FP + FN)            (2018 Data Science Bowl, at one threshold)
 * F1(t)  = 2 TP / (2 TP + FP + FN)
 * AJI    = sum |G_i and P_j(i)| / (sum |G_i or P_j(i)| + sum of P never chosen)
 *          with j(i) the found object of largest IoU with true object i
 *          (Kumar et al. 2017, IEEE TMI 36(7), algorithm 1)
 * Dice   = 2 |G and P| / (|G| + |P|)      of the foreground
 * </pre>
 *
 * <p>An image without true and without found objects scores 1 on all of them.
 */
public final class MaskMetrics {
  private MaskMetrics() {}

  /**
   * Counts of one image, from which all scores follow; counts of several images add up.
   *
   * @param ious IoU of the matched pairs, each object in at most one pair, largest first
   * @param ajiIntersection numerator of AJI in pixels
   * @param ajiUnion denominator of AJI in pixels
   * @param common pixels that are foreground in both
   * @param foreground foreground pixels of both images together, common ones twice
   */
  public record Counts(
      int truth,
      int found,
      List<Double> ious,
      long ajiIntersection,
      long ajiUnion,
      long common,
      long foreground) {
    public Counts {
      ious = List.copyOf(ious);
    }

    /** Matched pairs of IoU at least {@code threshold}. */
    public int truePositives(double threshold) {
      if (!(threshold >= 0.5 && threshold <= 1)) {
        throw new MetricException(
            "mask metrics: IoU threshold " + threshold + " (expected: 0.5..1)");
      }
      return (int) ious.stream().filter(iou -> iou >= threshold).count();
    }

    public int falsePositives(double threshold) {
      return found - truePositives(threshold);
    }

    public int falseNegatives(double threshold) {
      return truth - truePositives(threshold);
    }

    public double averagePrecision(double threshold) {
      int hits = truePositives(threshold);
      return ratio(hits, truth + found - hits);
    }

    public double f1(double threshold) {
      return ratio(2L * truePositives(threshold), truth + found);
    }

    public double aggregatedJaccard() {
      return ratio(ajiIntersection, ajiUnion);
    }

    public double dice() {
      return ratio(2 * common, foreground);
    }

    private static double ratio(long part, long whole) {
      return whole == 0 ? 1 : (double) part / whole;
    }

    /** The counts of this image and another one together. */
    public Counts plus(Counts other) {
      List<Double> all = new ArrayList<>(ious);
      all.addAll(other.ious);
      return new Counts(
          truth + other.truth,
          found + other.found,
          all,
          ajiIntersection + other.ajiIntersection,
          ajiUnion + other.ajiUnion,
          common + other.common,
          foreground + other.foreground);
    }
  }

  /** The scores of one image, a mean over images, or of pooled counts. */
  public record Scores(double ap50, double ap70, double aji, double dice, double f1) {
    static Scores of(Counts counts) {
      return new Scores(
          counts.averagePrecision(0.5),
          counts.averagePrecision(0.7),
          counts.aggregatedJaccard(),
          counts.dice(),
          counts.f1(0.5));
    }
  }

  /**
   * Scores over several images.
   *
   * @param mean of the scores of the images, each counting the same
   * @param pooled scores of all counts together, each object counting the same
   */
  public record Summary(int images, Scores mean, Scores pooled) {}

  /** Scores of one image. */
  public static Scores scores(Counts counts) {
    return Scores.of(counts);
  }

  /**
   * Mean and pooled scores.
   *
   * @throws MetricException if there is no image
   */
  public static Summary summary(List<Counts> images) {
    if (images.isEmpty()) {
      throw new MetricException("mask metrics: 0 images (expected: at least one)");
    }
    double[] sums = new double[5];
    Counts pooled = null;
    for (Counts counts : images) {
      Scores scores = Scores.of(counts);
      sums[0] += scores.ap50;
      sums[1] += scores.ap70;
      sums[2] += scores.aji;
      sums[3] += scores.dice;
      sums[4] += scores.f1;
      pooled = pooled == null ? counts : pooled.plus(counts);
    }
    int n = images.size();
    Scores mean = new Scores(sums[0] / n, sums[1] / n, sums[2] / n, sums[3] / n, sums[4] / n);
    return new Summary(n, mean, Scores.of(pooled));
  }

  private record Pair(int truth, int found, double iou) {}

  /**
   * Compares found objects with true ones.
   *
   * @throws MetricException if the images differ in size
   */
  public static Counts compare(LabelImage truth, LabelImage found) {
    if (truth.height() != found.height() || truth.width() != found.width()) {
      throw new MetricException(
          "mask metrics: truth "
              + truth.dimensions()
              + ", found "
              + found.dimensions()
              + " (expected: one size)\nhelp: compare masks of the same image at the same"
              + " resolution");
    }
    Overlaps overlaps = Overlaps.of(truth.labels(), found.labels());
    List<Pair> pairs = new ArrayList<>();
    Map<Integer, Pair> best = new HashMap<>();
    long common = 0;
    for (Map.Entry<Long, long[]> entry : overlaps.pairs.entrySet()) {
      int t = (int) (entry.getKey() >> 32);
      int f = (int) (long) entry.getKey();
      long intersection = entry.getValue()[0];
      long union = overlaps.truth.get(t)[0] + overlaps.found.get(f)[0] - intersection;
      Pair pair = new Pair(t, f, (double) intersection / union);
      pairs.add(pair);
      best.merge(t, pair, MaskMetrics::better);
      common += intersection;
    }
    return new Counts(
        overlaps.truth.size(),
        overlaps.found.size(),
        match(pairs),
        ajiIntersection(best, overlaps),
        ajiUnion(best, overlaps),
        common,
        sum(overlaps.truth) + sum(overlaps.found));
  }

  /** Ties go to the smaller label, so that the result does not depend on the order of a map. */
  private static Pair better(Pair a, Pair b) {
    return a.iou > b.iou || a.iou == b.iou && a.found < b.found ? a : b;
  }

  /**
   * Matches greedily from the largest IoU down. Above 0.5 an object has at most one partner, so
   * that this is the best matching there is; only pairs of exactly 0.5 could be matched otherwise.
   */
  private static List<Double> match(List<Pair> pairs) {
    pairs.sort(
        Comparator.comparingDouble((Pair p) -> -p.iou)
            .thenComparingInt(Pair::truth)
            .thenComparingInt(Pair::found));
    Map<Integer, Boolean> usedTruth = new HashMap<>();
    Map<Integer, Boolean> usedFound = new HashMap<>();
    List<Double> ious = new ArrayList<>();
    for (Pair pair : pairs) {
      if (!usedTruth.containsKey(pair.truth) && !usedFound.containsKey(pair.found)) {
        usedTruth.put(pair.truth, true);
        usedFound.put(pair.found, true);
        ious.add(pair.iou);
      }
    }
    return ious;
  }

  private static long ajiIntersection(Map<Integer, Pair> best, Overlaps overlaps) {
    long sum = 0;
    for (Pair pair : best.values()) {
      sum += overlaps.intersection(pair.truth, pair.found);
    }
    return sum;
  }

  private static long ajiUnion(Map<Integer, Pair> best, Overlaps overlaps) {
    long sum = 0;
    Map<Integer, Boolean> chosen = new HashMap<>();
    for (Map.Entry<Integer, long[]> entry : overlaps.truth.entrySet()) {
      sum += entry.getValue()[0];
      Pair pair = best.get(entry.getKey());
      if (pair != null) {
        chosen.put(pair.found, true);
        sum += overlaps.found.get(pair.found)[0] - overlaps.intersection(pair.truth, pair.found);
      }
    }
    for (Map.Entry<Integer, long[]> entry : overlaps.found.entrySet()) {
      if (!chosen.containsKey(entry.getKey())) {
        sum += entry.getValue()[0];
      }
    }
    return sum;
  }

  private static long sum(Map<Integer, long[]> areas) {
    return areas.values().stream().mapToLong(area -> area[0]).sum();
  }

  /** Areas of the objects and of their intersections in pixels. */
  private static final class Overlaps {
    final Map<Integer, long[]> truth = new HashMap<>();
    final Map<Integer, long[]> found = new HashMap<>();
    final Map<Long, long[]> pairs = new HashMap<>();

    static Overlaps of(int[] truth, int[] found) {
      Overlaps overlaps = new Overlaps();
      // Whole runs of equal pixels are counted at once: a look-up a pixel would be slow.
      int start = 0;
      for (int i = 1; i <= truth.length; i++) {
        if (i == truth.length || truth[i] != truth[start] || found[i] != found[start]) {
          overlaps.add(truth[start], found[start], i - start);
          start = i;
        }
      }
      return overlaps;
    }

    private void add(int t, int f, int pixels) {
      if (t != 0) {
        truth.computeIfAbsent(t, key -> new long[1])[0] += pixels;
      }
      if (f != 0) {
        found.computeIfAbsent(f, key -> new long[1])[0] += pixels;
      }
      if (t != 0 && f != 0) {
        pairs.computeIfAbsent((long) t << 32 | f & 0xffffffffL, key -> new long[1])[0] += pixels;
      }
    }

    long intersection(int t, int f) {
      return pairs.get((long) t << 32 | f & 0xffffffffL)[0];
    }
  }
}
