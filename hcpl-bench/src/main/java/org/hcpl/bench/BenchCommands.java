package org.hcpl.bench;

import org.hcpl.train.cli.CommandProvider;

/** Adds {@code hcpl bench}. */
public final class BenchCommands implements CommandProvider {
  @Override
  public Object command() {
    return new BenchCommand();
  }
}
