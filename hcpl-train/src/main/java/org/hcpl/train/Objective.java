package org.hcpl.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hcpl.models.localise.Bags;
import org.hcpl.models.localise.Dsa;
import org.hcpl.nn.Module;
import org.hcpl.nn.loss.BinaryCrossEntropy;
import org.hcpl.nn.loss.CrossEntropy;
import org.hcpl.nn.loss.FocalLoss;
import org.hcpl.nn.loss.Reduction;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.train.data.Batch;

/** What a network is to make small over a batch. */
@FunctionalInterface
public interface Objective {
  /**
   * The loss, a scalar.
   *
   * @param network in training mode
   */
  Tensor loss(Module network, Batch batch);

  /** Every cell has one class: cross-entropy with label smoothing. */
  static Objective oneClass(double labelSmoothing) {
    return (network, batch) -> {
      int[] classes = new int[batch.size()];
      for (int i = 0; i < classes.length; i++) {
        classes[i] = largest(batch.targets(), i * batch.classes(), batch.classes());
      }
      return CrossEntropy.DEFAULT
          .labelSmoothing(labelSmoothing)
          .loss(network.apply(batch.images()), classes);
    };
  }

  /**
   * Cells have any number of classes: weighted binary cross-entropy, focal with an exponent above
   * 0.
   */
  static Objective anyClasses(float[] classWeights, double focalGamma) {
    return (network, batch) ->
        manyLabels(network.apply(batch.images()), batch.cellTargets(), classWeights, focalGamma);
  }

  /**
   * DSA's loss over both streams (Husain et al. 2023, Methods): {@code imageWeight * L(images) +
   * cellWeight * L(cells)}; 1 and 0.2 in the first round, 1 and 1 in the second.
   */
  static Objective dualStream(
      double imageWeight, double cellWeight, float[] classWeights, double focalGamma) {
    return (network, batch) -> {
      if (!(network instanceof Dsa dsa)) {
        throw new TensorException(
            "dual-stream loss: network is a "
                + network.getClass().getSimpleName()
                + " (expected: a DSA)");
      }
      Dsa.Streams streams = dsa.streams(batch.images(), bags(batch));
      Tensor images = manyLabels(streams.images(), batch.imageTargets(), classWeights, focalGamma);
      Tensor cells = manyLabels(streams.cells(), batch.cellTargets(), classWeights, focalGamma);
      return images.mul(imageWeight).add(cells.mul(cellWeight));
    };
  }

  /**
   * A weight a class that lifts rare ones: {@code sqrt(mean frequency / frequency)}, limited to
   * 0.5..4.
   *
   * @param frequencies share of the cells with each class
   */
  static float[] classWeights(double[] frequencies) {
    double mean = Arrays.stream(frequencies).average().orElse(0);
    float[] weights = new float[frequencies.length];
    for (int c = 0; c < weights.length; c++) {
      weights[c] =
          frequencies[c] > 0
              ? (float) Math.min(4, Math.max(0.5, Math.sqrt(mean / frequencies[c])))
              : 1;
    }
    return weights;
  }

  /** How the cells of a batch are grouped. */
  static Bags bags(Batch batch) {
    List<Integer> sizes = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= batch.size(); i++) {
      if (i == batch.size() || batch.bag()[i] != batch.bag()[start]) {
        sizes.add(i - start);
        start = i;
      }
    }
    return Bags.of(sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Tensor manyLabels(
      Tensor logits, Tensor labels, float[] classWeights, double focalGamma) {
    if (focalGamma > 0) {
      Tensor losses = new FocalLoss(-1, focalGamma, Reduction.NONE).loss(logits, labels);
      return losses.mul(Tensor.of(classWeights, classWeights.length)).mean();
    }
    return BinaryCrossEntropy.DEFAULT
        .positiveWeight(Tensor.of(classWeights, classWeights.length))
        .loss(logits, labels);
  }

  private static int largest(float[] values, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values[from + i] > values[from + best]) {
        best = i;
      }
    }
    return best;
  }
}
