package org.hcpl.models;

/**
 * A model cannot be made, loaded or used as asked; the message says with values why, and the cure.
 */
public class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelException(String message) {
    super(message);
  }

  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
