package org.hcpl.nn.testing;

/** How one kind of case is run with this library. */
@FunctionalInterface
interface LayerCase {
  void run(LayerRun run);
}
