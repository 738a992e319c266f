package org.hcpl.tensor.spi;

/** A buffer whose values lie in a Java array. */
public interface HostBuffer extends Buffer {
  /**
   * The values, not a copy.
   *
   * @throws org.hcpl.tensor.TensorException if the buffer was released
   */
  float[] array();
}
