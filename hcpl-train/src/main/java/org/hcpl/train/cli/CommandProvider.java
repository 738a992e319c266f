package org.hcpl.train.cli;

/** Adds a subcommand from another module; found by {@link java.util.ServiceLoader}. */
public interface CommandProvider {
  /** An object with picocli's {@code @Command}. */
  Object command();
}
