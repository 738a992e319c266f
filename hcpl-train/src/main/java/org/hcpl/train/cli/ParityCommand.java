package org.hcpl.train.cli;

import static org.hcpl.tensor.io.Words.count;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.hcpl.models.testing.ModelParity;
import org.hcpl.nn.testing.LayerParity;
import org.hcpl.scatter.testing.ScatteringParity;
import org.hcpl.tensor.testing.GoldenKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares layers, whole networks and scattering with reference numbers of other frameworks. */
@Command(
    name = "parity",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    sortSynopsis = false,
    header = "Compares networks with reference numbers of other frameworks.",
    description = {
      "",
      "Layers, whole networks and scattering. Weights and inputs are filled by a formula, so that the files hold numbers only. One line a file with the largest errors and PASS or FAIL;"
          + " the exit status is 0 if all pass.",
      ""
    },
    footer = {"", "Example:", "  hcpl parity golden/layers.json golden/models/*.json"})
final class ParityCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Reference files: layers.json, <model>.arch.json, <model>.<height>x<width>.json, training runs, scattering cases.")
  private List<Path> files;

  @Mixin private ComputeOptions compute;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    compute.apply();
    PrintWriter out = spec.commandLine().getOut();
    int failed = 0;
    for (Path file : files) {
      boolean passed;
      String line;
      try {
        GoldenKind kind = GoldenKind.of(file);
        if (kind == GoldenKind.LAYERS) {
          LayerParity.Report report = LayerParity.check(file);
          passed = report.passed();
          line = report.toString();
        } else if (kind == GoldenKind.SCATTERING) {
          ScatteringParity.Report report = ScatteringParity.check(file);
          passed = report.passed();
          line = report.toString();
        } else if (ModelParity.takes(kind)) {
          var report = ModelParity.check(file);
          passed = report.pass();
          line = report.toString();
        } else {
          passed = false;
          line = "FAIL " + file + ": no check for this kind of file (" + kind + ")";
        }
      } catch (RuntimeException e) {
        passed = false;
        line = "FAIL " + file + ": " + String.valueOf(e.getMessage()).replace('\n', ' ');
      }
      failed += passed ? 0 : 1;
      out.println(line);
      out.flush();
    }
    if (files.size() > 1) {
      out.printf(
          Locale.ROOT, "%d of %s passed%n", files.size() - failed, count(files.size(), "file"));
      out.flush();
    }
    return failed == 0 ? 0 : 1;
  }
}
