package org.hcpl.tensor;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import org.hcpl.tensor.cpu.CpuBackend;
import org.hcpl.tensor.spi.Backend;
import org.hcpl.tensor.spi.BackendProvider;

/**
 * The backends by name. New tensors live on the default one, {@code cpu} unless {@link #setDefault}
 * says otherwise.
 */
public final class Backends {
  private static final Map<String, Backend> KNOWN = new ConcurrentHashMap<>();
  private static final Backend CPU = CpuBackend.fast();
  private static final Backend REFERENCE = CpuBackend.reference();
  private static volatile Backend defaultBackend = CPU;

  private Backends() {}

  /** The fastest kernels for this processor. */
  public static Backend cpu() {
    return CPU;
  }

  /** Plain kernels in double precision: the oracle of tests. */
  public static Backend reference() {
    return REFERENCE;
  }

  public static Backend defaultBackend() {
    return defaultBackend;
  }

  public static void setDefault(Backend backend) {
    defaultBackend = backend;
  }

  /**
   * A backend by name: {@code cpu}, {@code reference}, or one of a {@link BackendProvider}.
   *
   * @throws TensorException if there is none, with the provider's reason
   */
  public static Backend named(String name) {
    if (name.equals(CPU.name())) {
      return CPU;
    }
    if (name.equals(REFERENCE.name())) {
      return REFERENCE;
    }
    return KNOWN.computeIfAbsent(name, Backends::load);
  }

  private static Backend load(String name) {
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      if (provider.name().equals(name)) {
        return provider
            .backend()
            .orElseThrow(
                () ->
                    new TensorException(
                        "backend " + name + ": not available: " + provider.reason()));
      }
    }
    throw new TensorException(
        "backend " + name + ": unknown (expected: cpu, reference, or one on the class path)");
  }
}
