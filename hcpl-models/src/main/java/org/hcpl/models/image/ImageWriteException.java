package org.hcpl.models.image;

/**
 * A picture cannot be written: the disk is full, or the folder is gone or closed to us. No fault of
 * the image, so that a batch ends here instead of blaming one image after the other.
 */
public final class ImageWriteException extends ImageException {
  private static final long serialVersionUID = 1L;

  public ImageWriteException(String message, Throwable cause) {
    super(message, cause);
  }
}
