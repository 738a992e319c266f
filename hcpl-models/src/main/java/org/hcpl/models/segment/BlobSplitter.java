package org.hcpl.models.segment;

import java.util.Arrays;

/**
 * Decides which bumps of a landscape (brightness, or distance to the outline) are objects of their
 * own and which belong together.
 *
 * <p>The component tree is walked from the peaks down. Where bumps meet, four things are weighed:
 * whether the parts resemble ellipses more than the whole does, how deep the saddle between them
 * is, and whether the whole is large or small for an object.
 */
final class BlobSplitter {
  /**
   * How bumps are judged.
   *
   * @param step logarithm of the landscape's ratio between neighbouring levels
   * @param minDepth bumps that rise above their saddle by less, as a part of their height, are none
   * @param minArea pixels that a bump must have above its saddle
   * @param typicalArea pixels of a usual object, NaN where unknown
   * @param depthWeight worth of the saddle's depth
   * @param neutralDepth the depth that speaks neither for nor against a split
   * @param sizeWeight worth of the logarithm of the size
   */
  record Rules(
      double step,
      double minDepth,
      double minArea,
      double typicalArea,
      double depthWeight,
      double neutralDepth,
      double sizeWeight) {}

  private final MaxTree tree;
  private final Rules rules;

  /** Area-weighted likeness to ellipses of the objects that a node holds. */
  private final double[] value;

  /** The first of the objects that a node holds, as a list through {@link #next}. */
  private final int[] first;

  private final int[] last;
  private final int[] next;

  private BlobSplitter(MaxTree tree, Rules rules) {
    this.tree = tree;
    this.rules = rules;
    value = new double[tree.size()];
    first = new int[tree.size()];
    last = new int[tree.size()];
    next = new int[tree.size()];
    Arrays.fill(next, -1);
  }

  /**
   * Marks the objects.
   *
   * @return for each node the number of the object that it lies in, from 1, or 0
   */
  static int[] split(MaxTree tree, Rules rules) {
    return new BlobSplitter(tree, rules).run();
  }

  private int[] run() {
    int n = tree.size();
    // Significant children of each node, as lists.
    int[] child = new int[n];
    int[] sibling = new int[n];
    Arrays.fill(child, -1);
    int minLevels = Math.max(1, (int) Math.ceil(-Math.log1p(-rules.minDepth) / rules.step));
    boolean[] root = new boolean[n];
    for (int node = 0; node < n; node++) {
      decide(node, child, sibling);
      int above = tree.parent[node];
      if (above < 0) {
        root[node] = true;
      } else if (tree.peak[node] - tree.level[above] >= minLevels
          && tree.area[node] >= rules.minArea) {
        sibling[node] = child[above];
        child[above] = node;
      }
    }
    int[] object = new int[n];
    int objects = 0;
    for (int node = 0; node < n; node++) {
      if (root[node] && tree.area[node] >= rules.minArea) {
        for (int o = first[node]; ; o = next[o]) {
          object[o] = ++objects;
          if (o == last[node]) {
            break;
          }
        }
      }
    }
    for (int node = n - 1; node >= 0; node--) {
      if (object[node] == 0 && tree.parent[node] >= 0) {
        object[node] = object[tree.parent[node]];
      }
    }
    return object;
  }

  private void decide(int node, int[] child, int[] sibling) {
    int only = child[node];
    if (only >= 0 && sibling[only] < 0 || only < 0) {
      if (only >= 0 && first[only] != only) {
        copy(node, only); // Already in parts; they stay so until another bump joins.
      } else {
        single(node, Math.max(tree.ellipticity(node), only < 0 ? 0 : carried(node, only)));
      }
      return;
    }
    double area = 0;
    double parts = 0;
    int lowest = Integer.MAX_VALUE;
    int second = Integer.MIN_VALUE;
    int highest = Integer.MIN_VALUE;
    for (int c = only; c >= 0; c = sibling[c]) {
      area += tree.area[c];
      parts += tree.area[c] * value[c];
      lowest = Math.min(lowest, tree.peak[c]);
      if (tree.peak[c] > highest) {
        second = highest;
        highest = tree.peak[c];
      } else {
        second = Math.max(second, tree.peak[c]);
      }
    }
    double depth = 1 - Math.exp(-rules.step * (second - tree.level[node]));
    double whole = wholeLikeness(node);
    double size =
        Double.isNaN(rules.typicalArea) ? 0 : Math.log(tree.area[node] / rules.typicalArea);
    double score =
        parts / area
            - whole
            + rules.depthWeight * (depth - rules.neutralDepth)
            + rules.sizeWeight * Math.clamp(size, -1.5, 1.5);
    if (score > 0) {
      first[node] = -1;
      for (int c = only; c >= 0; c = sibling[c]) {
        if (first[node] < 0) {
          copy(node, c);
        } else {
          next[last[node]] = first[c];
          last[node] = last[c];
        }
      }
      value[node] = parts / area;
    } else {
      single(node, whole);
    }
  }

  /** The best likeness of the whole from here down to where its outline may lie. */
  private double wholeLikeness(int node) {
    double best = 0;
    int floor = tree.peak[node] - (int) Math.ceil(Math.log(2.5) / rules.step);
    int limit = 2 * tree.area[node];
    for (int v = node; v >= 0 && tree.area[v] <= limit; v = tree.parent[v]) {
      best = Math.max(best, tree.ellipticity(v));
      if (tree.level[v] < floor) {
        break;
      }
    }
    return best;
  }

  /** What a smaller core was worth counts as long as it is at least half of the object. */
  private double carried(int node, int core) {
    return 2 * tree.area[core] >= tree.area[node] ? value[core] : 0;
  }

  private void single(int node, double likeness) {
    value[node] = likeness;
    first[node] = node;
    last[node] = node;
  }

  private void copy(int node, int from) {
    value[node] = value[from];
    first[node] = first[from];
    last[node] = last[from];
  }
}
