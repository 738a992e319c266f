package org.hcpl.models.segment;

import java.util.Arrays;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;

/** Changes the size of planes and label images. */
final class Rescale {
  private Rescale() {}

  /**
   * A plane at another size: shrinking averages over the area that a pixel covers, enlarging
   * interpolates between pixel centres.
   */
  static Plane plane(Plane plane, int height, int width) {
    if (height == plane.height() && width == plane.width()) {
      return plane;
    }
    int w = plane.width();
    int[][] xs = new int[width][];
    float[][] xWeights = new float[width][];
    weights(w, width, xs, xWeights);
    int[][] ys = new int[height][];
    float[][] yWeights = new float[height][];
    weights(plane.height(), height, ys, yWeights);
    float[] out = new float[Math.multiplyExact(height, width)];
    float[] row = new float[w];
    for (int y = 0; y < height; y++) {
      Arrays.fill(row, 0);
      for (int k = 0; k < ys[y].length; k++) {
        float weight = yWeights[y][k];
        int from = ys[y][k] * w;
        for (int x = 0; x < w; x++) {
          row[x] += weight * plane.values()[from + x];
        }
      }
      for (int x = 0; x < width; x++) {
        float value = 0;
        for (int k = 0; k < xs[x].length; k++) {
          value += xWeights[x][k] * row[xs[x][k]];
        }
        out[y * width + x] = value;
      }
    }
    return new Plane(height, width, out);
  }

  /** The source pixels of each target pixel along one axis and their weights, which sum to 1. */
  private static void weights(int from, int to, int[][] indices, float[][] weights) {
    double scale = (double) from / to;
    for (int i = 0; i < to; i++) {
      if (scale <= 1) {
        double at = Math.clamp((i + 0.5) * scale - 0.5, 0.0, from - 1.0);
        int low = (int) at;
        int high = Math.min(from - 1, low + 1);
        float part = (float) (at - low);
        indices[i] = new int[] {low, high};
        weights[i] = new float[] {1 - part, part};
      } else {
        double start = i * scale;
        double end = Math.min(from, (i + 1) * scale);
        int first = (int) start;
        int last = Math.min(from - 1, (int) Math.ceil(end) - 1);
        indices[i] = new int[last - first + 1];
        weights[i] = new float[last - first + 1];
        for (int j = first; j <= last; j++) {
          indices[i][j - first] = j;
          weights[i][j - first] =
              (float) ((Math.min(end, j + 1) - Math.max(start, j)) / (end - start));
        }
      }
    }
  }

  /**
   * Labels at another size: each pixel takes the label that weighs most among the four around its
   * place, so that outlines come out smooth instead of in steps.
   */
  static LabelImage labels(LabelImage image, int height, int width) {
    int h = image.height();
    int w = image.width();
    if (h == height && w == width) {
      return image;
    }
    int[] in = image.labels();
    int[] out = new int[Math.multiplyExact(height, width)];
    int[] lows = new int[width];
    float[] parts = new float[width];
    for (int x = 0; x < width; x++) {
      double at = Math.clamp((x + 0.5) * w / width - 0.5, 0.0, w - 1.0);
      lows[x] = Math.min((int) at, Math.max(0, w - 2));
      parts[x] = (float) (at - lows[x]);
    }
    for (int y = 0; y < height; y++) {
      double at = Math.clamp((y + 0.5) * h / height - 0.5, 0.0, h - 1.0);
      int low = Math.min((int) at, Math.max(0, h - 2));
      float py = (float) (at - low);
      int top = low * w;
      int bottom = Math.min(h - 1, low + 1) * w;
      for (int x = 0; x < width; x++) {
        int right = Math.min(w - 1, lows[x] + 1);
        int a = in[top + lows[x]];
        int b = in[top + right];
        int c = in[bottom + lows[x]];
        int d = in[bottom + right];
        out[y * width + x] = a == b && c == d && a == c ? a : heaviest(a, b, c, d, parts[x], py);
      }
    }
    return new LabelImage(height, width, out);
  }

  private static int heaviest(int a, int b, int c, int d, float px, float py) {
    float wa = (1 - px) * (1 - py);
    float wb = px * (1 - py);
    float wc = (1 - px) * py;
    float wd = px * py;
    float sa = wa + (b == a ? wb : 0) + (c == a ? wc : 0) + (d == a ? wd : 0);
    float sb = wb + (a == b ? wa : 0) + (c == b ? wc : 0) + (d == b ? wd : 0);
    float sc = wc + (a == c ? wa : 0) + (b == c ? wb : 0) + (d == c ? wd : 0);
    float sd = wd + (a == d ? wa : 0) + (b == d ? wb : 0) + (c == d ? wc : 0);
    int best = a;
    float most = sa;
    if (sb > most) {
      best = b;
      most = sb;
    }
    if (sc > most) {
      best = c;
      most = sc;
    }
    return sd > most ? d : best;
  }
}
