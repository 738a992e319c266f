package org.hcpl.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.Models;
import org.hcpl.models.export.OnnxExport;
import org.hcpl.models.testing.MultiplyAdds;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Dispatch;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * A whole network on one image, eager, beside ONNX Runtime on an export of the very same network,
 * in turns within one process, so that what else the machine does hits both alike.
 */
public final class Latency implements AutoCloseable {
  private static final int CLASSES = 19;
  private static final int CHANNELS = 4;
  private final String model;
  private final int size;
  private final int threads;
  private final Module network;
  private final Tensor image;
  private final OnnxPeer peer;

  /**
   * Prepares a network with random weights and its export.
   *
   * @param model registered name
   * @param size height and width of the image in pixels
   * @param threads for the peer; ours are set process-wide
   */
  public Latency(String model, int size, int threads) {
    this.model = model;
    this.size = size;
    this.threads = threads;
    network = Models.create(model, ModelOptions.of(CHANNELS, CLASSES));
    network.initialise(Rng.of(1));
    network.eval();
    image = Rng.of(2).uniform(Shape.of(1, size, size, CHANNELS), 0, 1).persist();
    byte[] onnx = OnnxExport.model(network, image.shape()).bytes();
    peer =
        new OnnxPeer(
            onnx,
            Map.of(OnnxExport.INPUT, image.toNchw().toArray()),
            Map.of(OnnxExport.INPUT, new long[] {1, CHANNELS, size, size}),
            OnnxExport.OUTPUT,
            new long[] {1, CLASSES},
            threads,
            true);
  }

  /**
   * What was measured.
   *
   * @param ratio ONNX Runtime's median over ours: above 1 we are faster
   * @param oursMillis median of a run, in milliseconds
   * @param peerMillis its median, in milliseconds
   * @param runs of each
   * @param multiplyAdds of one image
   * @param profile our milliseconds an image by operation, most first
   */
  public record Result(
      String model,
      int size,
      double ratio,
      double oursMillis,
      double peerMillis,
      int runs,
      long multiplyAdds,
      Map<String, Double> profile) {
    /** Our arithmetic rate, two operations a multiply-add. */
    public double gflops() {
      return 2e-6 * multiplyAdds / oursMillis;
    }
  }

  /** Runs ours once; returns the first logit. */
  public float ours() {
    try (Grad.Mode mode = Grad.off();
        Scope scope = Scope.open()) {
      return network.apply(image).toArray()[0];
    }
  }

  /** Runs the peer once. */
  public void peer() {
    peer.run();
  }

  /**
   * Warms both up, then measures them in turns.
   *
   * @param warmUpSeconds of ours: HotSpot compiles the vector kernels bit by bit, which takes it
   *     tens of seconds
   */
  public Result measure(int runs, double warmUpSeconds) {
    long end = System.nanoTime() + (long) (warmUpSeconds * 1e9);
    while (System.nanoTime() < end) {
      ours();
    }
    for (int i = 0; i < 10; i++) {
      peer();
    }
    double[] mine = new double[runs];
    double[] its = new double[runs];
    for (int i = 0; i < runs; i++) {
      OnnxPeer.settle(threads);
      mine[i] = millis(this::ours);
      OnnxPeer.settle(threads);
      its[i] = millis(this::peer);
    }
    double ours = median(mine);
    double theirs = median(its);
    return new Result(
        model, size, theirs / ours, ours, theirs, runs, MultiplyAdds.of(this::ours), profile());
  }

  private Map<String, Double> profile() {
    int rounds = 20;
    Map<String, Double> sums = new TreeMap<>();
    try (Dispatch.Observation watching =
        Dispatch.observe(
            event -> {
              if (event.depth() == 0) {
                sums.merge(event.op().name(), event.nanos() / 1e6 / rounds, Double::sum);
              }
            })) {
      for (int i = 0; i < rounds; i++) {
        ours();
      }
    }
    List<Map.Entry<String, Double>> order = new ArrayList<>(sums.entrySet());
    order.sort((a, b) -> Double.compare(b.getValue(), a.getValue()));
    Map<String, Double> sorted = new LinkedHashMap<>();
    order.forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  private static double millis(Runnable run) {
    long start = System.nanoTime();
    run.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  @Override
  public void close() {
    peer.close();
  }
}
