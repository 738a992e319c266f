package org.hcpl.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Row tile of 4 x two (or one) vectors of C: see {@link VectorMicroKernel} for the contract. */
final class Tile4 {
  private static final VectorSpecies<Float> SPECIES = VectorMicroKernel.SPECIES;
  private static final int LANES = SPECIES.length();

  private Tile4() {}

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
    int a1 = aRows[first + 1];
    int a2 = aRows[first + 2];
    int a3 = aRows[first + 3];
    int c0 = cRows[first] + cColumn;
    int c1 = cRows[first + 1] + cColumn;
    int c2 = cRows[first + 2] + cColumn;
    int c3 = cRows[first + 3] + cColumn;
    boolean full = valid == 2 * LANES;
    VectorMask<Float> mask = SPECIES.indexInRange(0, valid - LANES);
    FloatVector s0x, s0y;
    FloatVector s1x, s1y;
    FloatVector s2x, s2y;
    FloatVector s3x, s3y;
    if (accumulate) {
      s0x = FloatVector.fromArray(SPECIES, c, c0);
      s0y = FloatVector.fromArray(SPECIES, c, c0 + LANES, mask);
      s1x = FloatVector.fromArray(SPECIES, c, c1);
      s1y = FloatVector.fromArray(SPECIES, c, c1 + LANES, mask);
      s2x = FloatVector.fromArray(SPECIES, c, c2);
      s2y = FloatVector.fromArray(SPECIES, c, c2 + LANES, mask);
      s3x = FloatVector.fromArray(SPECIES, c, c3);
      s3y = FloatVector.fromArray(SPECIES, c, c3 + LANES, mask);
    } else {
      FloatVector ix = FloatVector.fromArray(SPECIES, bias, biasOff);
      FloatVector iy = FloatVector.fromArray(SPECIES, bias, biasOff + LANES);
      s0x = ix;
      s0y = iy;
      s1x = ix;
      s1y = iy;
      s2x = ix;
      s2y = iy;
      s3x = ix;
      s3y = iy;
    }
    for (int p = 0; p < k; p++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bOff + p * (2 * LANES));
      FloatVector by = FloatVector.fromArray(SPECIES, b, bOff + p * (2 * LANES) + LANES);
      FloatVector v = FloatVector.broadcast(SPECIES, a[a0 + p]);
      s0x = v.fma(bx, s0x);
      s0y = v.fma(by, s0y);
      v = FloatVector.broadcast(SPECIES, a[a1 + p]);
      s1x = v.fma(bx, s1x);
      s1y = v.fma(by, s1y);
      v = FloatVector.broadcast(SPECIES, a[a2 + p]);
      s2x = v.fma(bx, s2x);
      s2y = v.fma(by, s2y);
      v = FloatVector.broadcast(SPECIES, a[a3 + p]);
      s3x = v.fma(bx, s3x);
      s3y = v.fma(by, s3y);
    }
    s0x.intoArray(c, c0);
    s1x.intoArray(c, c1);
    s2x.intoArray(c, c2);
    s3x.intoArray(c, c3);
    if (full) {
      s0y.intoArray(c, c0 + LANES);
      s1y.intoArray(c, c1 + LANES);
      s2y.intoArray(c, c2 + LANES);
      s3y.intoArray(c, c3 + LANES);
    } else {
      s0y.intoArray(c, c0 + LANES, mask);
      s1y.intoArray(c, c1 + LANES, mask);
      s2y.intoArray(c, c2 + LANES, mask);
      s3y.intoArray(c, c3 + LANES, mask);
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
    int a1 = aRows[first + 1];
    int a2 = aRows[first + 2];
    int a3 = aRows[first + 3];
    int c0 = cRows[first] + cColumn;
    int c1 = cRows[first + 1] + cColumn;
    int c2 = cRows[first + 2] + cColumn;
    int c3 = cRows[first + 3] + cColumn;
    boolean full = valid == LANES;
    VectorMask<Float> mask = SPECIES.indexInRange(0, valid);
    FloatVector s0x;
    FloatVector s1x;
    FloatVector s2x;
    FloatVector s3x;
    if (accumulate) {
      s0x = FloatVector.fromArray(SPECIES, c, c0, mask);
      s1x = FloatVector.fromArray(SPECIES, c, c1, mask);
      s2x = FloatVector.fromArray(SPECIES, c, c2, mask);
      s3x = FloatVector.fromArray(SPECIES, c, c3, mask);
    } else {
      FloatVector ix = FloatVector.fromArray(SPECIES, bias, biasOff);
      s0x = ix;
      s1x = ix;
      s2x = ix;
      s3x = ix;
    }
    for (int p = 0; p < k; p++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bOff + p * LANES);
      s0x = FloatVector.broadcast(SPECIES, a[a0 + p]).fma(bx, s0x);
      s1x = FloatVector.broadcast(SPECIES, a[a1 + p]).fma(bx, s1x);
      s2x = FloatVector.broadcast(SPECIES, a[a2 + p]).fma(bx, s2x);
      s3x = FloatVector.broadcast(SPECIES, a[a3 + p]).fma(bx, s3x);
    }
    if (full) {
      s0x.intoArray(c, c0);
      s1x.intoArray(c, c1);
      s2x.intoArray(c, c2);
      s3x.intoArray(c, c3);
    } else {
      s0x.intoArray(c, c0, mask);
      s1x.intoArray(c, c1, mask);
      s2x.intoArray(c, c2, mask);
      s3x.intoArray(c, c3, mask);
    }
  }
}
