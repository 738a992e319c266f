package org.hcpl.train.metric;

import static org.hcpl.tensor.io.Words.count;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Measures of multi-label classification. A class is predicted for a sample whose score reaches the
 * class's threshold.
 *
 * @param perClass in the order of the labels
 * @param microF1 2 TP / (2 TP + FP + FN) with the counts of all classes together
 * @param exactMatch share of the samples whose predicted labels are just their true ones
 * @param labelAccuracy share of all (sample, class) decisions that are right
 * @param sampleDice mean over the samples of 2 |predicted and true| / (|predicted| + |true|), 1
 *     where both are empty
 * @param topOne share of the samples with labels whose highest score is one of them
 */
public record Classification(
    List<OfClass> perClass,
    double microF1,
    double exactMatch,
    double labelAccuracy,
    double sampleDice,
    double topOne) {
  private static final int GRID = 100;

  public Classification {
    perClass = List.copyOf(perClass);
  }

  /**
   * Measures of a class. A value whose denominator is 0 is NaN, but for precision and F1 of a class
   * with true samples of which none is predicted, which are 0.
   *
   * @param threshold from which on it is predicted
   * @param positives samples that have it
   * @param predicted samples for which it is predicted
   * @param right samples for which it is predicted that have it
   * @param precision right / predicted
   * @param recall right / positives
   * @param f1 2 right / (predicted + positives), which is the class's Dice coefficient too
   * @param rocAuc {@link Ranking#rocAuc}
   * @param averagePrecision {@link Ranking#averagePrecision}, the area under the precision-recall
   *     curve
   */
  public record OfClass(
      int label,
      String name,
      double threshold,
      int positives,
      int predicted,
      int right,
      double precision,
      double recall,
      double f1,
      double rocAuc,
      double averagePrecision) {}

  /** Measures with one threshold for all classes. */
  public static Classification of(LabelledScores samples, double threshold) {
    double[] thresholds = new double[samples.classes().size()];
    Arrays.fill(thresholds, threshold);
    return of(samples, thresholds);
  }

  /**
   * Measures with a threshold for each class.
   *
   * @param thresholds {@code [classes]}
   */
  public static Classification of(LabelledScores samples, double[] thresholds) {
    int classes = samples.classes().size();
    if (thresholds.length != classes) {
      throw new MetricException(
          "classification: "
              + count(thresholds.length, "threshold")
              + " (expected: one for each of "
              + count(classes, "class", "classes")
              + ")");
    }
    int[] positives = new int[classes];
    int[] predicted = new int[classes];
    int[] right = new int[classes];
    int exact = 0;
    double dice = 0;
    int labelled = 0;
    int top = 0;
    for (int i = 0; i < samples.samples(); i++) {
      float[] scores = samples.scores()[i];
      boolean[] truth = samples.truth()[i];
      int ofSample = 0;
      int predictedOfSample = 0;
      int both = 0;
      int highest = 0;
      for (int c = 0; c < classes; c++) {
        boolean isPredicted = scores[c] >= thresholds[c];
        ofSample += truth[c] ? 1 : 0;
        predictedOfSample += isPredicted ? 1 : 0;
        both += truth[c] && isPredicted ? 1 : 0;
        positives[c] += truth[c] ? 1 : 0;
        predicted[c] += isPredicted ? 1 : 0;
        right[c] += truth[c] && isPredicted ? 1 : 0;
        highest = scores[c] > scores[highest] ? c : highest;
      }
      int sum = ofSample + predictedOfSample;
      exact += 2 * both == sum ? 1 : 0;
      dice += sum == 0 ? 1 : 2.0 * both / sum;
      labelled += ofSample > 0 ? 1 : 0;
      top += truth[highest] ? 1 : 0;
    }
    List<OfClass> perClass = new ArrayList<>();
    long allRight = 0;
    long all = 0;
    for (int c = 0; c < classes; c++) {
      float[] scores = samples.scoresOf(c);
      boolean[] truth = samples.truthOf(c);
      perClass.add(
          new OfClass(
              c,
              samples.classes().name(c),
              thresholds[c],
              positives[c],
              predicted[c],
              right[c],
              predicted[c] == 0 && positives[c] > 0 ? 0 : (double) right[c] / predicted[c],
              (double) right[c] / positives[c],
              2.0 * right[c] / (predicted[c] + positives[c]),
              Ranking.rocAuc(scores, truth),
              Ranking.averagePrecision(scores, truth)));
      allRight += right[c];
      all += predicted[c] + positives[c];
    }
    double n = samples.samples();
    return new Classification(
        perClass,
        2.0 * allRight / all,
        exact / n,
        1 - (all - 2.0 * allRight) / (n * classes),
        dice / n,
        (double) top / labelled);
  }

  /** Mean of the classes' F1 (Dice); classes neither there nor predicted have no part in it. */
  public double macroF1() {
    return mean(OfClass::f1);
  }

  /** Mean of the classes' precision, without those that have none. */
  public double macroPrecision() {
    return mean(OfClass::precision);
  }

  /** Mean of the classes' recall, without those that have no true samples. */
  public double macroRecall() {
    return mean(OfClass::recall);
  }

  /** Mean of the classes' ROC AUC, without those that have none. */
  public double meanRocAuc() {
    return mean(OfClass::rocAuc);
  }

  /** Mean of the classes' average precision, without those that have no true samples. */
  public double meanAveragePrecision() {
    return mean(OfClass::averagePrecision);
  }

  private double mean(ToDoubleFunction<OfClass> value) {
    return perClass.stream()
        .mapToDouble(value)
        .filter(v -> !Double.isNaN(v))
        .average()
        .orElse(Double.NaN);
  }

  /**
   * For each class the threshold among 0.01, 0.02, ..., 0.99 with the highest F1 (Dice) on training
   * data; the middle one of the lowest run of equals, for the ends of a run are where one sample
   * decides. 0.5 for a class without true samples. (Choosing so, with Dice and steps of 0.01:
   * Liimatainen et al., 2021.)
   *
   * @return {@code [classes]}
   */
  public static double[] chooseThresholds(LabelledScores training) {
    double[] chosen = new double[training.classes().size()];
    for (int c = 0; c < chosen.length; c++) {
      chosen[c] = chooseThreshold(training.scoresOf(c), training.truthOf(c));
    }
    return chosen;
  }

  private static double chooseThreshold(float[] scores, boolean[] truth) {
    double best = 0;
    int from = GRID / 2;
    int to = GRID / 2;
    for (int step = 1; step < GRID; step++) {
      double threshold = (double) step / GRID;
      int right = 0;
      int sum = 0;
      for (int i = 0; i < scores.length; i++) {
        boolean isPredicted = scores[i] >= threshold;
        right += isPredicted && truth[i] ? 1 : 0;
        sum += (isPredicted ? 1 : 0) + (truth[i] ? 1 : 0);
      }
      double f1 = sum == 0 ? 0 : 2.0 * right / sum;
      if (f1 > best) {
        best = f1;
        from = step;
        to = step;
      } else if (f1 == best && best > 0 && to == step - 1) {
        to = step;
      }
    }
    return (double) ((from + to) / 2) / GRID;
  }
}
