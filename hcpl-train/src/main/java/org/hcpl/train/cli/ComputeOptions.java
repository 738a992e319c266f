package org.hcpl.train.cli;

import org.hcpl.tensor.cpu.Parallel;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** What every computing command takes. */
final class ComputeOptions {
  @Range(min = 1, max = 1024)
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Processor cores to use (default: all).",
      defaultValue = "${sys:hcpl.threads:-0}",
      showDefaultValue = Visibility.NEVER)
  private int threads;

  /** Makes the choices hold for this process. */
  void apply() {
    if (threads < 0) {
      throw new WrongUseException("-Dhcpl.threads=" + threads + " (expected: >= 1)");
    }
    if (threads > 0) {
      Parallel.setThreads(threads);
    }
  }
}
