package org.hcpl.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.hcpl.tensor.cpu.Parallel;

/**
 * A plain copy by loads and stores of whole vectors: the rate at which memory serves code written
 * in Java. {@link System#arraycopy} is faster for large arrays, presumably as it writes them past
 * the caches, which no other Java code can.
 */
final class CopyLoop {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int GRAIN = 1 << 16;

  private CopyLoop() {}

  /** Copies an array to another of the same size, on all threads. */
  static void run(float[] from, float[] to) {
    int lanes = SPECIES.length();
    int whole = from.length / lanes;
    Parallel.forRange(
        whole, GRAIN / lanes, (start, end) -> vectors(from, to, start * lanes, end * lanes));
    System.arraycopy(from, whole * lanes, to, whole * lanes, from.length - whole * lanes);
  }

  private static void vectors(float[] from, float[] to, int start, int end) {
    for (int i = start; i < end; i += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, from, i).intoArray(to, i);
    }
  }
}
