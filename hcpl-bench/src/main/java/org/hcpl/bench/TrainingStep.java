package org.hcpl.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.Models;
import org.hcpl.nn.Module;
import org.hcpl.nn.loss.BinaryCrossEntropy;
import org.hcpl.nn.optim.Adam;
import org.hcpl.tensor.Dispatch;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Tensor;

/**
 * A step of training on one batch of random images, the same at every step: forward, binary
 * cross-entropy with logits, backward, Adam, in a scope of its own as the training loop has it.
 */
public final class TrainingStep {
  static final int CHANNELS = 4;
  static final int CLASSES = 19;
  static final double LEARNING_RATE = 1e-3;

  private final Module network;
  private final Adam optimizer;
  private final Tensor images;
  private final Tensor labels;
  private final long[] parts = new long[3];
  private volatile boolean inBackward;

  /**
   * Prepares a network with random weights and a batch.
   *
   * @param model registered name
   * @param batch images a step
   * @param size height and width of an image in pixels
   */
  public TrainingStep(String model, int batch, int size) {
    network = Models.create(model, ModelOptions.of(CHANNELS, CLASSES));
    network.initialise(Rng.of(1));
    network.train();
    optimizer = new Adam(network.namedParameters(), LEARNING_RATE, Adam.Options.DEFAULT);
    Random random = new Random(2);
    images =
        Tensor.of(
                Inputs.random(random, batch * size * size * CHANNELS), batch, size, size, CHANNELS)
            .persist();
    float[] targets = new float[batch * CLASSES];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = random.nextInt(4) == 0 ? 1 : 0;
    }
    labels = Tensor.of(targets, batch, CLASSES).persist();
  }

  /** The network, in training mode. */
  public Module network() {
    return network;
  }

  /** The batch, {@code [N, H, W, C]}. */
  public Tensor images() {
    return images;
  }

  /** 0 or 1, {@code [N, classes]}. */
  public Tensor labels() {
    return labels;
  }

  /** Does one step; returns the loss before its update. */
  public double run() {
    try (Scope scope = Scope.open()) {
      long start = System.nanoTime();
      Tensor loss = BinaryCrossEntropy.DEFAULT.loss(network.apply(images), labels);
      double value = loss.item();
      long forward = System.nanoTime();
      inBackward = true;
      loss.backward();
      inBackward = false;
      long backward = System.nanoTime();
      optimizer.step();
      optimizer.clearGrads();
      parts[0] += forward - start;
      parts[1] += backward - forward;
      parts[2] += System.nanoTime() - backward;
      return value;
    }
  }

  /**
   * Milliseconds a step by part (forward with the loss, backward, update) and, of the first two,
   * most first, by operation; {@code other} is what no operation accounts for.
   */
  public record Profile(
      Map<String, Double> parts, Map<String, Double> forward, Map<String, Double> backward) {}

  /** Does some steps and says where their time went. */
  public Profile profile(int steps) {
    Map<String, Double> forward = new TreeMap<>();
    Map<String, Double> backward = new TreeMap<>();
    Arrays.fill(parts, 0);
    try (Dispatch.Observation watching =
        Dispatch.observe(
            event -> {
              if (event.depth() == 0) {
                (inBackward ? backward : forward)
                    .merge(event.op().name(), event.nanos() / 1e6 / steps, Double::sum);
              }
            })) {
      for (int i = 0; i < steps; i++) {
        run();
      }
    }
    Map<String, Double> split = new LinkedHashMap<>();
    split.put("forward", parts[0] / 1e6 / steps);
    split.put("backward", parts[1] / 1e6 / steps);
    split.put("update", parts[2] / 1e6 / steps);
    return new Profile(
        split, sorted(forward, split.get("forward")), sorted(backward, split.get("backward")));
  }

  private static Map<String, Double> sorted(Map<String, Double> millis, double total) {
    double observed = millis.values().stream().mapToDouble(Double::doubleValue).sum();
    millis.put("other", total - observed);
    List<Map.Entry<String, Double>> order = new ArrayList<>(millis.entrySet());
    order.sort((a, b) -> Double.compare(b.getValue(), a.getValue()));
    Map<String, Double> sorted = new LinkedHashMap<>();
    order.forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }
}
