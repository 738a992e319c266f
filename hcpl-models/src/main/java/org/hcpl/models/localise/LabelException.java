package org.hcpl.models.localise;

/**
 * A label, or a table of labels, cannot be used; the message names the file and line, what is wrong
 * and the cure.
 */
public class LabelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LabelException(String message) {
    super(message);
  }

  public LabelException(String message, Throwable cause) {
    super(message, cause);
  }
}
