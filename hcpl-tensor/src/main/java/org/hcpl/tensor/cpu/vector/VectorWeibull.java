package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The Weibull activation {@code (r / lambda)^power * exp(-(r / gamma)^eta)} and its gradients over
 * a run of features whose i-th has the i-th entry of every parameter array; 0 for r &lt;= 0 and for
 * an infinite r. In log space, so that nothing overflows on the way to a result that does not.
 *
 * <p>Several short loops over buffers that stay in the first cache rather than one long one, which
 * HotSpot would not inline all of (see {@link VectorMath}).
 */
public final class VectorWeibull {
  private VectorWeibull() {}

  /** The parameters of each place of a run; all arrays of one length. */
  public record Parameters(float[] power, float[] logLambda, float[] eta, float[] logGamma) {}

  /** Values of {@code r[ro..ro+n)} to {@code y}. */
  public static void forward(Parameters p, float[] r, int ro, float[] y, int yo, int n) {
    Run run = new Run(p, r, ro, n);
    for (int i = 0; i < n; i += L) {
      VectorMask<Float> m = S.indexInRange(i, n);
      VectorMask<Float> off = off(FloatVector.fromArray(S, r, ro + i, m));
      FloatVector.fromArray(S, run.value, i).blend(VectorMath.ZERO, off).intoArray(y, yo + i, m);
    }
  }

  /**
   * Gradients.
   *
   * @param dr gets the gradient of r; r below {@code floor} divides as {@code floor} does
   * @param sums gets, at each place, {@code dy T}, {@code dy T ln(r / lambda)}, {@code dy T b} and
   *     {@code dy T b ln(r / gamma)} with b = (r / gamma)^eta; overwritten
   */
  public static void gradient(
      Parameters p,
      float[] r,
      int ro,
      float[] dy,
      int dyo,
      float floor,
      float[] dr,
      int dro,
      float[][] sums,
      int n) {
    Run run = new Run(p, r, ro, n);
    FloatVector least = FloatVector.broadcast(S, floor);
    for (int i = 0; i < n; i += L) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector value = FloatVector.fromArray(S, r, ro + i, m);
      VectorMask<Float> off = off(value);
      FloatVector weighted =
          FloatVector.fromArray(S, run.value, i)
              .mul(FloatVector.fromArray(S, dy, dyo + i, m))
              .blend(VectorMath.ZERO, off);
      // exp(-b) is 0 long before b overflows, and 0 * infinity would be NaN.
      FloatVector weightedB =
          weighted
              .mul(FloatVector.fromArray(S, run.decay, i))
              .blend(VectorMath.ZERO, weighted.compare(VectorOperators.EQ, VectorMath.ZERO));
      weighted
          .mul(FloatVector.fromArray(S, p.power, i, m))
          .sub(weightedB.mul(FloatVector.fromArray(S, p.eta, i, m)))
          .div(value.max(least))
          .intoArray(dr, dro + i, m);
      FloatVector log = FloatVector.fromArray(S, run.log, i);
      weighted.intoArray(sums[0], i, m);
      weighted.mul(log.sub(FloatVector.fromArray(S, p.logLambda, i, m))).intoArray(sums[1], i, m);
      weightedB.intoArray(sums[2], i, m);
      weightedB.mul(log.sub(FloatVector.fromArray(S, p.logGamma, i, m))).intoArray(sums[3], i, m);
    }
  }

  /** Where a feature gives 0 without a gradient. */
  private static VectorMask<Float> off(FloatVector r) {
    return r.compare(VectorOperators.LE, VectorMath.ZERO)
        .or(r.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
  }

  /** What both directions need of a run; lanes past its end hold anything. */
  private static final class Run {
    /** ln r; 0 for r &lt;= 0 or infinite, as if r were 1. */
    final float[] log;

    /** {@code (r / gamma)^eta}. */
    final float[] decay;

    /** The activation, as if r were 1 for r &lt;= 0 or infinite. */
    final float[] value;

    Run(Parameters p, float[] r, int ro, int n) {
      int padded = (n + VectorUnary.UNIT - 1) / VectorUnary.UNIT * VectorUnary.UNIT;
      log = new float[padded];
      decay = new float[padded];
      value = new float[padded];
      for (int i = 0; i < n; i += L) {
        VectorMask<Float> m = S.indexInRange(i, n);
        FloatVector x = FloatVector.fromArray(S, r, ro + i, m);
        x.blend(VectorMath.ONE, off(x)).intoArray(log, i);
      }
      Logarithms.log(log, 0, log, 0, padded);
      for (int i = 0; i < n; i += L) {
        VectorMask<Float> m = S.indexInRange(i, n);
        FloatVector.fromArray(S, log, i)
            .sub(FloatVector.fromArray(S, p.logGamma, i, m))
            .mul(FloatVector.fromArray(S, p.eta, i, m))
            .intoArray(decay, i);
      }
      UnaryLoops.exp(decay, 0, decay, 0, padded);
      for (int i = 0; i < n; i += L) {
        VectorMask<Float> m = S.indexInRange(i, n);
        FloatVector.fromArray(S, log, i)
            .sub(FloatVector.fromArray(S, p.logLambda, i, m))
            .mul(FloatVector.fromArray(S, p.power, i, m))
            .sub(FloatVector.fromArray(S, decay, i))
            .intoArray(value, i);
      }
      UnaryLoops.exp(value, 0, value, 0, padded);
    }
  }
}
