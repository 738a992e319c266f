package org.hcpl.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.train.cli.Range;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures speed on this machine. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    subcommands = HelpCommand.class,
    synopsisSubcommandLabel = "WHAT",
    commandListHeading = "%nWhat:%n",
    header = "Measures speed on this machine, beside ONNX Runtime.",
    description = {"", "Both run in the same process on the same numbers.", ""})
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "latency",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      sortSynopsis = false,
      description =
          "Whole networks on one image, eager: the ratio to ONNX Runtime first, then where our time goes.")
  int latency(
      @Option(
              names = "--models",
              split = ",",
              paramLabel = "NAME",
              defaultValue = "efficientnet_b0,efficientnet_b4,densenet121,densenet161,gapnet_pl",
              description = "Registered models (default: ${DEFAULT-VALUE}).")
          List<String> models,
      @Range(min = 1)
          @Option(
              names = "--size",
              paramLabel = "PIXELS",
              defaultValue = "224",
              description = "Height and width of the image (default: ${DEFAULT-VALUE}).")
          int size,
      @Range(min = 1, max = 1024)
          @Option(
              names = "--threads",
              paramLabel = "N",
              defaultValue = "1",
              description = "Threads of both (default: ${DEFAULT-VALUE}).")
          int threads,
      @Range(min = 0)
          @Option(
              names = "--warm-up",
              paramLabel = "SECONDS",
              defaultValue = "25",
              description =
                  "Of our side, for HotSpot to compile the kernels (default: ${DEFAULT-VALUE}).")
          double warmUp,
      @Range(min = 1)
          @Option(
              names = "--runs",
              paramLabel = "N",
              defaultValue = "60",
              description = "Runs of each after warming up (default: ${DEFAULT-VALUE}).")
          int runs,
      @Option(names = "--json", description = "Print the figures as JSON.") boolean json)
      throws JsonProcessingException {
    Parallel.setThreads(threads);
    PrintWriter out = spec.commandLine().getOut();
    if (!json) {
      out.printf(
          "%-28s %8s %10s %14s %10s   %s%n",
          "model at " + size + ", " + threads + " thr.",
          "ratio",
          "ours ms",
          "ONNX Rt. ms",
          "GFLOP/s",
          "our time by operation");
      out.flush();
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String model : models) {
      try (Latency latency = new Latency(model, size, threads)) {
        Latency.Result result = latency.measure(runs, warmUp);
        if (json) {
          rows.add(row(result, threads));
        } else {
          out.printf(
              Locale.ROOT,
              "%-28s %8.2f %10.2f %14.2f %10.1f   %s%n",
              model,
              result.ratio(),
              result.oursMillis(),
              result.peerMillis(),
              result.gflops(),
              profile(result));
          out.flush();
        }
      }
    }
    if (json) {
      out.println(
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(rows));
      out.flush();
    }
    return 0;
  }

  @Command(
      name = "kernels",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      sortSynopsis = false,
      description =
          "Matrix products and convolutions: GFLOP/s, share of what registers alone reach, and ONNX Runtime's.")
  int kernels(
      @Range(min = 1, max = 1024)
          @Option(
              names = "--threads",
              paramLabel = "N",
              defaultValue = "1",
              description = "Threads of both (default: ${DEFAULT-VALUE}).")
          int threads,
      @Range(min = 1)
          @Option(
              names = "--rounds",
              paramLabel = "N",
              defaultValue = "12",
              description = "Rounds of measuring (default: ${DEFAULT-VALUE}).")
          int rounds,
      @Option(
              names = "--only",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "Operations whose name contains it (default: all).")
          String only,
      @Option(
              names = "--clock",
              paramLabel = "WHICH",
              defaultValue = "wall",
              description =
                  "wall, or cpu for processor time of one thread (default: ${DEFAULT-VALUE}).")
          KernelReport.Clock clock) {
    new KernelReport(threads, rounds, clock).run(only);
    return 0;
  }

  @Command(
      name = "jmh",
      mixinStandardHelpOptions = true,
      description = "The JMH benchmarks; arguments are JMH's own, after --.")
  int jmh(
      @Parameters(
              arity = "0..*",
              paramLabel = "ARG",
              description = "A pattern of names and JMH's options; none runs all.")
          List<String> arguments)
      throws IOException {
    org.openjdk.jmh.Main.main(arguments == null ? new String[0] : arguments.toArray(String[]::new));
    return 0;
  }

  private static Map<String, Object> row(Latency.Result result, int threads) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("model", result.model());
    row.put("size", result.size());
    row.put("threads", threads);
    row.put("ratio", result.ratio());
    row.put("hcplMillis", result.oursMillis());
    row.put("onnxRuntimeMillis", result.peerMillis());
    row.put("gflops", result.gflops());
    row.put("multiplyAdds", result.multiplyAdds());
    row.put("runs", result.runs());
    row.put("profileMillis", result.profile());
    return row;
  }

  private static String profile(Latency.Result result) {
    double total = result.profile().values().stream().mapToDouble(Double::doubleValue).sum();
    List<String> parts = new ArrayList<>();
    result.profile().entrySet().stream()
        .limit(4)
        .forEach(
            e ->
                parts.add(
                    String.format(
                        Locale.ROOT, "%s %.0f%%", e.getKey(), 100 * e.getValue() / total)));
    return String.join(", ", parts);
  }
}
