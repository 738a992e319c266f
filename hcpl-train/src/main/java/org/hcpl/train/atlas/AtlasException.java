package org.hcpl.train.atlas;

/** A synthetic atlas cannot be made or written; the message says what is wrong and the cure. */
public class AtlasException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AtlasException(String message) {
    super(message);
  }

  public AtlasException(String message, Throwable cause) {
    super(message, cause);
  }
}
