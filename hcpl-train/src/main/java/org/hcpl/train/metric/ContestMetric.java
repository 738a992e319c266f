package org.hcpl.train.metric;

import static org.hcpl.tensor.io.Words.count;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hcpl.models.localise.ClassList;

/**
 * The 2021 contest's metric: average precision of instance segmentation as Open Images defines it
 * (TensorFlow Object Detection API, {@code OpenImagesChallengeEvaluator} on masks), mean over the
 * classes. Images are added one at a time; only scores are kept of them.
 *
 * <ul>
 *   <li>Per image only classes verified for it are scored: its own labels and those of its true
 *       cells. Predictions of other classes are ignored there.
 *   <li>Per image and class predictions come by falling confidence, at most 10,000. Each looks at
 *       the one true cell that it overlaps most; it is right if their intersection over union is at
 *       least 0.6 and that cell is still free, wrong otherwise.
 *   <li>A wrong one that lies to at least 0.6 of its area in a true group of cells is not counted;
 *       the group counts as found once, with the best confidence among them.
 *   <li>Over all images, precision is made monotone from the right and summed over the steps of
 *       recall. A class without true cells has no value (NaN) and no part in the mean.
 * </ul>
 *
 * <p>The evaluator leaves the order of equal confidences to an unstable sort, reversed, within an
 * image and again over all of them. Here both are stable before they are reversed, as its sort is
 * with up to 16 predictions: of equal confidences the later image comes first, and in an image the
 * earlier prediction (the later one takes a cell that both want).
 */
public final class ContestMetric {
  /** The contest's least intersection over union of a match. */
  public static final double CONTEST_IOU = 0.6;

  /** The most predictions of a class in an image. */
  static final int MAX_PREDICTIONS = 10_000;

  private final ClassList classes;
  private final double iouThreshold;
  private final List<RankedPredictions> ranked = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private final List<String> unpredicted = new ArrayList<>();

  /** The contest's own metric. */
  public ContestMetric() {
    this(ClassList.HPA_2021, CONTEST_IOU);
  }

  /**
   * The metric with other classes or another threshold.
   *
   * @param iouThreshold above 0, at most 1
   */
  public ContestMetric(ClassList classes, double iouThreshold) {
    if (!(iouThreshold > 0 && iouThreshold <= 1)) {
      throw new MetricException(
          "metric: IoU threshold " + iouThreshold + " (expected: above 0, at most 1)");
    }
    this.classes = classes;
    this.iouThreshold = iouThreshold;
    for (int i = 0; i < classes.size(); i++) {
      ranked.add(new RankedPredictions());
    }
  }

  /**
   * Scores a submission against the truth with the contest's rules. Images of the submission that
   * the truth does not have are left out; images that the submission does not have count as without
   * predictions.
   *
   * @throws MetricException if a table cannot be read, an image's size differs between them, or
   *     they have no image in common
   */
  public static ContestResult evaluate(Path truth, Path submission) {
    Map<String, ImageInstances> images = new LinkedHashMap<>();
    Submission.readTruth(truth, ClassList.HPA_2021, image -> images.put(image.id(), image));
    ContestMetric metric = new ContestMetric();
    List<String> unknown = new ArrayList<>();
    Map<String, ImageInstances> left = new LinkedHashMap<>(images);
    Submission.read(
        submission,
        ClassList.HPA_2021,
        predicted -> {
          ImageInstances image = left.remove(predicted.id());
          if (image == null) {
            unknown.add(predicted.id());
          } else {
            try {
              metric.add(image, predicted.instances());
            } catch (MetricException e) {
              throw new MetricException(submission + ": " + e.getMessage(), e);
            }
          }
        });
    if (left.size() == images.size()) {
      throw new MetricException(
          submission
              + ": none of its "
              + count(unknown.size(), "image")
              + ", such as "
              + unknown.get(0)
              + ", is in "
              + truth
              + " (expected: the same image ids)\nhelp: is it the truth of this submission?");
    }
    left.values().forEach(metric::addWithoutPredictions);
    return metric.result(unknown);
  }

  private void addWithoutPredictions(ImageInstances image) {
    add(image, List.of());
    unpredicted.add(image.id());
  }

  /**
   * Adds an image.
   *
   * @param predictions in any order
   * @throws MetricException if the image was added before, or masks differ in size from it
   */
  public void add(ImageInstances truth, List<Instance> predictions) {
    ImageInstances predicted =
        new ImageInstances(truth.id(), truth.height(), truth.width(), predictions);
    if (!seen.add(truth.id())) {
      throw new MetricException(
          "metric: image " + truth.id() + " was added before (expected: each image once)");
    }
    Map<Integer, List<Instance>> trueByClass = byClass(truth);
    Map<Integer, List<Instance>> predictedByClass = byClass(predicted);
    Set<Integer> verified = new HashSet<>(truth.labels());
    verified.addAll(trueByClass.keySet());
    for (int label : verified) {
      List<Instance> cells = trueByClass.getOrDefault(label, List.of());
      ranked.get(label).instances += cells.size();
      match(cells, predictedByClass.getOrDefault(label, List.of()), ranked.get(label));
    }
    predictedByClass.forEach(
        (label, of) -> {
          if (!verified.contains(label)) {
            ranked.get(label).ignored += of.size();
          }
        });
  }

  private Map<Integer, List<Instance>> byClass(ImageInstances image) {
    Map<Integer, List<Instance>> byClass = new HashMap<>();
    for (Instance instance : image.instances()) {
      classes.name(instance.label());
      byClass.computeIfAbsent(instance.label(), label -> new ArrayList<>()).add(instance);
    }
    return byClass;
  }

  private void match(List<Instance> truth, List<Instance> predictions, RankedPredictions into) {
    List<Mask> cells = truth.stream().filter(t -> !t.groupOf()).map(Instance::mask).toList();
    List<Mask> groups = truth.stream().filter(Instance::groupOf).map(Instance::mask).toList();
    double[] scores = predictions.stream().mapToDouble(Instance::confidence).toArray();
    boolean[] found = new boolean[cells.size()];
    double[] groupScores = new double[groups.size()];
    int[] order = RankedPredictions.order(scores, scores.length);
    for (int rank = 0; rank < Math.min(order.length, MAX_PREDICTIONS); rank++) {
      Instance prediction = predictions.get(order[rank]);
      int cell = mostOverlapped(prediction.mask(), cells, false);
      if (cell >= 0 && !found[cell]) {
        found[cell] = true;
        into.add(prediction.confidence(), true);
        continue;
      }
      int group = mostOverlapped(prediction.mask(), groups, true);
      if (group >= 0) {
        // As in the evaluator, a group found with a confidence of 0 or less counts as not found.
        groupScores[group] = Math.max(groupScores[group], prediction.confidence());
      } else {
        into.add(prediction.confidence(), false);
      }
    }
    for (double score : groupScores) {
      if (score > 0) {
        into.add(score, true);
      }
    }
  }

  /** The mask with the largest overlap, the first of equals, or -1 if it is below the threshold. */
  private int mostOverlapped(Mask prediction, List<Mask> masks, boolean ofOwnArea) {
    int best = -1;
    double most = 0;
    for (int i = 0; i < masks.size(); i++) {
      double overlap =
          ofOwnArea
              ? (double) prediction.intersection(masks.get(i)) / Math.max(1, prediction.area())
              : prediction.iou(masks.get(i));
      if (overlap > most) {
        most = overlap;
        best = i;
      }
    }
    return most >= iouThreshold ? best : -1;
  }

  /** The scores so far. */
  public ContestResult result() {
    return result(List.of());
  }

  private ContestResult result(List<String> unknown) {
    List<ContestResult.OfClass> perClass = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      perClass.add(ranked.get(label).result(label, classes.name(label)));
    }
    double mean =
        perClass.stream()
            .mapToDouble(ContestResult.OfClass::averagePrecision)
            .filter(ap -> !Double.isNaN(ap))
            .average()
            .orElse(Double.NaN);
    return new ContestResult(mean, perClass, seen.size(), unpredicted, unknown);
  }

  /** The predictions of a class in all images, each right or wrong. */
  private static final class RankedPredictions {
    private double[] scores = new double[64];
    private boolean[] right = new boolean[64];
    private int size;
    private int instances;
    private int ignored;

    void add(double score, boolean isRight) {
      if (size == scores.length) {
        scores = Arrays.copyOf(scores, 2 * size);
        right = Arrays.copyOf(right, 2 * size);
      }
      scores[size] = score + 0.0; // -0.0 becomes 0.0: they are equal confidences.
      right[size++] = isRight;
    }

    /** Indices by falling score, of equal scores the later first. */
    static int[] order(double[] scores, int size) {
      Integer[] order = new Integer[size];
      Arrays.setAll(order, i -> i);
      Arrays.sort(
          order, (a, b) -> scores[a] == scores[b] ? b - a : Double.compare(scores[b], scores[a]));
      return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    ContestResult.OfClass result(int label, String name) {
      double[] precision = new double[size];
      double[] recall = new double[size];
      double[] sorted = new double[size];
      int[] order = order(scores, size);
      int hits = 0;
      for (int i = 0; i < size; i++) {
        hits += right[order[i]] ? 1 : 0;
        precision[i] = (double) hits / (i + 1);
        recall[i] = instances == 0 ? Double.NaN : (double) hits / instances;
        sorted[i] = scores[order[i]];
      }
      double ap = instances == 0 ? Double.NaN : AveragePrecision.ofCurve(precision, recall);
      return new ContestResult.OfClass(
          label, name, ap, instances, size, hits, ignored, precision, recall, sorted);
    }
  }
}
