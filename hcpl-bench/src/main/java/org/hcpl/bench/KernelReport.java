package org.hcpl.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.hcpl.tensor.cpu.Conv2dForward;
import org.hcpl.tensor.cpu.Gemm;
import org.hcpl.tensor.cpu.PackedConv2d;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.op.ConvGeometry;
import org.hcpl.train.cli.Hcpl;

/**
 * All products and convolutions in one table within a minute or two: GFLOP/s, share of the register
 * peak, ONNX Runtime's GFLOP/s on the same operation, and the ratio of the two.
 *
 * <p>The three are measured in turns of 20 ms within one process, the best of several rounds each,
 * so that what else the machine does, and its clock, hits all alike. {@link GemmBench} and {@link
 * ConvBench} measure the same by the book.
 */
public final class KernelReport {
  /** Time of one turn of one candidate. */
  private static final double TURN_SECONDS = 0.02;

  private static float sink;

  private final int threads;
  private final int rounds;
  private final boolean cpuClock;
  private final List<Row> rows = new ArrayList<>();

  /** Before the first operation: all that it has in common with the others is compiled on it. */
  private boolean first = true;

  private record Row(String name, double gflops, double share, double peer) {}

  /** What time is taken by. */
  enum Clock {
    WALL,
    CPU
  }

  /**
   * A report.
   *
   * @param clock {@link Clock#CPU} for the processor time of one thread
   */
  KernelReport(int threads, int rounds, Clock clock) {
    if (clock == Clock.CPU && threads > 1) {
      throw new IllegalArgumentException(
          "kernel report: --clock cpu with " + threads + " threads (expected: 1)");
    }
    this.threads = threads;
    this.rounds = rounds;
    this.cpuClock = clock == Clock.CPU;
    Parallel.setThreads(threads);
  }

  /** The command {@code hcpl bench kernels}. */
  public static void main(String[] args) {
    List<String> line = new ArrayList<>(List.of("bench", "kernels"));
    line.addAll(Arrays.asList(args));
    System.exit(Hcpl.commandLine().execute(line.toArray(String[]::new)));
  }

  /** Prints the table of the operations whose names contain {@code only}. */
  void run(String only) {
    System.out.printf(
        Locale.ROOT,
        "%-28s %9s %7s %9s %7s%n",
        "threads " + threads,
        "GFLOP/s",
        "of peak",
        "ORT",
        "ratio");
    int[][] products = {
      {512, 512, 512},
      {768, 768, 768},
      {1024, 1024, 1024},
      {2048, 2048, 2048},
      {197, 3072, 768},
      {3136, 64, 576},
      {49, 512, 2048}
    };
    for (int[] s : products) {
      String name = "gemm %dx%dx%d".formatted(s[0], s[1], s[2]);
      if (name.contains(only)) {
        gemm(name, s[0], s[1], s[2]);
      }
    }
    summary("gemm");
    section("1x1 EfficientNet-B4", LayerShapes.efficientNetB4(), only);
    section("1x1 ResNet-50", LayerShapes.resNet50(), only);
    section("1x1 DenseNet-161", LayerShapes.denseNet161(), only);
    section("3x3", LayerShapes.spatial(), only);
    section("stems", LayerShapes.stems(), only);
  }

  private void section(String title, List<LayerShapes.Layer> layers, String only) {
    for (LayerShapes.Layer layer : layers) {
      if (layer.name().contains(only)) {
        conv(layer);
      }
    }
    summary(title);
  }

  private void gemm(String name, int m, int n, int k) {
    Random random = new Random(1);
    float[] a = Inputs.random(random, m * k);
    float[] b = Inputs.random(random, k * n);
    float[] c = new float[m * n];
    try (OnnxPeer peer = OnnxPeer.gemm(m, n, k, a, b, threads)) {
      measure(name, 2.0 * m * n * k, () -> Gemm.run(m, n, k, a, b, c), peer::run);
    }
  }

  private void conv(LayerShapes.Layer layer) {
    ConvGeometry g = layer.geometry();
    Random random = new Random(1);
    float[] x = Inputs.random(random, g.inputSize());
    float[] w = Inputs.random(random, g.weightSize());
    float[] y = new float[g.outputSize()];
    PackedConv2d weights = PackedConv2d.of(g, w, 0);
    float[] xFirst = Inputs.channelsFirst(x, g.n(), g.h() * g.w(), g.c());
    float[] wFirst = Inputs.weightsChannelsFirst(g, w);
    try (OnnxPeer blocked = OnnxPeer.conv(g, xFirst, wFirst, threads, true);
        OnnxPeer plain = OnnxPeer.conv(g, xFirst, wFirst, threads, false)) {
      measure(
          layer.name(),
          2.0 * g.multiplyAdds(),
          () -> Conv2dForward.run(g, x, 0, weights, y, 0, null),
          blocked::run,
          plain::run);
    }
  }

  /** Times the candidate, the peers (the best counts) and the peak in turns. */
  private void measure(String name, double operations, Runnable ours, Runnable... peers) {
    int steps = 21_000;
    Runnable peak = () -> sink += Peak.run(steps);
    List<Runnable> all = new ArrayList<>(List.of(peak, ours));
    all.addAll(Arrays.asList(peers));
    int[] repeats = new int[all.size()];
    double[] best = new double[all.size()];
    Arrays.fill(best, Double.POSITIVE_INFINITY);
    for (int i = 0; i < repeats.length; i++) {
      warmUp(all.get(i), i == 0 ? 0.02 : first ? 5 : 0.25);
      double once = seconds(all.get(i), 2) / 2;
      repeats[i] = (int) Math.max(1, Math.min(100_000, TURN_SECONDS / once));
    }
    first = false;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < repeats.length; i++) {
        OnnxPeer.settle(threads);
        best[i] = Math.min(best[i], seconds(all.get(i), repeats[i]) / repeats[i]);
      }
    }
    double peer = Double.POSITIVE_INFINITY;
    for (int i = 2; i < best.length; i++) {
      peer = Math.min(peer, best[i]);
    }
    double peakRate = threads * Peak.operations(steps) / best[0];
    double rate = operations / best[1];
    Row row = new Row(name, rate / 1e9, rate / peakRate, operations / peer / 1e9);
    rows.add(row);
    System.out.printf(
        Locale.ROOT,
        "%-28s %9.1f %7.2f %9.1f %7.2f%n",
        row.name,
        row.gflops,
        row.share,
        row.peer,
        row.gflops / row.peer);
  }

  private void warmUp(Runnable work, double seconds) {
    long start = nanos();
    do {
      work.run();
    } while (nanos() - start < seconds * 1e9);
  }

  /** After one call that counts for nothing, so that the caches are the candidate's own. */
  private double seconds(Runnable work, int repeats) {
    work.run();
    long start = nanos();
    for (int i = 0; i < repeats; i++) {
      work.run();
    }
    return (nanos() - start) / 1e9;
  }

  /** Prints median and least of what has been measured since the last summary. */
  private void summary(String title) {
    if (!rows.isEmpty()) {
      List<Double> shares = rows.stream().map(Row::share).sorted().collect(Collectors.toList());
      List<Double> ratios =
          rows.stream().map(r -> r.gflops / r.peer).sorted().collect(Collectors.toList());
      System.out.printf(
          Locale.ROOT,
          "  %s: share of peak median %.2f, least %.2f; ratio to ONNX Runtime median %.2f, least"
              + " %.2f%n",
          title,
          shares.get(shares.size() / 2),
          shares.get(0),
          ratios.get(ratios.size() / 2),
          ratios.get(0));
      rows.clear();
    }
  }

  private long nanos() {
    return cpuClock
        ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()
        : System.nanoTime();
  }
}
