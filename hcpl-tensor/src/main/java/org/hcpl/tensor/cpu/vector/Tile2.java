package org.hcpl.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Row tile of 2 x three (two, one) vectors of C: see {@link VectorMicroKernel} for the contract.
 */
final class Tile2 {
  private static final VectorSpecies<Float> SPECIES = VectorMicroKernel.SPECIES;
  private static final int LANES = SPECIES.length();

  private Tile2() {}

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
    int a1 = aRows[first + 1];
    FloatVector s0x = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s0y = FloatVector.fromArray(SPECIES, start, startOff + LANES);
    FloatVector s0z = FloatVector.fromArray(SPECIES, start, startOff + 2 * LANES);
    FloatVector s1x = s0x;
    FloatVector s1y = s0y;
    FloatVector s1z = s0z;
    for (int p = 0; p < k; p++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bOff + p * (3 * LANES));
      FloatVector by = FloatVector.fromArray(SPECIES, b, bOff + p * (3 * LANES) + LANES);
      FloatVector bz = FloatVector.fromArray(SPECIES, b, bOff + p * (3 * LANES) + 2 * LANES);
      FloatVector v = FloatVector.broadcast(SPECIES, a[a0 + p]);
      s0x = v.fma(bx, s0x);
      s0y = v.fma(by, s0y);
      s0z = v.fma(bz, s0z);
      v = FloatVector.broadcast(SPECIES, a[a1 + p]);
      s1x = v.fma(bx, s1x);
      s1y = v.fma(by, s1y);
      s1z = v.fma(bz, s1z);
    }
    int t0 = toRows[toFirst] + toColumn;
    s0x.intoArray(to, t0);
    s0y.intoArray(to, t0 + LANES);
    s0z.intoArray(to, t0 + 2 * LANES);
    int t1 = toRows[toFirst + 1] + toColumn;
    s1x.intoArray(to, t1);
    s1y.intoArray(to, t1 + LANES);
    s1z.intoArray(to, t1 + 2 * LANES);
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
    int a1 = aRows[first + 1];
    FloatVector s0x = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s0y = FloatVector.fromArray(SPECIES, start, startOff + LANES);
    FloatVector s1x = s0x;
    FloatVector s1y = s0y;
    for (int p = 0; p < k; p++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bOff + p * (2 * LANES));
      FloatVector by = FloatVector.fromArray(SPECIES, b, bOff + p * (2 * LANES) + LANES);
      FloatVector v = FloatVector.broadcast(SPECIES, a[a0 + p]);
      s0x = v.fma(bx, s0x);
      s0y = v.fma(by, s0y);
      v = FloatVector.broadcast(SPECIES, a[a1 + p]);
      s1x = v.fma(bx, s1x);
      s1y = v.fma(by, s1y);
    }
    int t0 = toRows[toFirst] + toColumn;
    s0x.intoArray(to, t0);
    s0y.intoArray(to, t0 + LANES);
    int t1 = toRows[toFirst + 1] + toColumn;
    s1x.intoArray(to, t1);
    s1y.intoArray(to, t1 + LANES);
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
    int a1 = aRows[first + 1];
    FloatVector s0x = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s1x = s0x;
    for (int p = 0; p < k; p++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bOff + p * LANES);
      s0x = FloatVector.broadcast(SPECIES, a[a0 + p]).fma(bx, s0x);
      s1x = FloatVector.broadcast(SPECIES, a[a1 + p]).fma(bx, s1x);
    }
    s0x.intoArray(to, toRows[toFirst] + toColumn);
    s1x.intoArray(to, toRows[toFirst + 1] + toColumn);
  }
}
