package org.hcpl.train.cli;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Refuses numbers outside of the {@link Range} of their option. */
final class RangeCheck {
  private RangeCheck() {}

  /**
   * Checks the options that were given to a command.
   *
   * @throws WrongUseException naming the option, its value and the range
   */
  static void check(ParseResult given) {
    for (OptionSpec option : given.matchedOptions()) {
      Object value = option.getValue();
      for (Object each : value instanceof Collection<?> several ? several : List.of(value)) {
        if (each instanceof Number number) {
          check(option, number);
        }
      }
    }
  }

  private static void check(OptionSpec option, Number number) {
    double value = number.doubleValue();
    Range range =
        option.userObject() instanceof AnnotatedElement declared
            ? declared.getAnnotation(Range.class)
            : null;
    boolean fits =
        range == null
            || (value >= range.min()
                && value <= range.max()
                && (value > range.above() || range.above() == Double.NEGATIVE_INFINITY)
                && (value < range.below() || range.below() == Double.POSITIVE_INFINITY));
    if (!fits || !Double.isFinite(value)) {
      throw new WrongUseException(
          option.longestName() + " " + number + " (expected: " + text(range) + ")");
    }
  }

  private static String text(Range range) {
    List<String> limits = new ArrayList<>();
    if (range != null) {
      limit(limits, ">= ", range.min());
      limit(limits, "> ", range.above());
      limit(limits, "<= ", range.max());
      limit(limits, "< ", range.below());
    }
    return limits.isEmpty() ? "a finite number" : String.join(" and ", limits);
  }

  private static void limit(List<String> limits, String sign, double value) {
    if (Double.isFinite(value)) {
      limits.add(sign + (value == Math.rint(value) ? Long.toString((long) value) : "" + value));
    }
  }
}
