package org.hcpl.nn.testing;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/** Every kind of case by the name of its operation in the file. */
final class LayerCases {
  private static final SequencedMap<String, LayerCase> CASES = new LinkedHashMap<>();

  static {
    OperationCases.addTo(CASES);
    NetworkCases.addTo(CASES);
    TrainingCases.addTo(CASES);
  }

  private LayerCases() {}

  /** The way to run it, or null. */
  static LayerCase find(String op) {
    return CASES.get(op);
  }

  static Set<String> names() {
    return CASES.keySet();
  }
}
