package org.hcpl.tensor.spi;

/** A kernel over Java arrays. */
@FunctionalInterface
public interface CpuKernel {
  /** Writes every value of {@code out}; must not write to an input. */
  void run(Span[] in, Span out);

  /** This kernel for a backend whose buffers are {@link HostBuffer}s. */
  default Kernel onTensors() {
    return (inputs, output) -> {
      Span[] in = new Span[inputs.size()];
      for (int i = 0; i < in.length; i++) {
        in[i] = Span.of(inputs.get(i));
      }
      run(in, Span.writable(output));
    };
  }
}
