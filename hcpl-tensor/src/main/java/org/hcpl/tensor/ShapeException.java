package org.hcpl.tensor;

/** Shapes do not fit an operation. */
public class ShapeException extends TensorException {
  private static final long serialVersionUID = 1L;

  public ShapeException(String message) {
    super(message);
  }
}
