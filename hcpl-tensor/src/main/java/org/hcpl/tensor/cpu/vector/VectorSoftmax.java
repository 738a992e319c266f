package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.hcpl.tensor.cpu.Parallel;

/**
 * Softmax over the last axis of {@code [rows, C]}, its logarithm, and log-sum-exp, with their
 * gradients. Everything writes (does not accumulate) and may work in place.
 *
 * <p>Elements of -infinity get the weight 0 (attention masks); a row of nothing else gives NaN in
 * the softmax, as in PyTorch, and -infinity in the log-sum-exp.
 */
public final class VectorSoftmax {
  /** Terms that are summed in float vectors before they go to a double. */
  private static final int RUN = 4096;

  private VectorSoftmax() {}

  /** {@code y = e^(x - m) / sum e^(x - m)} with m the maximum of the row. */
  public static void softmax(float[] x, int xo, float[] y, int yo, int rows, int c) {
    eachRow(
        rows,
        c,
        r -> {
          int from = xo + r * c;
          int to = yo + r * c;
          double sum = exponentials(x, from, RowSums.max(x, from, c), y, to, c);
          VectorUnary.scaleRun((float) (1 / sum), y, to, y, to, c);
        });
  }

  /** {@code y = x - log sum e^x}. */
  public static void logSoftmax(float[] x, int xo, float[] y, int yo, int rows, int c) {
    eachRow(
        rows,
        c,
        r -> {
          int from = xo + r * c;
          float max = RowSums.max(x, from, c);
          // Two subtractions: max + log(sum) would round away digits of the smaller one.
          subtract(x, from, max, (float) Math.log(sum(x, from, max, c)), y, yo + r * c, c);
        });
  }

  /** {@code y[r] = log sum e^x[r, :]}. */
  public static void logSumExp(float[] x, int xo, float[] y, int yo, int rows, int c) {
    eachRow(
        rows,
        c,
        r -> {
          int from = xo + r * c;
          float max = RowSums.max(x, from, c);
          y[yo + r] = Float.isInfinite(max) ? max : (float) (max + Math.log(sum(x, from, max, c)));
        });
  }

  /** {@code dx = y (dy - sum y dy)} with y the softmax. */
  public static void softmaxGradient(
      float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int rows, int c) {
    eachRow(
        rows,
        c,
        r -> {
          int p = r * c;
          float dot = RowSums.dot(y, yo + p, dy, dyo + p, c);
          softmaxRow(y, yo + p, dy, dyo + p, dot, dx, dxo + p, c);
        });
  }

  /** {@code dx = dy - e^y sum dy} with y the logarithm of the softmax. */
  public static void logSoftmaxGradient(
      float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int rows, int c) {
    eachRow(
        rows,
        c,
        r -> {
          int p = r * c;
          float sum = RowSums.sum(dy, dyo + p, c);
          logSoftmaxRow(y, yo + p, dy, dyo + p, sum, dx, dxo + p, c);
        });
  }

  /** Writes {@code y = e^(x - shift)} and returns the sum. */
  static double exponentials(float[] x, int xo, float shift, float[] y, int yo, int n) {
    double total = 0;
    for (int block = 0; block < n; block += RUN) {
      total += exponentialRun(x, xo + block, shift, y, yo + block, Math.min(RUN, n - block));
    }
    return total;
  }

  private static float exponentialRun(float[] x, int xo, float shift, float[] y, int yo, int n) {
    FloatVector sum = FloatVector.zero(S);
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector e = VectorMath.expFlush(FloatVector.fromArray(S, x, xo + i).sub(shift));
      e.intoArray(y, yo + i);
      sum = sum.add(e);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector e = VectorMath.expFlush(FloatVector.fromArray(S, x, xo + i, m).sub(shift));
      e.intoArray(y, yo + i, m);
      sum = sum.add(e, m);
    }
    return VectorMath.sum(sum);
  }

  private static double sum(float[] x, int xo, float shift, int n) {
    double total = 0;
    for (int block = 0; block < n; block += RUN) {
      total += sumRun(x, xo + block, shift, Math.min(RUN, n - block));
    }
    return total;
  }

  private static float sumRun(float[] x, int xo, float shift, int n) {
    FloatVector sum = FloatVector.zero(S);
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      sum = sum.add(VectorMath.expFlush(FloatVector.fromArray(S, x, xo + i).sub(shift)));
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      sum = sum.add(VectorMath.expFlush(FloatVector.fromArray(S, x, xo + i, m).sub(shift)), m);
    }
    return VectorMath.sum(sum);
  }

  private static void subtract(
      float[] x, int xo, float first, float second, float[] y, int yo, int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector.fromArray(S, x, xo + i).sub(first).sub(second).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromArray(S, x, xo + i, m).sub(first).sub(second).intoArray(y, yo + i, m);
    }
  }

  private static void softmaxRow(
      float[] y, int yo, float[] dy, int dyo, float dot, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector.fromArray(S, dy, dyo + i, m)
          .sub(dot)
          .mul(FloatVector.fromArray(S, y, yo + i, m))
          .intoArray(dx, dxo + i, m);
    }
  }

  private static void logSoftmaxRow(
      float[] y, int yo, float[] dy, int dyo, float sum, float[] dx, int dxo, int n) {
    FloatVector factor = FloatVector.broadcast(S, -sum);
    for (int i = 0; i < n; i += L) {
      VectorMask<Float> m = S.indexInRange(i, n);
      VectorMath.expFlush(FloatVector.fromArray(S, y, yo + i, m))
          .fma(factor, FloatVector.fromArray(S, dy, dyo + i, m))
          .intoArray(dx, dxo + i, m);
    }
  }

  private interface RowTask {
    void run(int row);
  }

  private static void eachRow(int rows, int c, RowTask task) {
    if (c == 0) {
      return;
    }
    Parallel.forRange(
        rows,
        Math.max(1, VectorUnary.HEAVY / c),
        (begin, end) -> {
          for (int r = begin; r < end; r++) {
            task.run(r);
          }
        });
  }
}
