package org.hcpl.tensor.spi;

/** A backend's answer to whether it can run an operation on given inputs. */
public sealed interface Support {
  /** By this kernel of its own. */
  record Native(Kernel kernel) implements Support {}

  /**
   * Not by a kernel, for this reason: the definition runs instead, or the host computes a
   * primitive.
   */
  record Composed(String reason) implements Support {}
}
