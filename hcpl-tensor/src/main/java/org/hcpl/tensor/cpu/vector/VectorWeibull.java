package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The Weibull activation {@code (r / lambda)^power * exp(-(r / gamma)^eta)} and its gradients over
 * a run of features whose i-th has the i-th entry of every parameter array; 0 for r &lt;= 0. In log
 * space, so that nothing overflows on the way to a result that does not.
 */
public final class VectorWeibull {
  private VectorWeibull() {}

  /** The parameters of each place of a run; all arrays of one length. */
  public record Parameters(float[] power, float[] logLambda, float[] eta, float[] logGamma) {}

  /** Values of {@code r[ro..ro+n)} to {@code y}. */
  public static void forward(Parameters p, float[] r, int ro, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector value = FloatVector.fromArray(S, r, ro + i, m);
      VectorMask<Float> off = value.compare(VectorOperators.LE, 0);
      FloatVector log = log(value.blend(1, off));
      FloatVector power =
          log.sub(FloatVector.fromArray(S, p.logLambda, i, m))
              .mul(FloatVector.fromArray(S, p.power, i, m));
      FloatVector decay =
          VectorMath.exp(
              log.sub(FloatVector.fromArray(S, p.logGamma, i, m))
                  .mul(FloatVector.fromArray(S, p.eta, i, m)));
      VectorMath.exp(power.sub(decay)).blend(0, off).intoArray(y, yo + i, m);
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
    for (int i = 0; i < n; i += L) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector value = FloatVector.fromArray(S, r, ro + i, m);
      VectorMask<Float> off = value.compare(VectorOperators.LE, 0);
      FloatVector safe = value.blend(1, off);
      FloatVector log = log(safe);
      FloatVector power = FloatVector.fromArray(S, p.power, i, m);
      FloatVector eta = FloatVector.fromArray(S, p.eta, i, m);
      FloatVector a = log.sub(FloatVector.fromArray(S, p.logLambda, i, m));
      FloatVector g = log.sub(FloatVector.fromArray(S, p.logGamma, i, m));
      FloatVector b = VectorMath.exp(g.mul(eta));
      FloatVector weighted =
          VectorMath.exp(a.mul(power).sub(b))
              .mul(FloatVector.fromArray(S, dy, dyo + i, m))
              .blend(0, off);
      // exp(-b) is 0 long before b overflows, and 0 * infinity would be NaN.
      FloatVector weightedB = weighted.mul(b).blend(0, weighted.compare(VectorOperators.EQ, 0));
      weighted.mul(power).sub(weightedB.mul(eta)).div(safe.max(floor)).intoArray(dr, dro + i, m);
      weighted.intoArray(sums[0], i, m);
      weighted.mul(a).intoArray(sums[1], i, m);
      weightedB.intoArray(sums[2], i, m);
      weightedB.mul(g).intoArray(sums[3], i, m);
    }
  }

  /** ln x of positive values. */
  private static FloatVector log(FloatVector x) {
    FloatVector normal = VectorMath.normalised(x);
    return VectorMath.log(x, VectorMath.exponent(normal), VectorMath.fraction(normal));
  }
}
