package org.hcpl.models.segment;

import java.util.Arrays;

/**
 * The component tree of an image: each node is a connected set of pixels at or above a level, its
 * children the parts into which it falls at the next higher one (Berger et al. 2007, ICIP:
 * union-find over pixels from high to low).
 *
 * <p>Nodes are numbered so that children come before their parents; nodes of a mask in several
 * parts have several roots. Each node knows area and second moments, summed up on the way.
 */
final class MaxTree {
  private static final int NONE = -1;

  private final int width;

  /** Pixels of the mask from the highest level to the lowest. */
  private final int[] order;

  private final int[] nodeOfPixel;
  private int count;

  final int[] parent;
  final int[] level;

  /** The highest level inside the node. */
  final int[] peak;

  final int[] area;
  private final double[] sumX;
  private final double[] sumY;
  private final double[] sumXx;
  private final double[] sumYy;
  private final double[] sumXy;

  /**
   * Builds the tree.
   *
   * @param levels of the pixels, 1 or more where they belong to the mask, 0 elsewhere
   */
  MaxTree(int[] levels, int height, int width) {
    this.width = width;
    order = order(levels);
    int[] up = union(levels, height);
    int n = order.length;
    nodeOfPixel = new int[levels.length];
    Arrays.fill(nodeOfPixel, NONE);
    int nodes = 0;
    for (int p : order) {
      if (up[p] == p || levels[up[p]] != levels[p]) {
        nodes++;
      }
    }
    parent = new int[nodes];
    level = new int[nodes];
    peak = new int[nodes];
    area = new int[nodes];
    sumX = new double[nodes];
    sumY = new double[nodes];
    sumXx = new double[nodes];
    sumYy = new double[nodes];
    sumXy = new double[nodes];
    for (int p : order) {
      if (up[p] == p || levels[up[p]] != levels[p]) {
        nodeOfPixel[p] = count;
        level[count++] = levels[p];
      }
    }
    for (int i = 0; i < n; i++) {
      int p = order[i];
      int node = nodeOfPixel[p] != NONE ? nodeOfPixel[p] : nodeOfPixel[up[p]];
      nodeOfPixel[p] = node;
      add(node, p);
    }
    for (int node = 0; node < nodes; node++) {
      parent[node] = NONE;
    }
    for (int i = 0; i < n; i++) {
      int p = order[i];
      if (up[p] != p && levels[up[p]] != levels[p]) {
        parent[nodeOfPixel[p]] = nodeOfPixel[up[p]];
      }
    }
    for (int node = 0; node < nodes; node++) {
      peak[node] = Math.max(peak[node], level[node]);
      int above = parent[node];
      if (above != NONE) {
        peak[above] = Math.max(peak[above], peak[node]);
        area[above] += area[node];
        sumX[above] += sumX[node];
        sumY[above] += sumY[node];
        sumXx[above] += sumXx[node];
        sumYy[above] += sumYy[node];
        sumXy[above] += sumXy[node];
      }
    }
  }

  private static int[] order(int[] levels) {
    int max = 0;
    for (int level : levels) {
      max = Math.max(max, level);
    }
    int[] starts = new int[max + 2];
    for (int level : levels) {
      starts[max - level + 1]++;
    }
    for (int i = 1; i < starts.length; i++) {
      starts[i] += starts[i - 1];
    }
    int[] order = new int[starts[max]];
    for (int p = 0; p < levels.length; p++) {
      if (levels[p] > 0) {
        order[starts[max - levels[p]]++] = p;
      }
    }
    return order;
  }

  /** For each pixel the representative of its own node, or of the parent node if it is one. */
  private int[] union(int[] levels, int height) {
    int[] up = new int[levels.length];
    int[] root = new int[levels.length];
    Arrays.fill(root, NONE);
    for (int p : order) {
      up[p] = p;
      root[p] = p;
      int y = p / width;
      int x = p - y * width;
      for (int side = 0; side < 4; side++) {
        int nx = x + (side == 0 ? -1 : side == 1 ? 1 : 0);
        int ny = y + (side == 2 ? -1 : side == 3 ? 1 : 0);
        if (nx < 0 || ny < 0 || nx >= width || ny >= height || root[ny * width + nx] == NONE) {
          continue;
        }
        int r = find(root, ny * width + nx);
        if (r != p) {
          root[r] = p;
          up[r] = p;
        }
      }
    }
    for (int i = order.length - 1; i >= 0; i--) {
      int p = order[i];
      int q = up[p];
      if (levels[up[q]] == levels[q]) {
        up[p] = up[q];
      }
    }
    return up;
  }

  private static int find(int[] root, int p) {
    int r = p;
    while (root[r] != r) {
      r = root[r];
    }
    while (root[p] != r) {
      int next = root[p];
      root[p] = r;
      p = next;
    }
    return r;
  }

  private void add(int node, int pixel) {
    double y = pixel / width;
    double x = pixel % width;
    area[node]++;
    sumX[node] += x;
    sumY[node] += y;
    sumXx[node] += x * x;
    sumYy[node] += y * y;
    sumXy[node] += x * y;
  }

  int size() {
    return count;
  }

  /** The node that a pixel of the mask belongs to at its own level, -1 outside the mask. */
  int nodeAt(int pixel) {
    return nodeOfPixel[pixel];
  }

  /**
   * How much a node resembles an ellipse: its area over that of the ellipse with its second
   * moments; 1 for an ellipse, less for any other shape (two touching discs 0.89).
   */
  double ellipticity(int node) {
    return Ellipse.likeness(
        area[node], sumX[node], sumY[node], sumXx[node], sumYy[node], sumXy[node]);
  }
}
