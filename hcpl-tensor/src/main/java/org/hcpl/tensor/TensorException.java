package org.hcpl.tensor;

/**
 * Anything that a caller can get wrong with tensors; the message holds the values, the expectation
 * and often a cure.
 */
public class TensorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TensorException(String message) {
    super(message);
  }

  public TensorException(String message, Throwable cause) {
    super(message, cause);
  }
}
