package org.hcpl.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
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
    int a9 = aRows[first + 9];
    int a10 = aRows[first + 10];
    int a11 = aRows[first + 11];
    int a12 = aRows[first + 12];
    int a13 = aRows[first + 13];
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
    int f9 = fromRows[fromFirst + 9] + fromColumn;
    FloatVector s9x = FloatVector.fromArray(SPECIES, from, f9);
    FloatVector s9y = FloatVector.fromArray(SPECIES, from, f9 + LANES);
    int f10 = fromRows[fromFirst + 10] + fromColumn;
    FloatVector s10x = FloatVector.fromArray(SPECIES, from, f10);
    FloatVector s10y = FloatVector.fromArray(SPECIES, from, f10 + LANES);
    int f11 = fromRows[fromFirst + 11] + fromColumn;
    FloatVector s11x = FloatVector.fromArray(SPECIES, from, f11);
    FloatVector s11y = FloatVector.fromArray(SPECIES, from, f11 + LANES);
    int f12 = fromRows[fromFirst + 12] + fromColumn;
    FloatVector s12x = FloatVector.fromArray(SPECIES, from, f12);
    FloatVector s12y = FloatVector.fromArray(SPECIES, from, f12 + LANES);
    int f13 = fromRows[fromFirst + 13] + fromColumn;
    FloatVector s13x = FloatVector.fromArray(SPECIES, from, f13);
    FloatVector s13y = FloatVector.fromArray(SPECIES, from, f13 + LANES);
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
    int t9 = toRows[toFirst + 9] + toColumn;
    s9x.intoArray(to, t9);
    s9y.intoArray(to, t9 + LANES);
    int t10 = toRows[toFirst + 10] + toColumn;
    s10x.intoArray(to, t10);
    s10y.intoArray(to, t10 + LANES);
    int t11 = toRows[toFirst + 11] + toColumn;
    s11x.intoArray(to, t11);
    s11y.intoArray(to, t11 + LANES);
    int t12 = toRows[toFirst + 12] + toColumn;
    s12x.intoArray(to, t12);
    s12y.intoArray(to, t12 + LANES);
    int t13 = toRows[toFirst + 13] + toColumn;
    s13x.intoArray(to, t13);
    s13y.intoArray(to, t13 + LANES);
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
    int a9 = aRows[first + 9];
    int a10 = aRows[first + 10];
    int a11 = aRows[first + 11];
    int a12 = aRows[first + 12];
    int a13 = aRows[first + 13];
    FloatVector s0x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst] + fromColumn);
    FloatVector s1x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 1] + fromColumn);
    FloatVector s2x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 2] + fromColumn);
    FloatVector s3x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 3] + fromColumn);
    FloatVector s4x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 4] + fromColumn);
    FloatVector s5x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 5] + fromColumn);
    FloatVector s6x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 6] + fromColumn);
    FloatVector s7x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 7] + fromColumn);
    FloatVector s8x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 8] + fromColumn);
    FloatVector s9x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 9] + fromColumn);
    FloatVector s10x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 10] + fromColumn);
    FloatVector s11x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 11] + fromColumn);
    FloatVector s12x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 12] + fromColumn);
    FloatVector s13x = FloatVector.fromArray(SPECIES, from, fromRows[fromFirst + 13] + fromColumn);
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
    s0x.intoArray(to, toRows[toFirst] + toColumn);
    s1x.intoArray(to, toRows[toFirst + 1] + toColumn);
    s2x.intoArray(to, toRows[toFirst + 2] + toColumn);
    s3x.intoArray(to, toRows[toFirst + 3] + toColumn);
    s4x.intoArray(to, toRows[toFirst + 4] + toColumn);
    s5x.intoArray(to, toRows[toFirst + 5] + toColumn);
    s6x.intoArray(to, toRows[toFirst + 6] + toColumn);
    s7x.intoArray(to, toRows[toFirst + 7] + toColumn);
    s8x.intoArray(to, toRows[toFirst + 8] + toColumn);
    s9x.intoArray(to, toRows[toFirst + 9] + toColumn);
    s10x.intoArray(to, toRows[toFirst + 10] + toColumn);
    s11x.intoArray(to, toRows[toFirst + 11] + toColumn);
    s12x.intoArray(to, toRows[toFirst + 12] + toColumn);
    s13x.intoArray(to, toRows[toFirst + 13] + toColumn);
  }
}
