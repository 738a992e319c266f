package org.hcpl.train.cli;

import org.hcpl.tensor.cpu.Parallel;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** What every computing command takes. */
final class ComputeOptions {
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
      throw new CommandException("--threads " + threads + " (expected: >= 1)");
    }
    if (threads > 0) {
      Parallel.setThreads(threads);
    }
  }
}
