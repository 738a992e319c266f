package org.hcpl.models.segment;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;

/**
 * Grows cells from their nuclei over the stains of the cell body, microtubules and endoplasmic
 * reticulum: both are brightest around the nucleus and thin out towards the edge of the cell, so
 * that cells meet in valleys.
 */
final class CellGrower {
  private static final double SIGMA = 0.06;

  /** What a nucleus diameter of distance weighs against the brightness of a usual cell body. */
  private static final double DISTANCE_WEIGHT = 0.3;

  /** A cell ends where this part of the brightness around its nucleus is left. */
  private static final double OUTLINE = 0.31;

  /** Nuclei nearer than this, in diameters, may share a cell ... */
  private static final double JOIN_GAP = 0.05;

  /** ... if between them this part of the brightness around them is left ... */
  private static final double JOIN_VALLEY = 0.8;

  /** ... along their border as far as this from a nucleus, in diameters. */
  private static final double JOIN_WITHIN = 0.6;

  private final int h;
  private final int w;
  private final double diameter;
  private final int[] nuclei;
  private final float[] body;
  private final float[] away;
  private final int[] cellOf;

  private CellGrower(LabelImage nuclei, Plane microtubules, Plane reticulum, double diameter) {
    this.h = nuclei.height();
    this.w = nuclei.width();
    this.diameter = diameter;
    this.nuclei = nuclei.labels().clone();
    cellOf = new int[nuclei.max() + 1];
    float[] red = evened(Gaussian.blur(microtubules, SIGMA * diameter).values());
    float[] yellow = evened(Gaussian.blur(reticulum, SIGMA * diameter).values());
    body = new float[red.length];
    boolean[] outside = new boolean[red.length];
    for (int i = 0; i < body.length; i++) {
      body[i] = (red[i] + yellow[i]) / 2;
      outside[i] = this.nuclei[i] == 0;
    }
    away = DistanceTransform.squared(outside, h, w);
    for (int i = 0; i < away.length; i++) {
      away[i] = (float) (Math.sqrt(away[i]) / diameter);
    }
  }

  /**
   * Grown cells.
   *
   * @param cellOf the cell of each nucleus: its own number, or that of the one it shares a cell
   *     with
   */
  record Result(LabelImage cells, int[] cellOf) {}

  /**
   * Grows a cell around each nucleus.
   *
   * @param reach how far a cell may reach from its nucleus, in diameters
   */
  static Result grow(
      LabelImage nuclei, Plane microtubules, Plane reticulum, double diameter, double reach) {
    return new CellGrower(nuclei, microtubules, reticulum, diameter).run(nuclei.max(), reach);
  }

  /** Brightness above the background, 1 at the upper tenth of the foreground, its root taken. */
  private static float[] evened(float[] values) {
    float[] sorted = Regions.sortedSample(values);
    float low = sorted[sorted.length / 200];
    float high = sorted[sorted.length * 19 / 20];
    float range = Math.max(high - low, 1e-6f);
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) Math.sqrt(Math.clamp((values[i] - low) / range, 0f, 4f));
    }
    return out;
  }

  private Result run(int max, double reach) {
    double usual = around(0);
    float[] elevation = new float[body.length];
    boolean[] mask = new boolean[body.length];
    for (int i = 0; i < body.length; i++) {
      elevation[i] = (float) (DISTANCE_WEIGHT * away[i] * usual - body[i]);
      mask[i] = away[i] <= reach && body[i] > 0.5 * OUTLINE * usual;
    }
    int[] basins = Watershed.grow(elevation, nuclei, mask, h, w);
    joinBinucleate(basins, max, usual);
    int[][] pixels = Regions.pixels(basins, max);
    int[] out = new int[basins.length];
    for (int o = 1; o <= max; o++) {
      double threshold = OUTLINE * around(pixels[o], usual);
      int[] own =
          Arrays.stream(pixels[o]).filter(i -> nuclei[i] > 0 || body[i] > threshold).toArray();
      Patch patch = Patch.of(own, w, h, 2);
      if (patch != null) {
        patch.mask = smooth(patch, o);
        patch.paint(out, w, o, basins);
      }
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = nuclei[i] > 0 ? nuclei[i] : out[i];
    }
    return new Result(new LabelImage(h, w, out), cellOf);
  }

  /**
   * Joins neighbours whose nuclei almost touch and whose bodies have no valley between them: cells
   * of two nuclei, and lobes that were taken for nuclei.
   */
  private void joinBinucleate(int[] basins, int max, double usual) {
    double[] rings = new double[max + 1];
    int[][] pixels = Regions.pixels(basins, max);
    for (int o = 1; o <= max; o++) {
      rings[o] = around(pixels[o], usual);
    }
    Map<Long, double[]> borders = new TreeMap<>();
    for (int i = 0; i < basins.length; i++) {
      if (i % w + 1 < w) {
        meet(borders, basins, i, i + 1);
      }
      if (i + w < basins.length) {
        meet(borders, basins, i, i + w);
      }
    }
    int[] root = cellOf;
    Arrays.setAll(root, o -> o);
    borders.forEach(
        (key, border) -> {
          int a = (int) (key >> 32);
          int b = (int) (long) key;
          // Where the whole border lies inside nuclei there is no body to look at.
          double valley = border[0] == 0 ? 1 : border[1] / border[0] / Math.min(rings[a], rings[b]);
          if (border[2] < JOIN_GAP && valley > JOIN_VALLEY) {
            int keep = Math.min(root[a], root[b]);
            int other = Math.max(root[a], root[b]);
            for (int o = 1; o <= max; o++) {
              root[o] = root[o] == other ? keep : root[o];
            }
          }
        });
    for (int i = 0; i < basins.length; i++) {
      basins[i] = root[basins[i]];
      nuclei[i] = root[nuclei[i]];
    }
  }

  /** Sums up a border: pixels, their brightness, and the nearest that nuclei come to it. */
  private void meet(Map<Long, double[]> borders, int[] basins, int i, int j) {
    int a = Math.min(basins[i], basins[j]);
    int b = Math.max(basins[i], basins[j]);
    if (a == b || a == 0) {
      return;
    }
    double[] border = borders.computeIfAbsent((long) a << 32 | b, key -> new double[] {0, 0, 1e9});
    border[2] = Math.min(border[2], away[i] + away[j]);
    if (nuclei[i] == 0 && nuclei[j] == 0 && Math.max(away[i], away[j]) < JOIN_WITHIN) {
      border[0]++;
      border[1] += Math.min(body[i], body[j]);
    }
  }

  private double around(int none) {
    int[] all = new int[body.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    return around(all, none);
  }

  /** The median brightness just around the nuclei among some pixels. */
  private double around(int[] own, double otherwise) {
    float[] ring = new float[own.length];
    int n = 0;
    for (int i : own) {
      if (away[i] > 0 && away[i] < 0.4) {
        ring[n++] = body[i];
      }
    }
    if (n == 0) {
      return otherwise;
    }
    Arrays.sort(ring, 0, n);
    return ring[n / 2];
  }

  /** Without holes and thin spurs, and only the part around the nucleus. */
  private boolean[] smooth(Patch patch, int label) {
    boolean[] mask = Morphology.fillHoles(patch.mask, patch.height, patch.width, patch.mask.length);
    boolean[] opened = Morphology.open(mask, patch.height, patch.width, 0.12 * diameter);
    for (int i = 0; i < opened.length; i++) {
      opened[i] |= nuclei[patch.index(i, w)] == label;
    }
    LabelImage parts = Components.label(opened, patch.height, patch.width, false);
    boolean[] withNucleus = new boolean[parts.max() + 1];
    for (int i = 0; i < opened.length; i++) {
      withNucleus[parts.labels()[i]] |= nuclei[patch.index(i, w)] == label;
    }
    for (int i = 0; i < opened.length; i++) {
      opened[i] &= withNucleus[parts.labels()[i]];
    }
    return opened;
  }
}
