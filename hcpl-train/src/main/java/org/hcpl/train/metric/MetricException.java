package org.hcpl.train.metric;

/**
 * Predictions or truth that cannot be scored; the message names the file and line where there is
 * one, what is wrong and the cure.
 */
public class MetricException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MetricException(String message) {
    super(message);
  }

  public MetricException(String message, Throwable cause) {
    super(message, cause);
  }
}
