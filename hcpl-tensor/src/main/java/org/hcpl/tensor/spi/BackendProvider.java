package org.hcpl.tensor.spi;

import java.util.Optional;

/**
 * Found by {@link java.util.ServiceLoader}; says whether its backend can be used on this machine.
 */
public interface BackendProvider {
  /** The name by which {@code Backends.named} finds it. */
  String name();

  /** The backend, or empty with {@link #reason()} telling why there is none. */
  Optional<Backend> backend();

  /** Why there is no backend, or a line about the one there is. */
  String reason();
}
