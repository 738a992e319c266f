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
      float[] from,
      int[] fromRows,
      int fromFirst,
      int fromColumn,
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
    int f0 = fromRows[fromFirst] + fromColumn;
    FloatVector s0x = FloatVector.fromArray(SPECIES, from, f0);
    FloatVector s0y = FloatVector.fromArray(SPECIES, from, f0 + LANES);
    FloatVector s0z = FloatVector.fromArray(SPECIES, from, f0 + 2 * LANES);
    int f1 = fromRows[fromFirst + 1] + fromColumn;
    FloatVector s1x = FloatVector.fromArray(SPECIES, from, f1);
    FloatVector s1y = FloatVector.fromArray(SPECIES, from, f1 + LANES);
    FloatVector s1z = FloatVector.fromArray(SPECIES, from, f1 + 2 * LANES);
    int f2 = fromRows[fromFirst + 2] + fromColumn;
    FloatVector s2x = FloatVector.fromArray(SPECIES, from, f2);
    FloatVector s2y = FloatVector.fromArray(SPECIES, from, f2 + LANES);
    FloatVector s2z = FloatVector.fromArray(SPECIES, from, f2 + 2 * LANES);
    int f3 = fromRows[fromFirst + 3] + fromColumn;
    FloatVector s3x = FloatVector.fromArray(SPECIES, from, f3);
    FloatVector s3y = FloatVector.fromArray(SPECIES, from, f3 + LANES);
    FloatVector s3z = FloatVector.fromArray(SPECIES, from, f3 + 2 * LANES);
    int f4 = fromRows[fromFirst + 4] + fromColumn;
    FloatVector s4x = FloatVector.fromArray(SPECIES, from, f4);
    FloatVector s4y = FloatVector.fromArray(SPECIES, from, f4 + LANES);
    FloatVector s4z = FloatVector.fromArray(SPECIES, from, f4 + 2 * LANES);
    int f5 = fromRows[fromFirst + 5] + fromColumn;
    FloatVector s5x = FloatVector.fromArray(SPECIES, from, f5);
    FloatVector s5y = FloatVector.fromArray(SPECIES, from, f5 + LANES);
    FloatVector s5z = FloatVector.fromArray(SPECIES, from, f5 + 2 * LANES);
    int f6 = fromRows[fromFirst + 6] + fromColumn;
    FloatVector s6x = FloatVector.fromArray(SPECIES, from, f6);
    FloatVector s6y = FloatVector.fromArray(SPECIES, from, f6 + LANES);
    FloatVector s6z = FloatVector.fromArray(SPECIES, from, f6 + 2 * LANES);
    int f7 = fromRows[fromFirst + 7] + fromColumn;
    FloatVector s7x = FloatVector.fromArray(SPECIES, from, f7);
    FloatVector s7y = FloatVector.fromArray(SPECIES, from, f7 + LANES);
    FloatVector s7z = FloatVector.fromArray(SPECIES, from, f7 + 2 * LANES);
    int f8 = fromRows[fromFirst + 8] + fromColumn;
    FloatVector s8x = FloatVector.fromArray(SPECIES, from, f8);
    FloatVector s8y = FloatVector.fromArray(SPECIES, from, f8 + LANES);
    FloatVector s8z = FloatVector.fromArray(SPECIES, from, f8 + 2 * LANES);
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
    int t0 = toRows[toFirst] + toColumn;
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
      float[] from,
      int[] fromRows,
      int fromFirst,
      int fromColumn,
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
    int f0 = fromRows[fromFirst] + fromColumn;
    FloatVector s0x = FloatVector.fromArray(SPECIES, from, f0);
    FloatVector s0y = FloatVector.fromArray(SPECIES, from, f0 + LANES);
    int f1 = fromRows[fromFirst + 1] + fromColumn;
    FloatVector s1x = FloatVector.fromArray(SPECIES, from, f1);
    FloatVector s1y = FloatVector.fromArray(SPECIES, from, f1 + LANES);
    int f2 = fromRows[fromFirst + 2] + fromColumn;
    FloatVector s2x = FloatVector.fromArray(SPECIES, from, f2);
    FloatVector s2y = FloatVector.fromArray(SPECIES, from, f2 + LANES);
    int f3 = fromRows[fromFirst + 3] + fromColumn;
    FloatVector s3x = FloatVector.fromArray(SPECIES, from, f3);
    FloatVector s3y = FloatVector.fromArray(SPECIES, from, f3 + LANES);
    int f4 = fromRows[fromFirst + 4] + fromColumn;
    FloatVector s4x = FloatVector.fromArray(SPECIES, from, f4);
    FloatVector s4y = FloatVector.fromArray(SPECIES, from, f4 + LANES);
    int f5 = fromRows[fromFirst + 5] + fromColumn;
    FloatVector s5x = FloatVector.fromArray(SPECIES, from, f5);
    FloatVector s5y = FloatVector.fromArray(SPECIES, from, f5 + LANES);
    int f6 = fromRows[fromFirst + 6] + fromColumn;
    FloatVector s6x = FloatVector.fromArray(SPECIES, from, f6);
    FloatVector s6y = FloatVector.fromArray(SPECIES, from, f6 + LANES);
    int f7 = fromRows[fromFirst + 7] + fromColumn;
    FloatVector s7x = FloatVector.fromArray(SPECIES, from, f7);
    FloatVector s7y = FloatVector.fromArray(SPECIES, from, f7 + LANES);
    int f8 = fromRows[fromFirst + 8] + fromColumn;
    FloatVector s8x = FloatVector.fromArray(SPECIES, from, f8);
    FloatVector s8y = FloatVector.fromArray(SPECIES, from, f8 + LANES);
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
      float[] from,
      int[] fromRows,
      int fromFirst,
      int fromColumn,
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
    FloatVector s0x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst] + fromColumn);
    FloatVector s1x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 1] + fromColumn);
    FloatVector s2x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 2] + fromColumn);
    FloatVector s3x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 3] + fromColumn);
    FloatVector s4x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 4] + fromColumn);
    FloatVector s5x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 5] + fromColumn);
    FloatVector s6x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 6] + fromColumn);
    FloatVector s7x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 7] + fromColumn);
    FloatVector s8x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 8] + fromColumn);
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
