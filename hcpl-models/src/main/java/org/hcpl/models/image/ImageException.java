package org.hcpl.models.image;

/**
 * An image, or a file that should hold one, cannot be used; the message names it, what is wrong and
 * the cure.
 */
public class ImageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ImageException(String message) {
    super(message);
  }

  public ImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
