package org.hcpl.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.hcpl.tensor.cpu.Parallel;

/**
 * One step of training EfficientNet-B0 beside libtorch: the ratio first, then milliseconds a step
 * and images a second of both, then where our time goes.
 *
 * <p>The two start from the same weights and take their steps in turns within one process, so that
 * what else the machine does hits both alike; {@link LibtorchAgreement} checks first that they
 * agree. Processor time, of all threads of the process, is given beside wall time, since a busy
 * machine stretches the latter. Arguments: {@code --threads N} (1), {@code --steps N} (10), {@code
 * --warmup N} (4), {@code --batch N} (16), {@code --size PIXELS} (128).
 */
public final class TrainingStepReport {
  private static final String MODEL = "efficientnet_b0";

  private static final int PROFILED = 3;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private TrainingStepReport() {}

  /** Wall and processor time of steps, in milliseconds. */
  private static final class Times {
    private final double[] wall;
    private final double[] processor;

    Times(int steps) {
      wall = new double[steps];
      processor = new double[steps];
    }

    void measure(int i, DoubleSupplier step) {
      long cpu = SYSTEM.getProcessCpuTime();
      long start = System.nanoTime();
      double unused = step.getAsDouble();
      wall[i] = (System.nanoTime() - start) / 1e6;
      processor[i] = (SYSTEM.getProcessCpuTime() - cpu) / 1e6;
    }

    static double median(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      return sorted[sorted.length / 2];
    }
  }

  /** Prints the report. */
  public static void main(String[] args) {
    int threads = 1;
    int steps = 10;
    int warmUp = 4;
    int batch = 16;
    int size = 128;
    for (int i = 0; i + 1 < args.length; i += 2) {
      int value = Integer.parseInt(args[i + 1]);
      switch (args[i]) {
        case "--threads" -> threads = value;
        case "--steps" -> steps = value;
        case "--warmup" -> warmUp = value;
        case "--batch" -> batch = value;
        case "--size" -> size = value;
        default ->
            throw new IllegalArgumentException(
                "training step: "
                    + args[i]
                    + " (expected: --threads, --steps, --warmup, --batch or --size)");
      }
    }
    Parallel.setThreads(threads);
    TrainingStep ours = new TrainingStep(MODEL, batch, size);
    try (LibtorchStep peer = LibtorchStep.inFloat(ours, threads)) {
      List<String> agreement = LibtorchAgreement.check(ours, peer, threads);
      for (int i = 0; i < warmUp; i++) {
        ours.run();
        peer.run();
      }
      Times mine = new Times(steps);
      Times its = new Times(steps);
      for (int i = 0; i < steps; i++) {
        mine.measure(i, ours::run);
        its.measure(i, peer::run);
      }
      print(batch, size, threads, steps, mine, its);
      agreement.forEach(System.out::println);
    }
    print(ours.profile(PROFILED));
  }

  private static void print(int batch, int size, int threads, int steps, Times mine, Times its) {
    double wall = Times.median(mine.wall);
    double peerWall = Times.median(its.wall);
    double processor = Times.median(mine.processor);
    double peerProcessor = Times.median(its.processor);
    System.out.printf(
        Locale.ROOT,
        "ratio %.2f wall, %.2f processor time (libtorch's over ours; above 1 we are faster)%n",
        peerWall / wall,
        peerProcessor / processor);
    System.out.printf(
        Locale.ROOT,
        "batch %d at %dx%dx%d, %d threads, median of %d steps in turns%n",
        batch,
        size,
        size,
        TrainingStep.CHANNELS,
        threads,
        steps);
    System.out.printf(
        Locale.ROOT, "%-9s %12s %12s %10s%n", "", "ms a step", "ms of CPU", "images/s");
    row("ours", wall, processor, batch);
    row("libtorch", peerWall, peerProcessor, batch);
  }

  private static void row(String name, double wall, double processor, int batch) {
    System.out.printf(
        Locale.ROOT, "%-9s %12.1f %12.1f %10.1f%n", name, wall, processor, 1e3 * batch / wall);
  }

  private static void print(TrainingStep.Profile profile) {
    System.out.println("our milliseconds a step:");
    profile.parts().forEach(TrainingStepReport::line);
    operations("forward", profile.forward());
    operations("backward", profile.backward());
  }

  private static void operations(String part, Map<String, Double> millis) {
    System.out.println(part + " by operation:");
    double total = millis.values().stream().mapToDouble(Double::doubleValue).sum();
    for (Map.Entry<String, Double> entry : millis.entrySet()) {
      if (entry.getValue() > 0.005 * total) {
        line(entry.getKey(), entry.getValue());
      }
    }
  }

  private static void line(String name, double millis) {
    System.out.printf(Locale.ROOT, "  %-36s %10.1f%n", name, millis);
  }
}
