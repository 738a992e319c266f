package org.hcpl.nn;

import java.util.List;
import org.hcpl.tensor.Shape;

/**
 * What came of loading weights; all names in state-dict order, shapes as they lie on disk.
 *
 * @param loaded entries that were taken over
 * @param missing entries of the module that the weights do not have
 * @param unexpected entries of the weights that the module does not have
 * @param misfits entries whose shapes differ
 */
public record LoadReport(
    List<String> loaded, List<String> missing, List<String> unexpected, List<Misfit> misfits) {
  private static final int SHOWN = 5;

  public LoadReport {
    loaded = List.copyOf(loaded);
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
    misfits = List.copyOf(misfits);
  }

  /** An entry whose shapes differ. */
  public record Misfit(String name, Shape found, Shape expected) {
    @Override
    public String toString() {
      return name + " " + found + " instead of " + expected;
    }
  }

  /** Whether every entry of both sides fitted. */
  public boolean complete() {
    return missing.isEmpty() && unexpected.isEmpty() && misfits.isEmpty();
  }

  /** One line: counts and the first names of each kind. */
  @Override
  public String toString() {
    return loaded.size()
        + " fit"
        + part("missing", missing)
        + part("unexpected", unexpected)
        + part("of another shape", misfits);
  }

  private static String part(String what, List<?> names) {
    if (names.isEmpty()) {
      return "";
    }
    String first = String.join(", ", names.stream().limit(SHOWN).map(Object::toString).toList());
    return ", "
        + names.size()
        + " "
        + what
        + " ("
        + first
        + (names.size() > SHOWN ? ", ...)" : ")");
  }
}
