package org.hcpl.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.hcpl.tensor.cpu.Conv2dForward;
import org.hcpl.tensor.cpu.Gemm;
import org.hcpl.tensor.cpu.PackedConv2d;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.op.ConvGeometry;

/**
 * What further threads bring to products and convolutions: time with one thread over time with N
 * (argument; default 2), best of several turns. Alone in its process: threads of a peer that wait
 * for work in a loop would take the cores that are measured here.
 */
public final class ScalingReport {
  private static final int TURNS = 12;
  private static final double TURN_SECONDS = 0.008;
  private static final double WARM_UP_SECONDS = 0.4;

  private final int threads;

  private ScalingReport(int threads) {
    this.threads = threads;
  }

  /** Prints a line a shape, and for each group the median and the least. */
  public static void main(String[] args) {
    new ScalingReport(args.length == 0 ? 2 : Integer.parseInt(args[0])).run();
  }

  private void run() {
    List<Double> products = new ArrayList<>();
    for (int n : new int[] {512, 768, 1024, 2048}) {
      Random random = new Random(1);
      float[] a = Inputs.random(random, n * n);
      float[] b = Inputs.random(random, n * n);
      float[] c = new float[n * n];
      products.add(measure("gemm " + n, () -> Gemm.run(n, n, n, a, b, c)));
    }
    summary("gemm", products);
    section("1x1 EfficientNet-B4", LayerShapes.efficientNetB4());
    section("1x1 ResNet-50", LayerShapes.resNet50());
    section("1x1 DenseNet-161", LayerShapes.denseNet161());
    section("3x3", LayerShapes.spatial());
  }

  private void section(String title, List<LayerShapes.Layer> layers) {
    List<Double> gains = new ArrayList<>();
    for (LayerShapes.Layer layer : layers) {
      ConvGeometry g = layer.geometry();
      Random random = new Random(1);
      float[] x = Inputs.random(random, g.inputSize());
      PackedConv2d weights = PackedConv2d.of(g, Inputs.random(random, g.weightSize()), 0);
      float[] y = new float[g.outputSize()];
      gains.add(measure(layer.name(), () -> Conv2dForward.run(g, x, 0, weights, y, 0, null)));
    }
    summary(title, gains);
  }

  private double measure(String name, Runnable work) {
    double[] best = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 2; i++) {
        Parallel.setThreads(i == 0 ? 1 : threads);
        seconds(work, WARM_UP_SECONDS);
        for (int turn = 0; turn < TURNS; turn++) {
          best[i] = Math.min(best[i], seconds(work, TURN_SECONDS));
        }
      }
    }
    double gain = best[0] / best[1];
    System.out.printf(
        Locale.ROOT, "%-28s %9.1f us %9.1f us %6.2f%n", name, best[0] * 1e6, best[1] * 1e6, gain);
    return gain;
  }

  /** Seconds a run, over runs that take {@code least} seconds together. */
  private static double seconds(Runnable work, double least) {
    int runs = 0;
    long start = System.nanoTime();
    long now = start;
    while (now - start < least * 1e9) {
      work.run();
      runs++;
      now = System.nanoTime();
    }
    return (now - start) / 1e9 / runs;
  }

  private static void summary(String title, List<Double> gains) {
    List<Double> sorted = gains.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "  %s: median %.2f, least %.2f, %d of %d at least 1.8%n",
        title,
        sorted.get(sorted.size() / 2),
        sorted.get(0),
        sorted.stream().filter(gain -> gain >= 1.8).count(),
        sorted.size());
  }
}
