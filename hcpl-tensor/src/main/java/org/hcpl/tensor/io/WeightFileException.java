package org.hcpl.tensor.io;

import java.io.Serial;
import java.nio.file.Path;

/**
 * A file of weights or arrays that cannot be read or written: which file, what is wrong and what
 * helps.
 */
public final class WeightFileException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * An error about {@code file}.
   *
   * @param problem what is wrong, with values
   * @param help the likely cure
   */
  public WeightFileException(Path file, String problem, String help) {
    this(file, problem, help, null);
  }

  /**
   * An error about {@code file} with its cause.
   *
   * @param problem what is wrong, with values
   * @param help the likely cure
   * @param cause what was thrown below; may be null
   */
  public WeightFileException(Path file, String problem, String help, Throwable cause) {
    super("weights: " + file + ": " + problem + "\nhelp: " + help, cause);
  }
}
