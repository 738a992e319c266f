package org.hcpl.nn.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.testing.GoldenLayers;

/**
 * Runs the cases of a file of layer reference numbers through this library's operations, layers,
 * losses, optimisers and schedules, and compares outputs, gradients and updated buffers.
 *
 * <p>The tolerance of an array is {@value #MARGIN} times the largest change of any of its values
 * over {@value #TRIALS} runs whose inputs and output weights differ by up to one unit in the last
 * place of float32, plus two such units of its largest value. That is what float32 inputs and
 * intermediate results cannot resolve: large where the case is badly conditioned, a few units in
 * the last place where it is not. Cases computed in double (schedules) are compared to 1e-11, as
 * the file has 12 digits.
 */
public final class LayerParity {
  private static final double MARGIN = 4;
  private static final int TRIALS = 8;
  private static final double UNIT = 0x1p-23;

  private LayerParity() {}

  /**
   * The comparison of one array.
   *
   * @param array {@code CASE ARRAY}, such as {@code conv2d/k3s1p1 grad x}
   * @param error the largest absolute difference; infinite if a value is not finite or the sizes
   *     differ
   * @param tolerance what is allowed
   */
  public record Comparison(String array, double error, double tolerance) {
    public boolean passed() {
      return error <= tolerance;
    }

    /** The error as a part of the tolerance. */
    public double ratio() {
      return error == 0 ? 0 : error / tolerance;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s: %.2g (tolerance %.2g)", array, error, tolerance);
    }
  }

  /** The comparisons of a whole file. */
  public record Report(Path file, int cases, List<Comparison> comparisons) {
    public boolean passed() {
      return comparisons.stream().allMatch(Comparison::passed);
    }

    /** The comparisons that failed. */
    public List<Comparison> failures() {
      return comparisons.stream().filter(comparison -> !comparison.passed()).toList();
    }

    /** One line: counts, the largest error as a part of its tolerance, PASS or FAIL. */
    @Override
    public String toString() {
      Comparison worst = null;
      for (Comparison comparison : comparisons) {
        if (worst == null || comparison.ratio() > worst.ratio()) {
          worst = comparison;
        }
      }
      return file.getFileName()
          + ": "
          + cases
          + " cases, "
          + comparisons.size()
          + " arrays, worst "
          + worst
          + ", "
          + (passed() ? "PASS" : "FAIL (" + failures().size() + " arrays)");
    }
  }

  /** Runs every case of a file. */
  public static Report check(Path file) {
    GoldenLayers layers = GoldenLayers.read(file);
    List<Comparison> comparisons = new ArrayList<>();
    layers.cases().forEach(golden -> comparisons.addAll(check(golden)));
    return new Report(file, layers.cases().size(), comparisons);
  }

  /**
   * Runs one case.
   *
   * @throws TensorException if its operation is unknown here
   */
  public static List<Comparison> check(GoldenLayers.Case golden) {
    LayerRun exact = run(golden, null);
    Map<String, Double> spread = new HashMap<>();
    Rng noise = Rng.of(1).split(golden.name());
    for (int trial = 0; exact.usesFloats() && trial < TRIALS; trial++) {
      LayerRun other = run(golden, noise);
      exact
          .results()
          .forEach(
              (name, result) ->
                  spread.merge(
                      name,
                      largestDifference(result.found(), other.results().get(name).found()),
                      Math::max));
    }
    List<Comparison> comparisons = new ArrayList<>();
    exact
        .results()
        .forEach(
            (name, result) -> {
              double largest = 0;
              for (double value : result.expected()) {
                largest = Math.max(largest, Math.abs(value));
              }
              double tolerance =
                  exact.usesFloats()
                      ? MARGIN * spread.get(name) + 2 * UNIT * largest
                      : 1e-11 * largest;
              comparisons.add(
                  new Comparison(
                      golden.name() + " " + name,
                      largestDifference(result.found(), result.expected()),
                      tolerance));
            });
    return comparisons;
  }

  private static LayerRun run(GoldenLayers.Case golden, Rng noise) {
    LayerRun run = new LayerRun(golden, noise, UNIT);
    LayerCase layerCase = LayerCases.find(golden.op());
    if (layerCase == null) {
      throw new TensorException(
          "parity: case "
              + golden.name()
              + " of unknown operation '"
              + golden.op()
              + "' (expected one of: "
              + LayerCases.names()
              + ")");
    }
    try (Scope scope = Scope.open()) {
      layerCase.run(run);
    }
    return run;
  }

  private static double largestDifference(double[] a, double[] b) {
    if (a.length != b.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = Math.abs(a[i] - b[i]);
      largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    return largest;
  }
}
