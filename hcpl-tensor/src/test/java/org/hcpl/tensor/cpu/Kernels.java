package org.hcpl.tensor.cpu;

import java.util.List;
import java.util.stream.Stream;

/** The micro-kernels this virtual machine can run. */
final class Kernels {
  private Kernels() {}

  static Stream<MicroKernel> all() {
    MicroKernel plain = new PlainMicroKernel();
    return VectorSupport.available()
        ? Stream.of(plain, MicroKernel.best())
        : List.of(plain).stream();
  }
}
