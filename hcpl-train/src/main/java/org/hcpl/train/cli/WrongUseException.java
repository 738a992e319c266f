package org.hcpl.train.cli;

/** A command was used wrongly: an option out of its range, or one that does not apply. */
final class WrongUseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongUseException(String message) {
    super(message);
  }
}
