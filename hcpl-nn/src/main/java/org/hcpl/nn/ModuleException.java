package org.hcpl.nn;

import org.hcpl.tensor.TensorException;

/** An error inside a module; its message ends with the path to the layer that failed. */
public final class ModuleException extends TensorException {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final String layer;

  private ModuleException(String path, String layer, TensorException cause) {
    super(cause.getMessage() + "\nin layer: " + path + " (" + layer + ")", cause);
    this.path = path;
    this.layer = layer;
  }

  /** Where the error arose, such as {@code blocks.1.0.conv_dw}. */
  public String path() {
    return path;
  }

  /** Adds one name in front of the path; {@code name} is null for the outermost module. */
  static TensorException at(String name, Module module, TensorException error) {
    if (name == null) {
      return error;
    }
    return error instanceof ModuleException inner
        ? new ModuleException(
            name + "." + inner.path, inner.layer, (TensorException) inner.getCause())
        : new ModuleException(name, module.getClass().getSimpleName(), error);
  }
}
