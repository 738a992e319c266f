package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.hcpl.tensor.cpu.Parallel;

/**
 * Updates of parameters in place, one pass over memory each, by PyTorch's formulas. {@code
 * gradientScale} multiplies the gradient first (norm clipping, loss scaling); it is 1 where there
 * is nothing to scale.
 */
public final class VectorOptim {
  private VectorOptim() {}

  /** {@code y += a x}. */
  public static void axpy(float a, float[] x, int xo, float[] y, int yo, int n) {
    Parallel.forRange(
        n,
        VectorUnary.LIGHT,
        (begin, end) -> axpyRun(a, x, xo + begin, y, yo + begin, end - begin));
  }

  static void axpyRun(float a, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector av = FloatVector.broadcast(S, a);
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector.fromArray(S, x, xo + i)
          .fma(av, FloatVector.fromArray(S, y, yo + i))
          .intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromArray(S, x, xo + i, m)
          .fma(av, FloatVector.fromArray(S, y, yo + i, m))
          .intoArray(y, yo + i, m);
    }
  }

  /**
   * Stochastic gradient descent: with {@code g = gradientScale dp + weightDecay p}, {@code v =
   * momentum v + g}, {@code p -= learningRate (nesterov ? g + momentum v : v)}; without momentum
   * {@code p -= learningRate g} and {@code v} may be null.
   */
  public static void sgd(
      float[] p,
      int po,
      float[] dp,
      int dpo,
      float[] v,
      int vo,
      int n,
      float learningRate,
      float momentum,
      boolean nesterov,
      float weightDecay,
      float gradientScale) {
    FloatVector rate = FloatVector.broadcast(S, -learningRate);
    FloatVector decay = FloatVector.broadcast(S, weightDecay);
    FloatVector keep = FloatVector.broadcast(S, momentum);
    Parallel.forRange(
        n,
        VectorUnary.LIGHT / 2,
        (begin, end) -> {
          for (int i = begin; i < end; i += L) {
            VectorMask<Float> m = S.indexInRange(i, end);
            FloatVector w = FloatVector.fromArray(S, p, po + i, m);
            FloatVector g =
                w.fma(decay, FloatVector.fromArray(S, dp, dpo + i, m).mul(gradientScale));
            if (momentum != 0) {
              FloatVector velocity = FloatVector.fromArray(S, v, vo + i, m).fma(keep, g);
              velocity.intoArray(v, vo + i, m);
              g = nesterov ? velocity.fma(keep, g) : velocity;
            }
            g.fma(rate, w).intoArray(p, po + i, m);
          }
        });
  }

  /**
   * Adam (Kingma and Ba 2015) or, where {@code decoupled}, AdamW (Loshchilov and Hutter 2019), at
   * step {@code step >= 1}:
   *
   * <pre>
   * g = gradientScale dp + (decoupled ? 0 : weightDecay p);   p *= decoupled ? 1 - learningRate weightDecay : 1
   * m = beta1 m + (1 - beta1) g;   v = beta2 v + (1 - beta2) g^2
   * p -= learningRate / (1 - beta1^step) m / (sqrt(v / (1 - beta2^step)) + eps)
   * </pre>
   */
  public static void adam(
      float[] p,
      int po,
      float[] dp,
      int dpo,
      float[] m,
      int mo,
      float[] v,
      int vo,
      int n,
      double learningRate,
      double beta1,
      double beta2,
      double eps,
      double weightDecay,
      boolean decoupled,
      int step,
      float gradientScale) {
    FloatVector rate1 = FloatVector.broadcast(S, (float) (1 - beta1));
    FloatVector rate2 = FloatVector.broadcast(S, (float) (1 - beta2));
    FloatVector keep2 = FloatVector.broadcast(S, (float) beta2);
    FloatVector decay = FloatVector.broadcast(S, decoupled ? 0f : (float) weightDecay);
    float shrink = decoupled ? (float) (1 - learningRate * weightDecay) : 1f;
    float size = (float) (-learningRate / (1 - Math.pow(beta1, step)));
    float root = (float) (1 / Math.sqrt(1 - Math.pow(beta2, step)));
    FloatVector epsilon = FloatVector.broadcast(S, (float) eps);
    Parallel.forRange(
        n,
        VectorUnary.LIGHT / 4,
        (begin, end) -> {
          for (int i = begin; i < end; i += L) {
            VectorMask<Float> mask = S.indexInRange(i, end);
            FloatVector w = FloatVector.fromArray(S, p, po + i, mask);
            FloatVector g =
                w.fma(decay, FloatVector.fromArray(S, dp, dpo + i, mask).mul(gradientScale));
            FloatVector first = FloatVector.fromArray(S, m, mo + i, mask);
            first = g.sub(first).fma(rate1, first);
            FloatVector second =
                g.mul(g).fma(rate2, FloatVector.fromArray(S, v, vo + i, mask).mul(keep2));
            first.intoArray(m, mo + i, mask);
            second.intoArray(v, vo + i, mask);
            FloatVector spread = second.sqrt().fma(FloatVector.broadcast(S, root), epsilon);
            first.mul(size).div(spread).add(w.mul(shrink)).intoArray(p, po + i, mask);
          }
        });
  }
}
