package org.hcpl.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Single row of 1 x three (two, one) vectors of C: see {@link VectorMicroKernel} for the contract.
 */
final class Tile1 {
  private static final VectorSpecies<Float> SPECIES = VectorMicroKernel.SPECIES;
  private static final int LANES = SPECIES.length();

  private Tile1() {}

  static void three(
      int k,
      float[] a,
      int[] aRows,
      int first,
      float[] b,
      int bOff,
      float[] start,
      int startOff,
      float[] to,
      int[] toRows,
      int toFirst,
      int toColumn) {
    int a0 = aRows[first];
    FloatVector s0x = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s0y = FloatVector.fromArray(SPECIES, start, startOff + LANES);
    FloatVector s0z = FloatVector.fromArray(SPECIES, start, startOff + 2 * LANES);
    for (int p = 0; p < k; p++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bOff + p * (3 * LANES));
      FloatVector by = FloatVector.fromArray(SPECIES, b, bOff + p * (3 * LANES) + LANES);
      FloatVector bz = FloatVector.fromArray(SPECIES, b, bOff + p * (3 * LANES) + 2 * LANES);
      FloatVector v = FloatVector.broadcast(SPECIES, a[a0 + p]);
      s0x = v.fma(bx, s0x);
      s0y = v.fma(by, s0y);
      s0z = v.fma(bz, s0z);
    }
    int t0 = toRows[toFirst] + toColumn;
    s0x.intoArray(to, t0);
    s0y.intoArray(to, t0 + LANES);
    s0z.intoArray(to, t0 + 2 * LANES);
  }

  static void two(
      int k,
      float[] a,
      int[] aRows,
      int first,
      float[] b,
      int bOff,
      float[] start,
      int startOff,
      float[] to,
      int[] toRows,
      int toFirst,
      int toColumn) {
    int a0 = aRows[first];
    FloatVector s0x = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s0y = FloatVector.fromArray(SPECIES, start, startOff + LANES);
    for (int p = 0; p < k; p++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bOff + p * (2 * LANES));
      FloatVector by = FloatVector.fromArray(SPECIES, b, bOff + p * (2 * LANES) + LANES);
      FloatVector v = FloatVector.broadcast(SPECIES, a[a0 + p]);
      s0x = v.fma(bx, s0x);
      s0y = v.fma(by, s0y);
    }
    int t0 = toRows[toFirst] + toColumn;
    s0x.intoArray(to, t0);
    s0y.intoArray(to, t0 + LANES);
  }

  static void one(
      int k,
      float[] a,
      int[] aRows,
      int first,
      float[] b,
      int bOff,
      float[] start,
      int startOff,
      float[] to,
      int[] toRows,
      int toFirst,
      int toColumn) {
    int a0 = aRows[first];
    FloatVector s0x = FloatVector.fromArray(SPECIES, start, startOff);
    for (int p = 0; p < k; p++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bOff + p * LANES);
      s0x = FloatVector.broadcast(SPECIES, a[a0 + p]).fma(bx, s0x);
    }
    s0x.intoArray(to, toRows[toFirst] + toColumn);
  }
}
