package org.hcpl.models.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a network compares with a file of reference numbers.
 *
 * @param file the file
 * @param model the key of its model, empty if the file could not be read
 * @param measures the comparisons that were made, with the largest error of each
 * @param problem why there was nothing to compare, or null
 */
public record ParityReport(Path file, String model, List<Measure> measures, String problem) {
  public ParityReport {
    measures = List.copyOf(measures);
  }

  /**
   * One comparison.
   *
   * @param name what was compared
   * @param error the largest error, NaN if it is not a number
   * @param tolerance the largest that passes
   * @param where the place of the largest error, empty if there is but one
   */
  public record Measure(String name, double error, double tolerance, String where) {
    public boolean pass() {
      return error <= tolerance;
    }

    @Override
    public String toString() {
      String text =
          error == 0 && tolerance == 0
              ? name + " exact"
              : String.format(Locale.ROOT, "%s %.1e <= %.1e", name, error, tolerance);
      if (!pass()) {
        text = String.format(Locale.ROOT, "%s %.3g > %.3g", name, error, tolerance);
      }
      return text + (where.isEmpty() ? "" : " at " + where);
    }
  }

  /** Whether everything was within its tolerance. */
  public boolean pass() {
    return problem == null && !measures.isEmpty() && measures.stream().allMatch(Measure::pass);
  }

  /** One line: {@code PASS} or {@code FAIL}, the file, and the errors or the problem. */
  @Override
  public String toString() {
    List<String> texts = new ArrayList<>();
    if (problem != null) {
      texts.add(problem.replace('\n', ' '));
    }
    measures.forEach(measure -> texts.add(measure.toString()));
    return (pass() ? "PASS " : "FAIL ") + file.getFileName() + ": " + String.join(", ", texts);
  }
}
