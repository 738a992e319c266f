package org.hcpl.scatter.testing;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.hcpl.scatter.MorletBank;
import org.hcpl.scatter.Scattering;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.testing.GoldenScattering;

/**
 * Compares filters and outputs of the scattering transform with a file of reference numbers, which
 * come from double precision and have 9 digits.
 *
 * <p>Filters, computed in double here too, are compared to those digits, half a unit of the last
 * and a little for sums. Outputs are rounded to float32, by at most half a unit in the last place;
 * the tolerance is one unit, {@value #OUTPUT_TOLERANCE} of the value, which leaves as much again
 * for the digits of the file.
 */
public final class ScatteringParity {
  static final double FILTER_TOLERANCE = 6e-9;
  static final double OUTPUT_TOLERANCE = 0x1p-23;

  /** Below this part of its channel's mean magnitude an output is compared absolutely. */
  private static final double SMALL = 1e-2;

  private ScatteringParity() {}

  /**
   * How a file compares.
   *
   * @param file the file
   * @param filters how many filters were compared
   * @param filterError the largest error of a filter, relative to values above 1; infinite if a
   *     filter's shape is another
   * @param channels how many output channels were compared
   * @param outputError the largest relative error of an output or of a channel's mean; infinite if
   *     the output's shape is another
   */
  public record Report(
      Path file, int filters, double filterError, int channels, double outputError) {
    public boolean passed() {
      return filterError <= FILTER_TOLERANCE && outputError <= OUTPUT_TOLERANCE;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s %s: %d filters %.1e (tolerance %.1e), %d channels %.1e (tolerance %.1e, relative)",
          passed() ? "PASS" : "FAIL",
          file.getFileName(),
          filters,
          filterError,
          FILTER_TOLERANCE,
          channels,
          outputError,
          OUTPUT_TOLERANCE);
    }
  }

  /**
   * Compares a file.
   *
   * @throws org.hcpl.tensor.testing.GoldenFileException if it holds no scattering case
   */
  public static Report check(Path file) {
    GoldenScattering golden = GoldenScattering.read(file);
    return new Report(
        file,
        golden.filters().size(),
        filterError(golden),
        golden.channels().size(),
        outputError(golden));
  }

  // ---- filters ---------------------------------------------------------------------------------

  private static double filterError(GoldenScattering golden) {
    int[] grid = golden.padded();
    MorletBank bank = MorletBank.of(grid[0], grid[1], golden.scales(), golden.angles());
    double worst = 0;
    for (GoldenScattering.Filter filter : golden.filters()) {
      double[] values =
          filter.kind().equals("phi")
              ? bank.phi(filter.level())
              : bank.psi(filter.scale(), filter.angle(), filter.level());
      worst = largest(worst, filterError(filter, values));
    }
    return worst;
  }

  private static double filterError(GoldenScattering.Filter filter, double[] values) {
    if (values.length != filter.shape()[0] * filter.shape()[1]) {
      return Double.POSITIVE_INFINITY;
    }
    double absSum = 0;
    double squares = 0;
    for (double value : values) {
      absSum += Math.abs(value);
      squares += value * value;
    }
    double worst = error(Arrays.stream(values).sum(), filter.sum());
    worst = largest(worst, error(absSum, filter.absSum()));
    worst = largest(worst, error(Math.sqrt(squares), filter.l2()));
    // Where two frequencies share the largest value, either may be listed.
    worst = largest(worst, error(values[filter.argMax()], filter.max()));
    worst = largest(worst, error(Arrays.stream(values).max().orElseThrow(), filter.max()));
    for (int i = 0; i < filter.indices().length; i++) {
      worst = largest(worst, error(values[filter.indices()[i]], filter.values()[i]));
    }
    return worst;
  }

  private static double error(double actual, double expected) {
    return Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  }

  // ---- outputs ---------------------------------------------------------------------------------

  private static double outputError(GoldenScattering golden) {
    int[] shape = golden.outputShape();
    int batch = shape[0];
    int paths = shape[1];
    float[] out;
    try (Scope scope = Scope.open()) {
      Tensor x =
          Tensor.of(golden.input().values(), Shape.of(batch, golden.height(), golden.width(), 1));
      Tensor y = Scattering.of(x, golden.scales(), golden.angles(), golden.maxOrder());
      if (!y.shape().equals(Shape.of(batch, shape[2], shape[3], paths))) {
        return Double.POSITIVE_INFINITY;
      }
      out = y.toArray();
    }
    double worst = 0;
    for (GoldenScattering.Channel channel : golden.channels()) {
      worst = largest(worst, outputError(channel, out, paths));
    }
    return worst;
  }

  private static double outputError(GoldenScattering.Channel channel, float[] out, int paths) {
    int pixels = out.length / paths;
    double sum = 0;
    double absSum = 0;
    for (int i = 0; i < pixels; i++) {
      sum += out[i * paths + channel.index()];
      absSum += Math.abs(out[i * paths + channel.index()]);
    }
    double size = channel.absMean();
    double worst = Math.abs(sum / pixels - channel.mean()) / size;
    worst = largest(worst, Math.abs(absSum / pixels - size) / size);
    for (int i = 0; i < channel.indices().length; i++) {
      double expected = channel.values()[i];
      double actual = out[channel.indices()[i] * paths + channel.index()];
      double scale = Math.max(Math.abs(expected), SMALL * size);
      worst = largest(worst, Math.abs(actual - expected) / scale);
    }
    return worst;
  }

  /** The larger, infinite if the new one is not a number. */
  private static double largest(double worst, double error) {
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
  }
}
