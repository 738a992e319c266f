package org.hcpl.train.metric;

import static org.hcpl.tensor.io.Words.count;

import java.util.List;
import org.hcpl.models.localise.ClassList;

/**
 * Predicted scores of samples (images or cells) and which labels they really have.
 *
 * @param scores {@code [samples, classes]}, larger means more likely; not copied
 * @param truth {@code [samples, classes]}; not copied
 */
public record LabelledScores(ClassList classes, float[][] scores, boolean[][] truth) {
  public LabelledScores {
    if (scores.length != truth.length || scores.length == 0) {
      throw new MetricException(
          "scores: "
              + count(scores.length, "sample")
              + " with scores, "
              + truth.length
              + " with labels (expected: the same, at least one)");
    }
    for (int i = 0; i < scores.length; i++) {
      if (scores[i].length != classes.size() || truth[i].length != classes.size()) {
        throw new MetricException(
            "scores: sample "
                + i
                + " has "
                + count(scores[i].length, "score")
                + " and "
                + count(truth[i].length, "label")
                + " (expected: "
                + classes.size()
                + ", the classes of "
                + classes.id()
                + ")");
      }
      for (int c = 0; c < scores[i].length; c++) {
        if (Float.isNaN(scores[i][c])) {
          throw new MetricException(
              "scores: sample " + i + " has NaN for " + classes.name(c) + " (expected: a number)");
        }
      }
    }
  }

  /** Samples whose true labels are lists, as label tables have them. */
  public static LabelledScores of(
      ClassList classes, float[][] scores, List<? extends List<Integer>> labels) {
    boolean[][] truth = new boolean[labels.size()][classes.size()];
    for (int i = 0; i < truth.length; i++) {
      for (int label : labels.get(i)) {
        classes.name(label);
        truth[i][label] = true;
      }
    }
    return new LabelledScores(classes, scores, truth);
  }

  public int samples() {
    return scores.length;
  }

  /** The samples at these indices, which may repeat; a view. */
  public LabelledScores at(int[] indices) {
    float[][] scoresAt = new float[indices.length][];
    boolean[][] truthAt = new boolean[indices.length][];
    for (int i = 0; i < indices.length; i++) {
      scoresAt[i] = scores[indices[i]];
      truthAt[i] = truth[indices[i]];
    }
    return new LabelledScores(classes, scoresAt, truthAt);
  }

  /** The scores of a class, {@code [samples]}; a copy. */
  float[] scoresOf(int label) {
    float[] of = new float[samples()];
    for (int i = 0; i < of.length; i++) {
      of[i] = scores[i][label];
    }
    return of;
  }

  /** The truth of a class, {@code [samples]}; a copy. */
  boolean[] truthOf(int label) {
    boolean[] of = new boolean[samples()];
    for (int i = 0; i < of.length; i++) {
      of[i] = truth[i][label];
    }
    return of;
  }
}
