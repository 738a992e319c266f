package org.hcpl.tensor.spi;

/** A buffer whose values lie in a Java array. */
public interface HostBuffer extends Buffer {
  /**
   * The values to be read, not a copy. Whoever writes asks for {@link #writable}.
   *
   * @throws org.hcpl.tensor.TensorException if the buffer was released
   */
  float[] array();

  /**
   * The same array, about to be written to; {@link #version} is another from now on. To be asked
   * for anew before each time of writing.
   *
   * @throws org.hcpl.tensor.TensorException if the buffer was released
   */
  float[] writable();

  /**
   * Stands for the present content: two versions of any buffers are equal only where the contents
   * are, and what is written later has the greater one. What was computed from a buffer, as packed
   * weights or a result that is to be differentiated, holds as long as the version does.
   */
  long version();
}
