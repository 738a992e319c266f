package org.hcpl.train;

import java.util.List;
import java.util.Map;
import org.hcpl.models.localise.Bags;
import org.hcpl.models.localise.Dsa;
import org.hcpl.nn.Linear;
import org.hcpl.nn.Parameter;
import org.hcpl.nn.loss.BinaryCrossEntropy;
import org.hcpl.nn.optim.Adam;
import org.hcpl.nn.optim.Schedule;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Tensor;
import org.hcpl.train.data.CellStore;

/**
 * Fits the two linear layers of a {@link Dsa} to convergence, the rest of the network fixed: the
 * second stage of "decoupled" training (Kang et al. 2020, arXiv 1910.09217, section 4.2). On given
 * descriptors each layer is a logistic regression, which has one optimum; steps shared with the
 * whole network end short of it, the image layer's most, which sees one example where the cell
 * layer sees all cells of an image.
 *
 * <p>Minimises, a class, {@code mean BCE + L2 / 2 * |w|^2} over the cells, or the images, without
 * augmentation; {@code w} is for descriptors of mean 0 and deviation 1.
 */
final class HeadFit {
  // From 1e-3 to 3e-2, and 200 to 1500 steps, the result on the synthetic atlas was much the same.
  private static final double L2 = 0.01;
  private static final int STEPS = 200;
  private static final double RATE = 0.02;

  /** Keeps the deviation of a descriptor that never varies above 0. */
  private static final double LEAST_DEVIATION = 1e-6;

  private HeadFit() {}

  /**
   * Replaces the network's two linear layers.
   *
   * @param cells with the labels of their images
   */
  static void fit(Dsa network, CellStore cells) {
    int classes = cells.classes().size();
    List<int[]> bags = cells.bags();
    Map<String, Parameter> parameters = network.namedParameters();
    try (Scope scope = Scope.open()) {
      Tensor descriptors = Scoring.descriptors(network, cells);
      Tensor images =
          Bags.of(bags.stream().mapToInt(bag -> bag.length).toArray()).max(descriptors).detach();
      float[] ofCells = new float[cells.size() * classes];
      float[] ofImages = new float[bags.size() * classes];
      for (int cell = 0; cell < cells.size(); cell++) {
        for (int c = 0; c < classes; c++) {
          float target = cells.target(cell)[c];
          int image = cells.image(cell) * classes + c;
          ofCells[cell * classes + c] = target;
          ofImages[image] = Math.max(ofImages[image], target);
        }
      }
      fit(parameters, "fc1", images, ofImages, classes);
      fit(parameters, "fc2", descriptors, ofCells, classes);
    }
  }

  private static void fit(
      Map<String, Parameter> parameters, String layer, Tensor x, float[] targets, int classes) {
    int count = x.dim(0);
    int width = x.dim(1);
    float[] values = x.toArray();
    double[] mean = new double[width];
    double[] deviation = new double[width];
    for (int i = 0; i < values.length; i++) {
      mean[i % width] += values[i] / (double) count;
    }
    for (int i = 0; i < values.length; i++) {
      double off = values[i] - mean[i % width];
      deviation[i % width] += off * off / count;
    }
    for (int d = 0; d < width; d++) {
      deviation[d] = Math.sqrt(deviation[d]) + LEAST_DEVIATION;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((values[i] - mean[i % width]) / deviation[i % width]);
    }
    Linear head =
        regression(Tensor.of(values, count, width), Tensor.of(targets, count, classes), targets);
    float[] weight = head.weight().value().toArray();
    float[] bias = head.bias().value().toArray();
    for (int i = 0; i < weight.length; i++) {
      double ofDescriptor = weight[i] / deviation[i % width];
      weight[i] = (float) ofDescriptor;
      bias[i / width] -= (float) (ofDescriptor * mean[i % width]);
    }
    parameters.get(layer + ".weight").set(Tensor.of(weight, classes, width));
    parameters.get(layer + ".bias").set(Tensor.of(bias, classes));
  }

  private static Linear regression(Tensor x, Tensor labels, float[] targets) {
    int classes = labels.dim(1);
    Linear head = new Linear(x.dim(1), classes);
    head.weight().fill(0);
    head.bias().set(Tensor.of(logitsOfShares(targets, classes), classes));
    Adam optimizer =
        new Adam(
            head.namedParameters(), RATE, Adam.Options.DEFAULT.weightDecay(L2).decayVectors(false));
    Schedule schedule = Schedule.cosine(RATE, STEPS, 0);
    for (int step = 0; step < STEPS; step++) {
      try (Scope scope = Scope.open()) {
        optimizer.setLearningRate(schedule.at(step));
        optimizer.clearGrads();
        BinaryCrossEntropy.DEFAULT.loss(head.apply(x), labels).mul(classes).backward();
        optimizer.step();
        optimizer.clearGrads();
      }
    }
    return head;
  }

  /** Where the regression begins: each class as likely as it is frequent. */
  private static float[] logitsOfShares(float[] targets, int classes) {
    double[] sums = new double[classes];
    for (int i = 0; i < targets.length; i++) {
      sums[i % classes] += targets[i];
    }
    int count = targets.length / classes;
    float[] logits = new float[classes];
    for (int c = 0; c < classes; c++) {
      double share = (sums[c] + 0.5) / (count + 1);
      logits[c] = (float) Math.log(share / (1 - share));
    }
    return logits;
  }
}
