package org.hcpl.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.hcpl.nn.Module;
import org.hcpl.nn.Parameter;
import org.hcpl.nn.loss.BinaryCrossEntropy;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.cpu.Parallel;

/**
 * Whether a step of ours and libtorch's are the same: activations layer by layer, loss and
 * gradients, each by its distance from what libtorch computes in double from the same weights.
 *
 * <p>A distance is the norm of the difference over the norm of the double result. Ours may be at
 * most twice libtorch's in float: a batch that rounding alone throws far is then no error, and a
 * wrong layer is one even where the batch is kind.
 *
 * <p>Its main method prints the table for both modes. Arguments: {@code --batch N} (16), {@code
 * --size PIXELS} (128), {@code --threads N} (1).
 */
public final class LibtorchAgreement {
  /** By how much ours may be further from the double result than libtorch's float. */
  private static final double FACTOR = 2;

  /** Most that rounding may move libtorch's own logits for a batch to tell anything, relative. */
  private static final double TELLING = 1e-3;

  /** Steps compared: the first from the same weights, the second after an update. */
  private static final int STEPS = 2;

  private static final Pattern COMPARED =
      Pattern.compile("conv_stem|bn1|blocks\\.\\d+\\.\\d+|conv_head|bn2|classifier");

  /**
   * What one pass computed: outputs by layer, channels first; gradients by parameter, as on disk;
   * both in the network's order.
   */
  record Pass(double loss, List<double[]> outputs, List<double[]> gradients) {
    double[] gradient() {
      return gradients.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    double[] logits() {
      return outputs.get(outputs.size() - 1);
    }
  }

  /** Distances from the double result. */
  record Distance(String of, double ours, double libtorch) {
    boolean agrees() {
      return ours <= FACTOR * libtorch;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%-16s %10.1e %10.1e", of, ours, libtorch);
    }
  }

  private LibtorchAgreement() {}

  /** Prints distances in evaluation and in training mode. */
  public static void main(String[] args) {
    int batch = 16;
    int size = 128;
    int threads = 1;
    for (int i = 0; i + 1 < args.length; i += 2) {
      int value = Integer.parseInt(args[i + 1]);
      switch (args[i]) {
        case "--batch" -> batch = value;
        case "--size" -> size = value;
        case "--threads" -> threads = value;
        default ->
            throw new IllegalArgumentException(
                "agreement: " + args[i] + " (expected: --batch, --size or --threads)");
      }
    }
    Parallel.setThreads(threads);
    TrainingStep ours = new TrainingStep("efficientnet_b0", batch, size);
    try (LibtorchStep peer = LibtorchStep.inFloat(ours, threads);
        LibtorchStep exact = LibtorchStep.inDouble(ours, threads)) {
      // Training first: evaluation then normalises with running statistics of that batch.
      for (boolean training : new boolean[] {true, false}) {
        Pass mine = pass(ours, training);
        Pass its = peer.pass(training);
        Pass truth = exact.pass(training);
        System.out.printf(
            Locale.ROOT,
            "%s: loss ours %.6f, libtorch %.6f, in double %.6f%n%-16s %10s %10s%n",
            training ? "training" : "evaluation",
            mine.loss(),
            its.loss(),
            truth.loss(),
            "distance",
            "ours",
            "libtorch");
        distances(ours.network(), mine, its, truth).forEach(System.out::println);
      }
    }
  }

  /**
   * Takes the first steps with both and stops unless they agree: activations and gradients of the
   * first step, losses of the first two. Returns what it found, in lines.
   *
   * @throws IllegalStateException if they do not, with what differs
   */
  static List<String> check(TrainingStep ours, LibtorchStep peer, int threads) {
    long count = ours.network().parameterCount();
    if (peer.parameterCount() != count) {
      throw new IllegalStateException(
          "agreement: "
              + peer.parameterCount()
              + " trained weights in DJL (expected: "
              + count
              + ")");
    }
    List<String> found = new ArrayList<>();
    found.add(String.format(Locale.ROOT, "%,d trained weights in both", count));
    try (LibtorchStep exact = LibtorchStep.inDouble(ours, threads)) {
      for (int i = 1; i <= STEPS; i++) {
        Pass mine = pass(ours, true);
        Pass its = peer.pass(true);
        Pass truth = exact.pass(true);
        if (i == 1) {
          found.add(checkLayers(distances(ours.network(), mine, its, truth)));
        }
        found.add(checkLosses(i, mine, its, truth));
        ours.run();
        peer.run();
        exact.run();
      }
    }
    return found;
  }

  private static String checkLayers(List<Distance> distances) {
    double logits = distances.get(distances.size() - 2).libtorch();
    if (logits > TELLING) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "agreement: rounding alone moves libtorch's logits by %.1e (expected: at most %.1e)%n"
                  + "help: larger images or a larger batch",
              logits,
              TELLING));
    }
    double worst = 0;
    for (Distance distance : distances) {
      if (!distance.agrees()) {
        throw new IllegalStateException(
            "agreement: distance from the double result: "
                + distance
                + " (expected: ours at most "
                + FACTOR
                + " times libtorch's)");
      }
      worst = Math.max(worst, distance.ours() / distance.libtorch());
    }
    Distance gradient = distances.get(distances.size() - 1);
    return String.format(
        Locale.ROOT,
        "distance from the double result: gradient's ours %.1e, libtorch's %.1e;"
            + " ours at most %.2f times libtorch's over all layers",
        gradient.ours(),
        gradient.libtorch(),
        worst);
  }

  /** A loss moves at most as far as the logits do on average: its slope in each is within 1. */
  private static String checkLosses(int step, Pass ours, Pass libtorch, Pass exact) {
    double tolerance = FACTOR * rootMeanSquare(libtorch.logits(), exact.logits());
    if (!(Math.abs(ours.loss() - exact.loss()) <= tolerance)) {
      throw new IllegalStateException(
          "agreement: loss "
              + ours.loss()
              + " at step "
              + step
              + " (expected: "
              + exact.loss()
              + " within "
              + tolerance
              + ")");
    }
    return String.format(
        Locale.ROOT,
        "loss at step %d: ours %.7f, libtorch %.7f, libtorch in double %.7f (tolerance %.1e)",
        step,
        ours.loss(),
        libtorch.loss(),
        exact.loss(),
        tolerance);
  }

  private static double rootMeanSquare(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum / a.length);
  }

  /** Forward and backward without an update; in evaluation forward alone. */
  static Pass pass(TrainingStep step, boolean training) {
    Module network = step.network();
    List<double[]> outputs = new ArrayList<>();
    Map<Module, String> watched = compared(network);
    if (!training) {
      network.eval();
    }
    try (Scope scope = Scope.open()) {
      Tensor logits;
      try (Module.Observation watching =
          Module.observe(
              (module, output) -> {
                if (watched.containsKey(module)) {
                  outputs.add(values(output));
                }
              })) {
        logits = network.apply(step.images());
      }
      Tensor loss = BinaryCrossEntropy.DEFAULT.loss(logits, step.labels());
      List<double[]> gradients = new ArrayList<>();
      if (training) {
        loss.backward();
        for (Parameter parameter : network.parameters()) {
          float[] gradient = parameter.grad().toArray();
          gradients.add(doubles(parameter.layout().toDisk(gradient, parameter.shape())));
        }
        network.clearGrads();
      }
      return new Pass(loss.item(), outputs, gradients);
    } finally {
      network.train();
    }
  }

  /** Of each layer's output, the gradient of all parameters together, and the loss. */
  static List<Distance> distances(Module network, Pass ours, Pass libtorch, Pass exact) {
    List<Distance> found = new ArrayList<>();
    int layer = 0;
    for (String name : compared(network).values()) {
      double[] truth = exact.outputs().get(layer);
      found.add(
          new Distance(
              name,
              distance(ours.outputs().get(layer), truth),
              distance(libtorch.outputs().get(layer), truth)));
      layer++;
    }
    if (!exact.gradients().isEmpty()) {
      double[] truth = exact.gradient();
      found.add(
          new Distance(
              "gradient", distance(ours.gradient(), truth), distance(libtorch.gradient(), truth)));
    }
    return found;
  }

  private static Map<Module, String> compared(Module network) {
    Map<Module, String> found = new LinkedHashMap<>();
    network
        .modules()
        .forEach(
            (path, module) -> {
              if (COMPARED.matcher(path).matches()) {
                found.put(module, path);
              }
            });
    return found;
  }

  private static double[] values(Tensor tensor) {
    try (Grad.Mode off = Grad.off()) {
      return doubles((tensor.rank() == 4 ? tensor.detach().toNchw() : tensor).toArray());
    }
  }

  static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  private static double distance(double[] found, double[] truth) {
    if (found.length != truth.length) {
      throw new IllegalStateException(
          "agreement: " + found.length + " values (expected: " + truth.length + ")");
    }
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < truth.length; i++) {
      difference += (found[i] - truth[i]) * (found[i] - truth[i]);
      norm += truth[i] * truth[i];
    }
    return Math.sqrt(difference / norm);
  }
}
