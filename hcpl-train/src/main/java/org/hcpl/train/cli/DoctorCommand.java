package org.hcpl.train.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.cpu.VectorSupport;
import org.hcpl.tensor.spi.BackendProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what this machine offers, what of it is used, and what is missing and why. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    sortSynopsis = false,
    header = "Says what this machine offers, and what is missing and why.",
    description = {
      "",
      "Java, cores, memory, the Vector API, other backends, and the speed of a matrix product.",
      ""
    })
final class DoctorCommand implements Callable<Integer> {
  private static final int PRODUCT = 1024;
  private static final long LEAST_NANOS = 3_000_000_000L;
  private static final long MOST_NANOS = 10_000_000_000L;

  @Mixin private ComputeOptions compute;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    compute.apply();
    Runtime runtime = Runtime.getRuntime();
    line(
        "Java",
        "ok",
        System.getProperty("java.vm.name")
            + " "
            + System.getProperty("java.runtime.version")
            + ", "
            + System.getProperty("java.home"));
    line(
        "System",
        "ok",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", "
            + System.getProperty("os.arch"));
    line(
        "Cores",
        "ok",
        runtime.availableProcessors() + " available, " + Parallel.threads() + " used");
    long heap = runtime.maxMemory() >> 20;
    line(
        "Memory",
        heap >= 2048 ? "ok" : "low",
        heap
            + " MiB for Java"
            + (heap >= 2048
                ? ""
                : " (help: start with -Xmx4g; networks on full images want 2 GiB or more)"));
    line(
        "Vector API",
        VectorSupport.available() ? "ok" : "off",
        VectorSupport.reason().orElse("in use")
            + (VectorSupport.available() ? "" : "; everything works, slower"));
    line(
        "Matrix product",
        "ok",
        String.format(
            Locale.ROOT,
            "%.0f GFLOP/s (float32, %d x %d, %d threads)",
            gflops(),
            PRODUCT,
            PRODUCT,
            Parallel.threads()));
    boolean devices = false;
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      devices = true;
      line(provider.name(), provider.backend().isPresent() ? "ok" : "off", provider.reason());
    }
    if (!devices) {
      line("GPU", "off", "this build computes on the CPU alone");
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    line(
        "Temporary files",
        Files.isWritable(temporary) ? "ok" : "bad",
        temporary
            + (Files.isWritable(temporary)
                ? " is writable"
                : " is not writable (help: -Djava.io.tmpdir=DIR)"));
    return 0;
  }

  private void line(String what, String state, String detail) {
    spec.commandLine().getOut().printf("%-16s %-4s %s%n", what, state, detail);
    spec.commandLine().getOut().flush();
  }

  /** The best of products until none was faster for a while: HotSpot takes seconds to warm up. */
  private static double gflops() {
    Tensor a = Rng.of(1).uniform(Shape.of(PRODUCT, PRODUCT), -1, 1);
    double best = Double.MAX_VALUE;
    long begin = System.nanoTime();
    long improved = begin;
    long now = begin;
    try (Grad.Mode mode = Grad.off()) {
      while (now - begin < LEAST_NANOS
          || now - improved < LEAST_NANOS / 2 && now - begin < MOST_NANOS) {
        try (Scope scope = Scope.open()) {
          a.matmul(a);
        }
        long end = System.nanoTime();
        if (end - now < 0.95 * best) {
          best = end - now;
          improved = end;
        }
        now = end;
      }
    }
    return 2.0 * PRODUCT * PRODUCT * PRODUCT / best;
  }
}
