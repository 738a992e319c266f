package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.op.Resize;

/**
 * Linear maps that treat rows and columns apart, over {@code [N, H, W, C]}: interpolation in all
 * its modes and, with the transposed taps, its gradient. An output row is first put together from
 * whole input rows, then along itself. Everything writes (does not accumulate).
 */
public final class VectorResize {
  private VectorResize() {}

  /** {@code x [n, h, w, c]} to {@code y [n, newH, newW, c]}. */
  public static void resize(
      float[] x,
      int xo,
      float[] y,
      int yo,
      int n,
      int h,
      int w,
      int c,
      int newH,
      int newW,
      Resize.Mode mode) {
    apply(x, xo, y, yo, n, c, taps(h, newH, mode), taps(w, newW, mode));
  }

  /** {@code dx [n, h, w, c]} from {@code dy [n, newH, newW, c]}. */
  public static void resizeGradient(
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      int n,
      int h,
      int w,
      int c,
      int newH,
      int newW,
      Resize.Mode mode) {
    AxisTaps rows = taps(h, newH, mode).transposed();
    apply(dy, dyo, dx, dxo, n, c, rows, taps(w, newW, mode).transposed());
  }

  private static AxisTaps taps(int from, int to, Resize.Mode mode) {
    return AxisTaps.of(Resize.weights(from, to, mode), to, from);
  }

  /** {@code y = R x C'} for every image and channel. */
  public static void apply(
      float[] x, int xo, float[] y, int yo, int n, int c, AxisTaps rows, AxisTaps columns) {
    int width = columns.from() * c;
    int newWidth = columns.to() * c;
    Parallel.forRange(
        n * rows.to(),
        Math.max(1, VectorUnary.LIGHT / Math.max(1, width + newWidth)),
        (begin, end) -> {
          float[] line = new float[width];
          for (int r = begin; r < end; r++) {
            int image = xo + r / rows.to() * rows.from() * width;
            int o = r % rows.to();
            int first = rows.start()[o];
            int count = rows.start()[o + 1] - first;
            int to = yo + r * newWidth;
            if (count == 1 && rows.weight()[first] == 1f) {
              across(x, image + rows.index()[first] * width, y, to, c, columns);
            } else {
              sumRows(x, image, width, rows, first, count, line);
              across(line, 0, y, to, c, columns);
            }
          }
        });
  }

  private static void sumRows(
      float[] x, int xo, int width, AxisTaps rows, int first, int count, float[] line) {
    if (count == 0) {
      Arrays.fill(line, 0f);
      return;
    }
    int t = first;
    if (count >= 2) {
      sumOfTwo(
          x,
          xo + rows.index()[t] * width,
          rows.weight()[t],
          xo + rows.index()[t + 1] * width,
          rows.weight()[t + 1],
          line,
          0,
          width);
      t += 2;
    } else {
      VectorUnary.scaleRun(rows.weight()[t], x, xo + rows.index()[t] * width, line, 0, width);
      t++;
    }
    for (; t < first + count; t++) {
      VectorOptim.axpyRun(rows.weight()[t], x, xo + rows.index()[t] * width, line, 0, width);
    }
  }

  private static void across(float[] x, int xo, float[] y, int yo, int c, AxisTaps columns) {
    int[] start = columns.start();
    int[] index = columns.index();
    float[] weight = columns.weight();
    for (int o = 0; o < columns.to(); o++) {
      int first = start[o];
      int count = start[o + 1] - first;
      int to = yo + o * c;
      if (count == 1 && weight[first] == 1f) {
        System.arraycopy(x, xo + index[first] * c, y, to, c);
      } else if (c < L / 2) {
        for (int j = 0; j < c; j++) {
          float sum = 0;
          for (int t = first; t < first + count; t++) {
            sum += weight[t] * x[xo + index[t] * c + j];
          }
          y[to + j] = sum;
        }
      } else if (count == 2) {
        sumOfTwo(
            x,
            xo + index[first] * c,
            weight[first],
            xo + index[first + 1] * c,
            weight[first + 1],
            y,
            to,
            c);
      } else {
        weighted(x, xo, c, index, weight, first, count, y, to);
      }
    }
  }

  private static void sumOfTwo(
      float[] x, int p, float a, int q, float b, float[] y, int yo, int n) {
    FloatVector av = FloatVector.broadcast(S, a);
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, q + i).mul(b);
      FloatVector.fromArray(S, x, p + i).fma(av, v).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(S, x, q + i, m).mul(b);
      FloatVector.fromArray(S, x, p + i, m).fma(av, v).intoArray(y, yo + i, m);
    }
  }

  private static void weighted(
      float[] x,
      int xo,
      int c,
      int[] index,
      float[] weight,
      int first,
      int count,
      float[] y,
      int yo) {
    for (int j = 0; j < c; j += L) {
      VectorMask<Float> m = S.indexInRange(j, c);
      FloatVector sum = FloatVector.zero(S);
      for (int t = first; t < first + count; t++) {
        sum =
            FloatVector.fromArray(S, x, xo + index[t] * c + j, m)
                .fma(FloatVector.broadcast(S, weight[t]), sum);
      }
      sum.intoArray(y, yo + j, m);
    }
  }
}
