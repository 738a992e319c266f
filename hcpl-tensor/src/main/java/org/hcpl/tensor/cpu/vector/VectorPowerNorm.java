package org.hcpl.tensor.cpu.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.hcpl.tensor.cpu.vector.VectorMath.I;
import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.MAGIC;
import static org.hcpl.tensor.cpu.vector.VectorMath.MINUS_ONE;
import static org.hcpl.tensor.cpu.vector.VectorMath.ONE;
import static org.hcpl.tensor.cpu.vector.VectorMath.ONE_BITS;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;
import static org.hcpl.tensor.cpu.vector.VectorMath.ZERO;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * The power normalisation {@code alpha s^beta}, 0 for s &lt;= 0, and its gradients, serial: values
 * within 2 ulp, gradients (terms of their sums) within 4, unless {@code dy s^beta} is no normal
 * number.
 *
 * <p>Powers are those of {@link Powers}, with the logarithm that the gradient of beta needs as a
 * by-product. The loop takes numbers that are not positive, too. A positive one or NaN that is not
 * ordinary, or whose power may not be, is <em>far</em>: it is taken by itself, in double. No result
 * depends on another number.
 */
public final class VectorPowerNorm {
  private static final int BLOCK = UnaryLoops.BLOCK;

  /** Up to this size of beta log2 s the power is a normal number. */
  private static final double LIMIT = 125.9;

  /** Exponent bits of 1. */
  private static final int ONE_EXPONENT = 127;

  private VectorPowerNorm() {}

  /** The parameters of each place of a row. */
  public static final class Parameters {
    private final int width;
    private final double[] alpha;
    private final double[] beta;

    /** As floats, with zeros up to a multiple of the lanes. */
    private final float[] scale;

    private final float[] exponent;
    private final float[] slope;

    /**
     * Added to the bits of s gives less than {@link #last} if s and its power are ordinary numbers,
     * by overflow.
     */
    private final int[] first;

    private final int[] last;

    /** Parameters of rows of a length, that of both arrays; the values are floats. */
    public Parameters(double[] alpha, double[] beta) {
      this.width = alpha.length;
      this.alpha = alpha;
      this.beta = beta;
      int padded = wholeVectors(width);
      scale = new float[padded];
      exponent = new float[padded];
      slope = new float[padded];
      first = new int[padded];
      last = new int[padded];
      for (int i = 0; i < width; i++) {
        scale[i] = (float) alpha[i];
        exponent[i] = (float) beta[i];
        slope[i] = (float) (alpha[i] * beta[i]);
        // From 2^-reach to 2^reach; none if beta is NaN or infinite.
        int reach = (int) Math.min(LIMIT / Math.abs(beta[i]), ONE_EXPONENT + 1);
        int least = Math.max(1, ONE_EXPONENT - reach) << 23;
        int end = (ONE_EXPONENT + reach) << 23;
        first[i] = Integer.MIN_VALUE - least;
        last[i] = Integer.MIN_VALUE + Math.max(0, end - least);
      }
    }

    private double power(int place, float s) {
      return Math.exp(beta[place] * Math.log(s));
    }

    /** Whether a number is far. */
    private boolean isFar(int place, float s) {
      return !(s <= 0) && Float.floatToRawIntBits(s) + first[place] >= last[place];
    }
  }

  /** Values of {@code s[so..so+n)}, rows from the first place on, to {@code y}. */
  public static void forward(Parameters p, float[] s, int so, float[] y, int yo, int n) {
    Block block = new Block(Math.min(p.width, n));
    for (int at = 0; at < n; ) {
      int place = at % p.width;
      int m = Math.min(BLOCK, Math.min(p.width - place, n - at));
      if (block.forward(p, place, s, so + at, y, yo + at, m)) {
        for (int i = 0; i < m; i++) {
          float value = s[so + at + i];
          if (p.isFar(place + i, value)) {
            y[yo + at + i] = (float) (p.alpha[place + i] * p.power(place + i, value));
          }
        }
      }
      at += m;
    }
  }

  /**
   * Gradients of {@code s[so..so+n)}, rows from the first place on.
   *
   * @param floor s below it divides as it does
   * @param ds gets the gradient of s
   * @param sum has {@code dy s^beta} added at each place
   * @param logSum has {@code dy s^beta ln s} added at each place
   */
  public static void gradient(
      Parameters p,
      float[] s,
      int so,
      float[] dy,
      int dyo,
      double floor,
      float[] ds,
      int dso,
      double[] sum,
      double[] logSum,
      int n) {
    Block block = new Block(Math.min(p.width, n));
    for (int at = 0; at < n; ) {
      int place = at % p.width;
      int m = Math.min(BLOCK, Math.min(p.width - place, n - at));
      if (block.gradient(p, place, s, so + at, dy, dyo + at, (float) floor, ds, dso + at, m)) {
        for (int i = 0; i < m; i++) {
          float value = s[so + at + i];
          if (p.isFar(place + i, value)) {
            double weighted = dy[dyo + at + i] * p.power(place + i, value);
            double slope = weighted * p.alpha[place + i] * p.beta[place + i];
            double divisor = Math.min(Math.max(value, floor), Float.MAX_VALUE);
            ds[dso + at + i] = (float) (slope / divisor);
            sum[place + i] += weighted;
            logSum[place + i] += weighted * Math.log(value);
            block.weighted[i] = 0;
          }
        }
      }
      add(block.weighted, sum, place, m);
      addProducts(block.weighted, block.log, logSum, place, m);
      at += m;
    }
  }

  private static void add(float[] terms, double[] sums, int from, int n) {
    for (int i = 0; i < n; i++) {
      sums[from + i] += terms[i];
    }
  }

  private static void addProducts(float[] terms, float[] factors, double[] sums, int from, int n) {
    for (int i = 0; i < n; i++) {
      sums[from + i] += (double) terms[i] * factors[i];
    }
  }

  private static int wholeVectors(int n) {
    return (n + L - 1) / L * L;
  }

  /** Up to {@link #BLOCK} numbers on their way. */
  private static final class Block {
    /** What the gradient of alpha sums up, {@code dy s^beta}. */
    final float[] weighted;

    /** ln s. */
    final float[] log;

    /** Numbers of a row, or rest of one, that is no multiple of the lanes: in, and then out. */
    final float[] numbers;

    final float[] weights;

    Block(int most) {
      int size = wholeVectors(Math.min(BLOCK, most));
      weighted = new float[size];
      log = new float[size];
      numbers = new float[size];
      weights = new float[size];
    }

    /** Values; whether any number is far and its value to be mended. */
    boolean forward(Parameters p, int place, float[] s, int so, float[] y, int yo, int n) {
      if (n % L == 0) {
        return powers(p, place, s, so, p.scale, place, y, yo, log, n);
      }
      boolean far =
          powers(p, place, padded(s, so, n), 0, p.scale, place, numbers, 0, log, wholeVectors(n));
      System.arraycopy(numbers, 0, y, yo, n);
      return far;
    }

    /** The same for the gradient of s; leaves what the sums are made of. */
    boolean gradient(
        Parameters p,
        int place,
        float[] s,
        int so,
        float[] dy,
        int dyo,
        float floor,
        float[] ds,
        int dso,
        int n) {
      if (n % L == 0) {
        boolean far = powers(p, place, s, so, dy, dyo, weighted, 0, log, n);
        slopes(weighted, p.slope, place, s, so, floor, ds, dso, n);
        return far;
      }
      System.arraycopy(dy, dyo, weights, 0, n);
      boolean far =
          gradient(p, place, padded(s, so, n), 0, weights, 0, floor, numbers, 0, wholeVectors(n));
      System.arraycopy(numbers, 0, ds, dso, n);
      return far;
    }

    /** Zeros behind the numbers: none of them is far. */
    private float[] padded(float[] s, int so, int n) {
      System.arraycopy(s, so, numbers, 0, n);
      Arrays.fill(numbers, n, wholeVectors(n), 0);
      return numbers;
    }
  }

  /**
   * {@code y = s^beta factor}, 0 for s &lt;= 0, and ln s; both as if s were 1 where it is far. By
   * the loop of {@link Powers}, without its exits.
   *
   * @return whether any number is far
   */
  private static boolean powers(
      Parameters parameters,
      int place,
      float[] s,
      int so,
      float[] factor,
      int fo,
      float[] y,
      int yo,
      float[] log,
      int n) {
    float[] beta = parameters.exponent;
    int[] first = parameters.first;
    int[] last = parameters.last;
    boolean far = false;
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, s, so + i);
      VectorMask<Float> off = v.compare(LE, ZERO);
      VectorMask<Float> near =
          v.reinterpretAsInts()
              .add(IntVector.fromArray(I, first, place + i))
              .compare(LT, IntVector.fromArray(I, last, place + i))
              .cast(S);
      far |= !near.or(off).allTrue();
      IntVector bits = ONE.blend(v, near).reinterpretAsInts();
      IntVector t = bits.sub(Logarithms.LOWEST);
      IntVector e = t.lanewise(ASHR, 23);
      FloatVector m = bits.sub(e.lanewise(LSHL, 23)).reinterpretAsFloats();
      IntVector interval = t.lanewise(ASHR, 19);
      FloatVector r = m.fma(Logarithms.lookup(interval, Logarithms.FACTOR), MINUS_ONE);
      FloatVector r2 = r.mul(r);
      FloatVector b =
          r2.fma(Logarithms.B4, Logarithms.B3.fma(r, Logarithms.B2))
              .fma(r2, Logarithms.B1.fma(r, Logarithms.B0));
      FloatVector rest =
          r.fma(Logarithms.LOG2E_LO, Logarithms.lookup(interval, Logarithms.LOG2_LO));
      FloatVector low = r.fma(Logarithms.LOG2E_HI, b.fma(r2, rest));
      FloatVector high =
          ((FloatVector) e.convert(I2F, 0)).add(Logarithms.lookup(interval, Logarithms.LOG2_HI));
      high.add(low).mul(VectorMath.LN2).intoArray(log, i);

      FloatVector w = FloatVector.fromArray(S, beta, place + i);
      FloatVector p = w.mul(high);
      FloatVector pLow = w.fma(low, w.fma(high, p.neg()));
      FloatVector shifted = p.add(pLow).add(MAGIC);
      FloatVector f = p.sub(shifted.sub(MAGIC)).add(pLow);
      FloatVector f2 = f.mul(f);
      FloatVector q =
          f2.fma(f2.fma(Powers.E5, f.fma(Powers.E4, Powers.E3)), f.fma(Powers.E2, Powers.E1))
              .mul(f2);
      q = f.fma(VectorMath.LN2, q);
      FloatVector scale =
          shifted.reinterpretAsInts().lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      q.fma(scale, scale)
          .mul(FloatVector.fromArray(S, factor, fo + i))
          .blend(ZERO, off)
          .intoArray(y, yo + i);
    }
    return far;
  }

  /** The gradient of s from {@code dy s^beta}. */
  private static void slopes(
      float[] weighted,
      float[] alphaBeta,
      int place,
      float[] s,
      int so,
      float floor,
      float[] ds,
      int dso,
      int n) {
    FloatVector least = FloatVector.broadcast(S, floor);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, s, so + i);
      FloatVector term = FloatVector.fromArray(S, weighted, i);
      term.div(v.blend(least, v.compare(LT, least)))
          .mul(FloatVector.fromArray(S, alphaBeta, place + i))
          .blend(ZERO, v.compare(LE, ZERO))
          .intoArray(ds, dso + i);
    }
  }
}
