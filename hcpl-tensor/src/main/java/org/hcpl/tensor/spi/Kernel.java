package org.hcpl.tensor.spi;

import java.util.List;
import org.hcpl.tensor.Tensor;

/** Computes one operation on one backend. */
@FunctionalInterface
public interface Kernel {
  /**
   * Writes the whole output.
   *
   * @param inputs contiguous, on the kernel's backend
   * @param output contiguous, allocated, its content undefined; shares no buffer with an input
   */
  void run(List<Tensor> inputs, Tensor output);
}
