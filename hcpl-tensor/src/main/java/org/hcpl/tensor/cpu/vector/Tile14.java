package org.hcpl.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Row tile of 14 x two (or one) vectors of C: see {@link VectorMicroKernel} for the contract. */
final class Tile14 {
  private static final VectorSpecies<Float> SPECIES = VectorMicroKernel.SPECIES;
  private static final int LANES = SPECIES.length();

  private Tile14() {}

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
    int a4 = aRows[first + 4];
    int a5 = aRows[first + 5];
    int a6 = aRows[first + 6];
    int a7 = aRows[first + 7];
    int a8 = aRows[first + 8];
    int a9 = aRows[first + 9];
    int a10 = aRows[first + 10];
    int a11 = aRows[first + 11];
    int a12 = aRows[first + 12];
    int a13 = aRows[first + 13];
    int c0 = cRows[first] + cColumn;
    int c1 = cRows[first + 1] + cColumn;
    int c2 = cRows[first + 2] + cColumn;
    int c3 = cRows[first + 3] + cColumn;
    int c4 = cRows[first + 4] + cColumn;
    int c5 = cRows[first + 5] + cColumn;
    int c6 = cRows[first + 6] + cColumn;
    int c7 = cRows[first + 7] + cColumn;
    int c8 = cRows[first + 8] + cColumn;
    int c9 = cRows[first + 9] + cColumn;
    int c10 = cRows[first + 10] + cColumn;
    int c11 = cRows[first + 11] + cColumn;
    int c12 = cRows[first + 12] + cColumn;
    int c13 = cRows[first + 13] + cColumn;
    boolean full = valid == 2 * LANES;
    VectorMask<Float> mask = SPECIES.indexInRange(0, valid - LANES);
    FloatVector s0x, s0y;
    FloatVector s1x, s1y;
    FloatVector s2x, s2y;
    FloatVector s3x, s3y;
    FloatVector s4x, s4y;
    FloatVector s5x, s5y;
    FloatVector s6x, s6y;
    FloatVector s7x, s7y;
    FloatVector s8x, s8y;
    FloatVector s9x, s9y;
    FloatVector s10x, s10y;
    FloatVector s11x, s11y;
    FloatVector s12x, s12y;
    FloatVector s13x, s13y;
    if (accumulate) {
      s0x = FloatVector.fromArray(SPECIES, c, c0);
      s0y = FloatVector.fromArray(SPECIES, c, c0 + LANES, mask);
      s1x = FloatVector.fromArray(SPECIES, c, c1);
      s1y = FloatVector.fromArray(SPECIES, c, c1 + LANES, mask);
      s2x = FloatVector.fromArray(SPECIES, c, c2);
      s2y = FloatVector.fromArray(SPECIES, c, c2 + LANES, mask);
      s3x = FloatVector.fromArray(SPECIES, c, c3);
      s3y = FloatVector.fromArray(SPECIES, c, c3 + LANES, mask);
      s4x = FloatVector.fromArray(SPECIES, c, c4);
      s4y = FloatVector.fromArray(SPECIES, c, c4 + LANES, mask);
      s5x = FloatVector.fromArray(SPECIES, c, c5);
      s5y = FloatVector.fromArray(SPECIES, c, c5 + LANES, mask);
      s6x = FloatVector.fromArray(SPECIES, c, c6);
      s6y = FloatVector.fromArray(SPECIES, c, c6 + LANES, mask);
      s7x = FloatVector.fromArray(SPECIES, c, c7);
      s7y = FloatVector.fromArray(SPECIES, c, c7 + LANES, mask);
      s8x = FloatVector.fromArray(SPECIES, c, c8);
      s8y = FloatVector.fromArray(SPECIES, c, c8 + LANES, mask);
      s9x = FloatVector.fromArray(SPECIES, c, c9);
      s9y = FloatVector.fromArray(SPECIES, c, c9 + LANES, mask);
      s10x = FloatVector.fromArray(SPECIES, c, c10);
      s10y = FloatVector.fromArray(SPECIES, c, c10 + LANES, mask);
      s11x = FloatVector.fromArray(SPECIES, c, c11);
      s11y = FloatVector.fromArray(SPECIES, c, c11 + LANES, mask);
      s12x = FloatVector.fromArray(SPECIES, c, c12);
      s12y = FloatVector.fromArray(SPECIES, c, c12 + LANES, mask);
      s13x = FloatVector.fromArray(SPECIES, c, c13);
      s13y = FloatVector.fromArray(SPECIES, c, c13 + LANES, mask);
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
      s4x = ix;
      s4y = iy;
      s5x = ix;
      s5y = iy;
      s6x = ix;
      s6y = iy;
      s7x = ix;
      s7y = iy;
      s8x = ix;
      s8y = iy;
      s9x = ix;
      s9y = iy;
      s10x = ix;
      s10y = iy;
      s11x = ix;
      s11y = iy;
      s12x = ix;
      s12y = iy;
      s13x = ix;
      s13y = iy;
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
      v = FloatVector.broadcast(SPECIES, a[a4 + p]);
      s4x = v.fma(bx, s4x);
      s4y = v.fma(by, s4y);
      v = FloatVector.broadcast(SPECIES, a[a5 + p]);
      s5x = v.fma(bx, s5x);
      s5y = v.fma(by, s5y);
      v = FloatVector.broadcast(SPECIES, a[a6 + p]);
      s6x = v.fma(bx, s6x);
      s6y = v.fma(by, s6y);
      v = FloatVector.broadcast(SPECIES, a[a7 + p]);
      s7x = v.fma(bx, s7x);
      s7y = v.fma(by, s7y);
      v = FloatVector.broadcast(SPECIES, a[a8 + p]);
      s8x = v.fma(bx, s8x);
      s8y = v.fma(by, s8y);
      v = FloatVector.broadcast(SPECIES, a[a9 + p]);
      s9x = v.fma(bx, s9x);
      s9y = v.fma(by, s9y);
      v = FloatVector.broadcast(SPECIES, a[a10 + p]);
      s10x = v.fma(bx, s10x);
      s10y = v.fma(by, s10y);
      v = FloatVector.broadcast(SPECIES, a[a11 + p]);
      s11x = v.fma(bx, s11x);
      s11y = v.fma(by, s11y);
      v = FloatVector.broadcast(SPECIES, a[a12 + p]);
      s12x = v.fma(bx, s12x);
      s12y = v.fma(by, s12y);
      v = FloatVector.broadcast(SPECIES, a[a13 + p]);
      s13x = v.fma(bx, s13x);
      s13y = v.fma(by, s13y);
    }
    s0x.intoArray(c, c0);
    s1x.intoArray(c, c1);
    s2x.intoArray(c, c2);
    s3x.intoArray(c, c3);
    s4x.intoArray(c, c4);
    s5x.intoArray(c, c5);
    s6x.intoArray(c, c6);
    s7x.intoArray(c, c7);
    s8x.intoArray(c, c8);
    s9x.intoArray(c, c9);
    s10x.intoArray(c, c10);
    s11x.intoArray(c, c11);
    s12x.intoArray(c, c12);
    s13x.intoArray(c, c13);
    if (full) {
      s0y.intoArray(c, c0 + LANES);
      s1y.intoArray(c, c1 + LANES);
      s2y.intoArray(c, c2 + LANES);
      s3y.intoArray(c, c3 + LANES);
      s4y.intoArray(c, c4 + LANES);
      s5y.intoArray(c, c5 + LANES);
      s6y.intoArray(c, c6 + LANES);
      s7y.intoArray(c, c7 + LANES);
      s8y.intoArray(c, c8 + LANES);
      s9y.intoArray(c, c9 + LANES);
      s10y.intoArray(c, c10 + LANES);
      s11y.intoArray(c, c11 + LANES);
      s12y.intoArray(c, c12 + LANES);
      s13y.intoArray(c, c13 + LANES);
    } else {
      s0y.intoArray(c, c0 + LANES, mask);
      s1y.intoArray(c, c1 + LANES, mask);
      s2y.intoArray(c, c2 + LANES, mask);
      s3y.intoArray(c, c3 + LANES, mask);
      s4y.intoArray(c, c4 + LANES, mask);
      s5y.intoArray(c, c5 + LANES, mask);
      s6y.intoArray(c, c6 + LANES, mask);
      s7y.intoArray(c, c7 + LANES, mask);
      s8y.intoArray(c, c8 + LANES, mask);
      s9y.intoArray(c, c9 + LANES, mask);
      s10y.intoArray(c, c10 + LANES, mask);
      s11y.intoArray(c, c11 + LANES, mask);
      s12y.intoArray(c, c12 + LANES, mask);
      s13y.intoArray(c, c13 + LANES, mask);
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
    int a4 = aRows[first + 4];
    int a5 = aRows[first + 5];
    int a6 = aRows[first + 6];
    int a7 = aRows[first + 7];
    int a8 = aRows[first + 8];
    int a9 = aRows[first + 9];
    int a10 = aRows[first + 10];
    int a11 = aRows[first + 11];
    int a12 = aRows[first + 12];
    int a13 = aRows[first + 13];
    int c0 = cRows[first] + cColumn;
    int c1 = cRows[first + 1] + cColumn;
    int c2 = cRows[first + 2] + cColumn;
    int c3 = cRows[first + 3] + cColumn;
    int c4 = cRows[first + 4] + cColumn;
    int c5 = cRows[first + 5] + cColumn;
    int c6 = cRows[first + 6] + cColumn;
    int c7 = cRows[first + 7] + cColumn;
    int c8 = cRows[first + 8] + cColumn;
    int c9 = cRows[first + 9] + cColumn;
    int c10 = cRows[first + 10] + cColumn;
    int c11 = cRows[first + 11] + cColumn;
    int c12 = cRows[first + 12] + cColumn;
    int c13 = cRows[first + 13] + cColumn;
    boolean full = valid == LANES;
    VectorMask<Float> mask = SPECIES.indexInRange(0, valid);
    FloatVector s0x;
    FloatVector s1x;
    FloatVector s2x;
    FloatVector s3x;
    FloatVector s4x;
    FloatVector s5x;
    FloatVector s6x;
    FloatVector s7x;
    FloatVector s8x;
    FloatVector s9x;
    FloatVector s10x;
    FloatVector s11x;
    FloatVector s12x;
    FloatVector s13x;
    if (accumulate) {
      s0x = FloatVector.fromArray(SPECIES, c, c0, mask);
      s1x = FloatVector.fromArray(SPECIES, c, c1, mask);
      s2x = FloatVector.fromArray(SPECIES, c, c2, mask);
      s3x = FloatVector.fromArray(SPECIES, c, c3, mask);
      s4x = FloatVector.fromArray(SPECIES, c, c4, mask);
      s5x = FloatVector.fromArray(SPECIES, c, c5, mask);
      s6x = FloatVector.fromArray(SPECIES, c, c6, mask);
      s7x = FloatVector.fromArray(SPECIES, c, c7, mask);
      s8x = FloatVector.fromArray(SPECIES, c, c8, mask);
      s9x = FloatVector.fromArray(SPECIES, c, c9, mask);
      s10x = FloatVector.fromArray(SPECIES, c, c10, mask);
      s11x = FloatVector.fromArray(SPECIES, c, c11, mask);
      s12x = FloatVector.fromArray(SPECIES, c, c12, mask);
      s13x = FloatVector.fromArray(SPECIES, c, c13, mask);
    } else {
      FloatVector ix = FloatVector.fromArray(SPECIES, bias, biasOff);
      s0x = ix;
      s1x = ix;
      s2x = ix;
      s3x = ix;
      s4x = ix;
      s5x = ix;
      s6x = ix;
      s7x = ix;
      s8x = ix;
      s9x = ix;
      s10x = ix;
      s11x = ix;
      s12x = ix;
      s13x = ix;
    }
    for (int p = 0; p < k; p++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bOff + p * LANES);
      s0x = FloatVector.broadcast(SPECIES, a[a0 + p]).fma(bx, s0x);
      s1x = FloatVector.broadcast(SPECIES, a[a1 + p]).fma(bx, s1x);
      s2x = FloatVector.broadcast(SPECIES, a[a2 + p]).fma(bx, s2x);
      s3x = FloatVector.broadcast(SPECIES, a[a3 + p]).fma(bx, s3x);
      s4x = FloatVector.broadcast(SPECIES, a[a4 + p]).fma(bx, s4x);
      s5x = FloatVector.broadcast(SPECIES, a[a5 + p]).fma(bx, s5x);
      s6x = FloatVector.broadcast(SPECIES, a[a6 + p]).fma(bx, s6x);
      s7x = FloatVector.broadcast(SPECIES, a[a7 + p]).fma(bx, s7x);
      s8x = FloatVector.broadcast(SPECIES, a[a8 + p]).fma(bx, s8x);
      s9x = FloatVector.broadcast(SPECIES, a[a9 + p]).fma(bx, s9x);
      s10x = FloatVector.broadcast(SPECIES, a[a10 + p]).fma(bx, s10x);
      s11x = FloatVector.broadcast(SPECIES, a[a11 + p]).fma(bx, s11x);
      s12x = FloatVector.broadcast(SPECIES, a[a12 + p]).fma(bx, s12x);
      s13x = FloatVector.broadcast(SPECIES, a[a13 + p]).fma(bx, s13x);
    }
    if (full) {
      s0x.intoArray(c, c0);
      s1x.intoArray(c, c1);
      s2x.intoArray(c, c2);
      s3x.intoArray(c, c3);
      s4x.intoArray(c, c4);
      s5x.intoArray(c, c5);
      s6x.intoArray(c, c6);
      s7x.intoArray(c, c7);
      s8x.intoArray(c, c8);
      s9x.intoArray(c, c9);
      s10x.intoArray(c, c10);
      s11x.intoArray(c, c11);
      s12x.intoArray(c, c12);
      s13x.intoArray(c, c13);
    } else {
      s0x.intoArray(c, c0, mask);
      s1x.intoArray(c, c1, mask);
      s2x.intoArray(c, c2, mask);
      s3x.intoArray(c, c3, mask);
      s4x.intoArray(c, c4, mask);
      s5x.intoArray(c, c5, mask);
      s6x.intoArray(c, c6, mask);
      s7x.intoArray(c, c7, mask);
      s8x.intoArray(c, c8, mask);
      s9x.intoArray(c, c9, mask);
      s10x.intoArray(c, c10, mask);
      s11x.intoArray(c, c11, mask);
      s12x.intoArray(c, c12, mask);
      s13x.intoArray(c, c13, mask);
    }
  }
}
