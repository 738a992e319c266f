package org.hcpl.tensor.spi;

/**
 * A run of float32 values in a backend's memory. Tensors that are views of one another share a
 * buffer.
 */
public interface Buffer {
  Backend backend();

  /** The number of values. */
  int size();

  /** Gives the memory back; using the buffer afterwards is an error. Idempotent. */
  void release();
}
