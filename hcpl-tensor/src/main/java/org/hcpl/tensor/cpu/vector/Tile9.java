package org.hcpl.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Row tile of 9 x three (two, one) vectors of C: see {@link VectorMicroKernel} for the contract.
 */
final class Tile9 {
  private static final VectorSpecies<Float> SPECIES = VectorMicroKernel.SPECIES;
  private static final int LANES = SPECIES.length();

  private Tile9() {}

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
    int a2 = aRows[first + 2];
    int a3 = aRows[first + 3];
    int a4 = aRows[first + 4];
    int a5 = aRows[first + 5];
    int a6 = aRows[first + 6];
    int a7 = aRows[first + 7];
    int a8 = aRows[first + 8];
    FloatVector s0x = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s0y = FloatVector.fromArray(SPECIES, start, startOff + LANES);
    FloatVector s0z = FloatVector.fromArray(SPECIES, start, startOff + 2 * LANES);
    FloatVector s1x = s0x;
    FloatVector s1y = s0y;
    FloatVector s1z = s0z;
    FloatVector s2x = s0x;
    FloatVector s2y = s0y;
    FloatVector s2z = s0z;
    FloatVector s3x = s0x;
    FloatVector s3y = s0y;
    FloatVector s3z = s0z;
    FloatVector s4x = s0x;
    FloatVector s4y = s0y;
    FloatVector s4z = s0z;
    FloatVector s5x = s0x;
    FloatVector s5y = s0y;
    FloatVector s5z = s0z;
    FloatVector s6x = s0x;
    FloatVector s6y = s0y;
    FloatVector s6z = s0z;
    FloatVector s7x = s0x;
    FloatVector s7y = s0y;
    FloatVector s7z = s0z;
    FloatVector s8x = s0x;
    FloatVector s8y = s0y;
    FloatVector s8z = s0z;
    int t0 = toRows[toFirst] + toColumn;
    for (int p = 0; p < k; p++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bOff + p * (3 * LANES));
      FloatVector by = FloatVector.fromArray(SPECIES, b, bOff + p * (3 * LANES) + LANES);
      FloatVector bz = FloatVector.fromArray(SPECIES, b, bOff + p * (3 * LANES) + 2 * LANES);
      FloatVector v = FloatVector.broadcast(SPECIES, a[a0 + p]);
      s0x = v.fma(bx, s0x);
      s0y = v.fma(by, s0y);
      s0z = v.fma(bz, s0z);
      // Overwritten below. Loads do not pass a store, so HotSpot does not fetch numbers of A for
      // three rows at once: 27 sums and 3 vectors of B leave registers for two of them, and a sum
      // kept in memory instead takes twice the time of the tile.
      s0z.intoArray(to, t0);
      v = FloatVector.broadcast(SPECIES, a[a1 + p]);
      s1x = v.fma(bx, s1x);
      s1y = v.fma(by, s1y);
      s1z = v.fma(bz, s1z);
      v = FloatVector.broadcast(SPECIES, a[a2 + p]);
      s2x = v.fma(bx, s2x);
      s2y = v.fma(by, s2y);
      s2z = v.fma(bz, s2z);
      v = FloatVector.broadcast(SPECIES, a[a3 + p]);
      s3x = v.fma(bx, s3x);
      s3y = v.fma(by, s3y);
      s3z = v.fma(bz, s3z);
      v = FloatVector.broadcast(SPECIES, a[a4 + p]);
      s4x = v.fma(bx, s4x);
      s4y = v.fma(by, s4y);
      s4z = v.fma(bz, s4z);
      v = FloatVector.broadcast(SPECIES, a[a5 + p]);
      s5x = v.fma(bx, s5x);
      s5y = v.fma(by, s5y);
      s5z = v.fma(bz, s5z);
      v = FloatVector.broadcast(SPECIES, a[a6 + p]);
      s6x = v.fma(bx, s6x);
      s6y = v.fma(by, s6y);
      s6z = v.fma(bz, s6z);
      v = FloatVector.broadcast(SPECIES, a[a7 + p]);
      s7x = v.fma(bx, s7x);
      s7y = v.fma(by, s7y);
      s7z = v.fma(bz, s7z);
      v = FloatVector.broadcast(SPECIES, a[a8 + p]);
      s8x = v.fma(bx, s8x);
      s8y = v.fma(by, s8y);
      s8z = v.fma(bz, s8z);
    }
    s0x.intoArray(to, t0);
    s0y.intoArray(to, t0 + LANES);
    s0z.intoArray(to, t0 + 2 * LANES);
    int t1 = toRows[toFirst + 1] + toColumn;
    s1x.intoArray(to, t1);
    s1y.intoArray(to, t1 + LANES);
    s1z.intoArray(to, t1 + 2 * LANES);
    int t2 = toRows[toFirst + 2] + toColumn;
    s2x.intoArray(to, t2);
    s2y.intoArray(to, t2 + LANES);
    s2z.intoArray(to, t2 + 2 * LANES);
    int t3 = toRows[toFirst + 3] + toColumn;
    s3x.intoArray(to, t3);
    s3y.intoArray(to, t3 + LANES);
    s3z.intoArray(to, t3 + 2 * LANES);
    int t4 = toRows[toFirst + 4] + toColumn;
    s4x.intoArray(to, t4);
    s4y.intoArray(to, t4 + LANES);
    s4z.intoArray(to, t4 + 2 * LANES);
    int t5 = toRows[toFirst + 5] + toColumn;
    s5x.intoArray(to, t5);
    s5y.intoArray(to, t5 + LANES);
    s5z.intoArray(to, t5 + 2 * LANES);
    int t6 = toRows[toFirst + 6] + toColumn;
    s6x.intoArray(to, t6);
    s6y.intoArray(to, t6 + LANES);
    s6z.intoArray(to, t6 + 2 * LANES);
    int t7 = toRows[toFirst + 7] + toColumn;
    s7x.intoArray(to, t7);
    s7y.intoArray(to, t7 + LANES);
    s7z.intoArray(to, t7 + 2 * LANES);
    int t8 = toRows[toFirst + 8] + toColumn;
    s8x.intoArray(to, t8);
    s8y.intoArray(to, t8 + LANES);
    s8z.intoArray(to, t8 + 2 * LANES);
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
    int a2 = aRows[first + 2];
    int a3 = aRows[first + 3];
    int a4 = aRows[first + 4];
    int a5 = aRows[first + 5];
    int a6 = aRows[first + 6];
    int a7 = aRows[first + 7];
    int a8 = aRows[first + 8];
    FloatVector s0x = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s0y = FloatVector.fromArray(SPECIES, start, startOff + LANES);
    FloatVector s1x = s0x;
    FloatVector s1y = s0y;
    FloatVector s2x = s0x;
    FloatVector s2y = s0y;
    FloatVector s3x = s0x;
    FloatVector s3y = s0y;
    FloatVector s4x = s0x;
    FloatVector s4y = s0y;
    FloatVector s5x = s0x;
    FloatVector s5y = s0y;
    FloatVector s6x = s0x;
    FloatVector s6y = s0y;
    FloatVector s7x = s0x;
    FloatVector s7y = s0y;
    FloatVector s8x = s0x;
    FloatVector s8y = s0y;
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
    }
    int t0 = toRows[toFirst] + toColumn;
    s0x.intoArray(to, t0);
    s0y.intoArray(to, t0 + LANES);
    int t1 = toRows[toFirst + 1] + toColumn;
    s1x.intoArray(to, t1);
    s1y.intoArray(to, t1 + LANES);
    int t2 = toRows[toFirst + 2] + toColumn;
    s2x.intoArray(to, t2);
    s2y.intoArray(to, t2 + LANES);
    int t3 = toRows[toFirst + 3] + toColumn;
    s3x.intoArray(to, t3);
    s3y.intoArray(to, t3 + LANES);
    int t4 = toRows[toFirst + 4] + toColumn;
    s4x.intoArray(to, t4);
    s4y.intoArray(to, t4 + LANES);
    int t5 = toRows[toFirst + 5] + toColumn;
    s5x.intoArray(to, t5);
    s5y.intoArray(to, t5 + LANES);
    int t6 = toRows[toFirst + 6] + toColumn;
    s6x.intoArray(to, t6);
    s6y.intoArray(to, t6 + LANES);
    int t7 = toRows[toFirst + 7] + toColumn;
    s7x.intoArray(to, t7);
    s7y.intoArray(to, t7 + LANES);
    int t8 = toRows[toFirst + 8] + toColumn;
    s8x.intoArray(to, t8);
    s8y.intoArray(to, t8 + LANES);
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
    int a2 = aRows[first + 2];
    int a3 = aRows[first + 3];
    int a4 = aRows[first + 4];
    int a5 = aRows[first + 5];
    int a6 = aRows[first + 6];
    int a7 = aRows[first + 7];
    int a8 = aRows[first + 8];
    FloatVector s0x = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s1x = s0x;
    FloatVector s2x = s0x;
    FloatVector s3x = s0x;
    FloatVector s4x = s0x;
    FloatVector s5x = s0x;
    FloatVector s6x = s0x;
    FloatVector s7x = s0x;
    FloatVector s8x = s0x;
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
    }
    s0x.intoArray(to, toRows[toFirst] + toColumn);
    s1x.intoArray(to, toRows[toFirst + 1] + toColumn);
    s2x.intoArray(to, toRows[toFirst + 2] + toColumn);
    s3x.intoArray(to, toRows[toFirst + 3] + toColumn);
    s4x.intoArray(to, toRows[toFirst + 4] + toColumn);
    s5x.intoArray(to, toRows[toFirst + 5] + toColumn);
    s6x.intoArray(to, toRows[toFirst + 6] + toColumn);
    s7x.intoArray(to, toRows[toFirst + 7] + toColumn);
    s8x.intoArray(to, toRows[toFirst + 8] + toColumn);
  }
}
