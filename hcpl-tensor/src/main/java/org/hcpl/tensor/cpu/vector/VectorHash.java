package org.hcpl.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** A fast hash of the bits of many floats, to notice that an array has changed. */
public final class VectorHash {
  private static final VectorSpecies<Integer> S = IntVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  /** Odd, so that multiplying loses nothing: a change of one value always changes the hash. */
  private static final int FACTOR = 0x01000193;

  private VectorHash() {}

  /** A polynomial in every lane of four vectors, the lanes mixed at the end. */
  public static long of(float[] values, int offset, int count) {
    IntVector a = IntVector.broadcast(S, 1);
    IntVector b = IntVector.broadcast(S, 2);
    IntVector c = IntVector.broadcast(S, 3);
    IntVector d = IntVector.broadcast(S, 4);
    int i = 0;
    for (; i + 4 * L <= count; i += 4 * L) {
      int p = offset + i;
      a = a.mul(FACTOR).add(bits(values, p));
      b = b.mul(FACTOR).add(bits(values, p + L));
      c = c.mul(FACTOR).add(bits(values, p + 2 * L));
      d = d.mul(FACTOR).add(bits(values, p + 3 * L));
    }
    int[] lanes = new int[4 * L];
    a.intoArray(lanes, 0);
    b.intoArray(lanes, L);
    c.intoArray(lanes, 2 * L);
    d.intoArray(lanes, 3 * L);
    long hash = count;
    for (int lane : lanes) {
      hash = mix(hash, lane);
    }
    for (; i < count; i++) {
      hash = mix(hash, Float.floatToRawIntBits(values[offset + i]));
    }
    return hash;
  }

  private static IntVector bits(float[] values, int at) {
    return FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, values, at).reinterpretAsInts();
  }

  private static long mix(long hash, int value) {
    long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 32);
  }
}
