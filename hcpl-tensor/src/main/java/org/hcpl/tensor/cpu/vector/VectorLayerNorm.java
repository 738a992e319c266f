package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.hcpl.tensor.cpu.Parallel;

/**
 * Layer normalisation over the last axis of {@code [rows, C]}:
 *
 * <pre>
 * y = (x - mean) rstd gamma + beta,   rstd = 1 / sqrt(var + eps)
 * </pre>
 *
 * with mean and biased variance of each row. Everything writes (does not accumulate).
 */
public final class VectorLayerNorm {
  private VectorLayerNorm() {}

  /** Writes y and the {@code mean} and {@code rstd} of each row, which the gradient wants. */
  public static void forward(
      float[] x,
      int xo,
      float[] gamma,
      int go,
      float[] beta,
      int bo,
      double eps,
      float[] y,
      int yo,
      float[] mean,
      int mo,
      float[] rstd,
      int ro,
      int rows,
      int c) {
    Parallel.forRange(
        rows,
        grain(c),
        (begin, end) -> {
          for (int r = begin; r < end; r++) {
            int p = xo + r * c;
            float m = RowSums.sum(x, p, c) / c;
            float k = (float) (1 / Math.sqrt(RowSums.squares(x, p, c, m) / c + eps));
            mean[mo + r] = m;
            rstd[ro + r] = k;
            row(x, p, m, k, gamma, go, beta, bo, y, yo + r * c, c);
          }
        });
  }

  /**
   * With {@code g = dy gamma} and {@code xhat = (x - mean) rstd}: {@code dx = rstd (g - mean(g) -
   * xhat mean(g xhat))}.
   */
  public static void inputGradient(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] mean,
      int mo,
      float[] rstd,
      int ro,
      float[] gamma,
      int go,
      float[] dx,
      int dxo,
      int rows,
      int c) {
    Parallel.forRange(
        rows,
        grain(c),
        (begin, end) -> {
          for (int r = begin; r < end; r++) {
            rowGradient(
                x,
                xo + r * c,
                dy,
                dyo + r * c,
                mean[mo + r],
                rstd[ro + r],
                gamma,
                go,
                dx,
                dxo + r * c,
                c);
          }
        });
  }

  /** {@code dgamma = sum over rows of dy xhat}, {@code dbeta = sum of dy}. */
  public static void parameterGradient(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] mean,
      int mo,
      float[] rstd,
      int ro,
      float[] dgamma,
      int dgo,
      float[] dbeta,
      int dbo,
      int rows,
      int c) {
    double[] sums =
        Columns.sum(
            rows,
            c,
            2,
            (first, n, out) ->
                columns(
                    x,
                    xo + first * c,
                    dy,
                    dyo + first * c,
                    mean,
                    mo + first,
                    rstd,
                    ro + first,
                    n,
                    c,
                    out));
    for (int j = 0; j < c; j++) {
      dbeta[dbo + j] = (float) sums[j];
      dgamma[dgo + j] = (float) sums[c + j];
    }
  }

  /** Both gradients. */
  public static void gradient(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] mean,
      int mo,
      float[] rstd,
      int ro,
      float[] gamma,
      int go,
      float[] dx,
      int dxo,
      float[] dgamma,
      int dgo,
      float[] dbeta,
      int dbo,
      int rows,
      int c) {
    parameterGradient(x, xo, dy, dyo, mean, mo, rstd, ro, dgamma, dgo, dbeta, dbo, rows, c);
    inputGradient(x, xo, dy, dyo, mean, mo, rstd, ro, gamma, go, dx, dxo, rows, c);
  }

  private static int grain(int c) {
    return Math.max(1, VectorUnary.LIGHT / 2 / Math.max(1, c));
  }

  private static void row(
      float[] x,
      int xo,
      float mean,
      float rstd,
      float[] gamma,
      int go,
      float[] beta,
      int bo,
      float[] y,
      int yo,
      int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector.fromArray(S, x, xo + i)
          .sub(mean)
          .mul(rstd)
          .fma(FloatVector.fromArray(S, gamma, go + i), FloatVector.fromArray(S, beta, bo + i))
          .intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromArray(S, x, xo + i, m)
          .sub(mean)
          .mul(rstd)
          .fma(
              FloatVector.fromArray(S, gamma, go + i, m), FloatVector.fromArray(S, beta, bo + i, m))
          .intoArray(y, yo + i, m);
    }
  }

  private static void rowGradient(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float mean,
      float rstd,
      float[] gamma,
      int go,
      float[] dx,
      int dxo,
      int n) {
    FloatVector sum = FloatVector.zero(S);
    FloatVector product = sum;
    for (int i = 0; i < n; i += L) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector g =
          FloatVector.fromArray(S, dy, dyo + i, m).mul(FloatVector.fromArray(S, gamma, go + i, m));
      sum = sum.add(g);
      product = FloatVector.fromArray(S, x, xo + i, m).sub(mean).fma(g, product);
    }
    float meanG = VectorMath.sum(sum) / n;
    // (x - mean) rstd * mean(g (x - mean) rstd) in one factor.
    float slope = VectorMath.sum(product) / n * rstd * rstd;
    for (int i = 0; i < n; i += L) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector g =
          FloatVector.fromArray(S, dy, dyo + i, m).mul(FloatVector.fromArray(S, gamma, go + i, m));
      FloatVector d = FloatVector.fromArray(S, x, xo + i, m).sub(mean).mul(slope);
      g.sub(meanG).sub(d).mul(rstd).intoArray(dx, dxo + i, m);
    }
  }

  /** Column sums of dy and of dy xhat over a block of rows. */
  private static void columns(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] mean,
      int mo,
      float[] rstd,
      int ro,
      int rows,
      int c,
      float[] out) {
    for (int j = 0; j < c; j += L) {
      VectorMask<Float> m = S.indexInRange(j, c);
      FloatVector s = FloatVector.zero(S);
      FloatVector t = s;
      for (int r = 0, p = j; r < rows; r++, p += c) {
        FloatVector g = FloatVector.fromArray(S, dy, dyo + p, m);
        FloatVector hat =
            FloatVector.fromArray(S, x, xo + p, m).sub(mean[mo + r]).mul(rstd[ro + r]);
        s = s.add(g);
        t = hat.fma(g, t);
      }
      s.intoArray(out, j, m);
      t.intoArray(out, c + j, m);
    }
  }
}
