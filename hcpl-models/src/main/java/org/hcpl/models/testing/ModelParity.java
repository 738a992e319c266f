package org.hcpl.models.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hcpl.models.ModelException;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.Models;
import org.hcpl.models.testing.ParityReport.Measure;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.testing.GoldenFileException;
import org.hcpl.tensor.testing.GoldenFiles;
import org.hcpl.tensor.testing.GoldenKind;
import org.hcpl.tensor.testing.GoldenModel;
import org.hcpl.tensor.testing.GoldenRun;
import org.hcpl.tensor.testing.GoldenTrain;

/**
 * Compares registered networks with reference numbers of timm's: architectures ({@code
 * KEY.arch.json}), outputs in evaluation mode ({@code KEY.HxW.json}) and training steps ({@code
 * KEY.HxW.bB.json}), whose weights are filled by formula. What a file holds is told by its fields;
 * the architecture that the other two need is looked for beside them, in {@code ../models} and in
 * the folder of reference numbers.
 */
public final class ModelParity {
  /** Whether {@link #check} takes files of that kind. */
  public static boolean takes(GoldenKind kind) {
    return kind == GoldenKind.ARCHITECTURE || kind == GoldenKind.RUN || kind == GoldenKind.TRAINING;
  }

  private ModelParity() {}

  /** Compares; whatever goes wrong is in the report. */
  public static ParityReport check(Path file) {
    String model = "";
    try (Scope scope = Scope.open()) {
      switch (GoldenKind.of(file)) {
        case ARCHITECTURE -> {
          GoldenModel golden = GoldenModel.read(file);
          model = golden.key();
          return report(file, model, architecture(golden));
        }
        case RUN -> {
          GoldenRun golden = GoldenRun.read(file);
          model = golden.key();
          return report(file, model, run(golden, architectureOf(file, model)));
        }
        case TRAINING -> {
          GoldenTrain golden = GoldenTrain.read(file);
          model = golden.key();
          return report(file, model, train(golden, architectureOf(file, model)));
        }
        default ->
            throw new ModelException(
                "holds no numbers of a network (expected: an architecture, outputs or a training step)");
      }
    } catch (GoldenFileException | ModelException | TensorException error) {
      return new ParityReport(file, model, List.of(), error.getMessage());
    }
  }

  private static ParityReport report(Path file, String model, List<Measure> measures) {
    return new ParityReport(file, model, measures, null);
  }

  private static GoldenModel architectureOf(Path file, String key) {
    Path name = Path.of(key + ".arch.json");
    Path folder = file.toAbsolutePath().getParent();
    for (Path candidate :
        List.of(folder.resolve(name), folder.resolveSibling("models").resolve(name))) {
      if (Files.isRegularFile(candidate)) {
        return GoldenModel.read(candidate);
      }
    }
    Path shared = GoldenFiles.arch(key);
    if (!Files.isRegularFile(shared)) {
      throw new ModelException(
          "no " + name + " beside the file, in ../models or in " + shared.getParent());
    }
    return GoldenModel.read(shared);
  }

  // ---- architecture ----------------------------------------------------------------------------

  private static List<Measure> architecture(GoldenModel golden) {
    Module network = filled(golden);
    List<Measure> measures = new ArrayList<>();
    measures.add(
        new Measure("names and shapes of " + golden.entries().size() + " entries", 0, 0, ""));
    measures.add(equal("parameters", network.parameterCount(), golden.parameters()));
    Module published = create(golden, 3, 1000);
    measures.add(
        equal("published parameters", published.parameterCount(), golden.publishedParameters()));
    measures.addAll(checksum(golden));
    golden
        .macs()
        .forEach(
            (size, expected) -> {
              String[] sides = size.split("x");
              int height = Integer.parseInt(sides[0]);
              int width = Integer.parseInt(sides[1]);
              measures.add(
                  equal(
                      "multiply-adds at " + size,
                      macs(network, golden.inputChannels(), height, width),
                      expected));
            });
    return measures;
  }

  private static long macs(Module network, int channels, int height, int width) {
    network.eval();
    try (Scope scope = Scope.open();
        Grad.Mode mode = Grad.off()) {
      Tensor image = Tensor.zeros(1, height, width, channels);
      return MultiplyAdds.of(() -> network.apply(image));
    }
  }

  /** The sums are compared to the digits that the file has of them: 9 and 12. */
  private static List<Measure> checksum(GoldenModel golden) {
    long count = 0;
    double sum = 0;
    double absSum = 0;
    for (float[] values : golden.fillAll().values()) {
      count += values.length;
      for (float value : values) {
        sum += value;
        absSum += Math.abs(value);
      }
    }
    GoldenModel.FillChecksum expected = golden.fill();
    return List.of(
        equal("filled values", count, expected.values()),
        new Measure("fill sum", relative(sum, expected.sum()), 1e-8, ""),
        new Measure("fill magnitude", relative(absSum, expected.absSum()), 1e-11, ""));
  }

  private static Measure equal(String name, long actual, long expected) {
    return new Measure(
        name,
        Math.abs(actual - expected),
        0,
        actual == expected ? "" : actual + " (expected: " + expected + ")");
  }

  private static double relative(double actual, double expected) {
    return Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  }

  // ---- shared ----------------------------------------------------------------------------------

  private static Module create(GoldenModel golden, int channels, int classes) {
    return Models.create(
        golden.registryName(), ModelOptions.of(channels, classes).settings(golden.options()));
  }

  /** The network of an architecture, filled. */
  private static Module filled(GoldenModel golden) {
    Module network = create(golden, golden.inputChannels(), golden.classes());
    GoldenWeights.fill(network, golden);
    return network;
  }

  private static List<Measure> run(GoldenRun golden, GoldenModel architecture) {
    return EvalParity.run(filled(architecture), golden, architecture);
  }

  private static List<Measure> train(GoldenTrain golden, GoldenModel architecture) {
    return TrainParity.run(filled(architecture), golden, architecture);
  }
}
