package org.hcpl.models.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.LabelImage;

/**
 * The cells of an image.
 *
 * @param cells cell k holds the pixels labelled k; empty where the image shows nuclei alone
 * @param nuclei nucleus k lies in cell k
 * @param facts one record an object in rising order of labels: of the cells, or of the nuclei where
 *     there are no cells
 * @param nucleusDiameterPixels of a usual nucleus, NaN where none was found
 */
public record Segmentation(
    LabelImage cells, LabelImage nuclei, List<Facts> facts, double nucleusDiameterPixels) {
  public Segmentation {
    facts = List.copyOf(facts);
    if (cells.height() != nuclei.height() || cells.width() != nuclei.width()) {
      throw new ImageException(
          "segmentation: cells "
              + cells.dimensions()
              + ", nuclei "
              + nuclei.dimensions()
              + " (expected: one size)");
    }
  }

  /**
   * Where an object lies: columns {@code left..right} and rows {@code top..bottom}, all inclusive.
   *
   * @param centroidX mean column of its pixels
   * @param centroidY mean row of its pixels
   * @param area in pixels
   * @param nucleusArea in pixels, 0 where the nucleus is not known
   * @param touchesBorder whether the image's edge cuts it
   */
  public record Facts(
      int label,
      int left,
      int top,
      int right,
      int bottom,
      double centroidX,
      double centroidY,
      int area,
      int nucleusArea,
      boolean touchesBorder) {
    public int width() {
      return right - left + 1;
    }

    public int height() {
      return bottom - top + 1;
    }
  }

  /** A segmentation with its facts counted; of the nuclei where there are no cells. */
  public static Segmentation of(LabelImage cells, LabelImage nuclei, double nucleusDiameterPixels) {
    LabelImage objects = cells.max() > 0 ? cells : nuclei;
    return new Segmentation(cells, nuclei, count(objects, nuclei), nucleusDiameterPixels);
  }

  /** Whether there are nuclei alone. */
  public boolean nucleiOnly() {
    return cells.max() == 0;
  }

  private static List<Facts> count(LabelImage objects, LabelImage nuclei) {
    int h = objects.height();
    int w = objects.width();
    int n = objects.max() + 1;
    int[] left = new int[n];
    int[] top = new int[n];
    int[] right = new int[n];
    int[] bottom = new int[n];
    long[] sumX = new long[n];
    long[] sumY = new long[n];
    int[] area = new int[n];
    int[] nucleus = new int[n];
    Arrays.fill(left, w);
    Arrays.fill(top, h);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int o = objects.at(y, x);
        left[o] = Math.min(left[o], x);
        right[o] = Math.max(right[o], x);
        top[o] = Math.min(top[o], y);
        bottom[o] = Math.max(bottom[o], y);
        sumX[o] += x;
        sumY[o] += y;
        area[o]++;
        nucleus[o] += nuclei.at(y, x) == o ? 1 : 0;
      }
    }
    List<Facts> facts = new ArrayList<>();
    for (int o = 1; o < n; o++) {
      if (area[o] > 0) {
        boolean border = left[o] == 0 || top[o] == 0 || right[o] == w - 1 || bottom[o] == h - 1;
        facts.add(
            new Facts(
                o,
                left[o],
                top[o],
                right[o],
                bottom[o],
                (double) sumX[o] / area[o],
                (double) sumY[o] / area[o],
                area[o],
                nucleus[o],
                border));
      }
    }
    return facts;
  }
}
