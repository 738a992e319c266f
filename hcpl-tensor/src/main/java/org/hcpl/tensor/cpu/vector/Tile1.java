package org.hcpl.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Single row of 1 x two (or one) vectors of C: see {@link VectorMicroKernel} for the contract. */
final class Tile1 {
  private static final VectorSpecies<Float> SPECIES = VectorMicroKernel.SPECIES;
  private static final int LANES = SPECIES.length();

  private Tile1() {}

  static void two(
      int k,
      float[] a,
      int[] aRows,
      int first,
      float[] b,
      int bOff,
      float[] c,
      int[] cRows,
      int cColumn,
      int valid,
      boolean accumulate,
      float[] bias,
      int biasOff) {
    int a0 = aRows[first];
    int c0 = cRows[first] + cColumn;
    boolean full = valid == 2 * LANES;
    VectorMask<Float> mask = SPECIES.indexInRange(0, valid - LANES);
    FloatVector s0x, s0y;
    if (accumulate) {
      s0x = FloatVector.fromArray(SPECIES, c, c0);
      s0y = FloatVector.fromArray(SPECIES, c, c0 + LANES, mask);
    } else {
      FloatVector ix = FloatVector.fromArray(SPECIES, bias, biasOff);
      FloatVector iy = FloatVector.fromArray(SPECIES, bias, biasOff + LANES);
      s0x = ix;
      s0y = iy;
    }
    for (int p = 0; p < k; p++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bOff + p * (2 * LANES));
      FloatVector by = FloatVector.fromArray(SPECIES, b, bOff + p * (2 * LANES) + LANES);
      FloatVector v = FloatVector.broadcast(SPECIES, a[a0 + p]);
      s0x = v.fma(bx, s0x);
      s0y = v.fma(by, s0y);
    }
    s0x.intoArray(c, c0);
    if (full) {
      s0y.intoArray(c, c0 + LANES);
    } else {
      s0y.intoArray(c, c0 + LANES, mask);
    }
  }

  static void one(
      int k,
      float[] a,
      int[] aRows,
      int first,
      float[] b,
      int bOff,
      float[] c,
      int[] cRows,
      int cColumn,
      int valid,
      boolean accumulate,
      float[] bias,
      int biasOff) {
    int a0 = aRows[first];
    int c0 = cRows[first] + cColumn;
    boolean full = valid == LANES;
    VectorMask<Float> mask = SPECIES.indexInRange(0, valid);
    FloatVector s0x;
    if (accumulate) {
      s0x = FloatVector.fromArray(SPECIES, c, c0, mask);
    } else {
      FloatVector ix = FloatVector.fromArray(SPECIES, bias, biasOff);
      s0x = ix;
    }
    for (int p = 0; p < k; p++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bOff + p * LANES);
      s0x = FloatVector.broadcast(SPECIES, a[a0 + p]).fma(bx, s0x);
    }
    if (full) {
      s0x.intoArray(c, c0);
    } else {
      s0x.intoArray(c, c0, mask);
    }
  }
}
