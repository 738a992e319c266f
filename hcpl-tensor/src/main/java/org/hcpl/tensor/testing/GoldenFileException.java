package org.hcpl.tensor.testing;

import java.nio.file.Path;

/** A file of reference numbers that is missing or does not have the expected form. */
public final class GoldenFileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * An error about {@code file}.
   *
   * @param problem what is wrong, with values
   * @param help the likely cure
   */
  public GoldenFileException(Path file, String problem, String help) {
    super("golden: " + file + ": " + problem + "\nhelp: " + help);
  }
}
