package org.hcpl.tensor.cpu.reference;

import java.util.Arrays;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.op.AvgPool2d;
import org.hcpl.tensor.op.AvgPool2dGradient;
import org.hcpl.tensor.op.MaxPool2d;
import org.hcpl.tensor.op.MaxPool2dGradient;
import org.hcpl.tensor.op.PoolOptions;
import org.hcpl.tensor.op.Window;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Pooling by the loops of the definition. */
final class ReferencePool {
  private ReferencePool() {}

  /** A value of the result, its place {@code [outH, outW]}, and one that its window sees. */
  private interface Visit {
    void at(int y, int place, int x);
  }

  static CpuKernel max(MaxPool2d op) {
    return (in, out) -> {
      int[] best = best(op.options(), in[0]);
      for (int i = 0; i < best.length; i++) {
        out.set(i, best[i] < 0 ? Float.NEGATIVE_INFINITY : in[0].get(best[i]));
      }
    };
  }

  static CpuKernel maxGradient(MaxPool2dGradient op) {
    return (in, out) -> {
      double[] sums = new double[out.size()];
      int[] best = best(op.options(), in[0]);
      for (int i = 0; i < best.length; i++) {
        if (best[i] >= 0) {
          sums[best[i]] += in[1].get(i);
        }
      }
      store(sums, out);
    };
  }

  static CpuKernel average(AvgPool2d op) {
    return (in, out) -> {
      float[] weights = op.options().averageWeights(in[0].shape());
      double[] sums = new double[out.size()];
      walk(
          op.options(),
          in[0].shape(),
          (y, place, x) -> sums[y] += (double) in[0].get(x) * weights[place]);
      store(sums, out);
    };
  }

  static CpuKernel averageGradient(AvgPool2dGradient op) {
    return (in, out) -> {
      float[] weights = op.options().averageWeights(out.shape());
      double[] sums = new double[out.size()];
      walk(
          op.options(),
          out.shape(),
          (y, place, x) -> sums[x] += (double) in[0].get(y) * weights[place]);
      store(sums, out);
    };
  }

  private static void store(double[] sums, Span out) {
    for (int i = 0; i < sums.length; i++) {
      out.set(i, (float) sums[i]);
    }
  }

  /**
   * Where the first largest value (or first NaN) of every window is; -1 for one of padding only.
   */
  private static int[] best(PoolOptions options, Span x) {
    Window window = options.window(x.shape());
    int[] best = new int[x.dim(0) * window.outH(x.dim(1)) * window.outW(x.dim(2)) * x.dim(3)];
    Arrays.fill(best, -1);
    walk(
        options,
        x.shape(),
        (y, place, i) -> {
          if (best[y] < 0
              || x.get(i) > x.get(best[y])
              || (Float.isNaN(x.get(i)) && !Float.isNaN(x.get(best[y])))) {
            best[y] = i;
          }
        });
    return best;
  }

  private static void walk(PoolOptions options, Shape x, Visit visit) {
    Window window = options.window(x);
    int outH = window.outH(x.dim(1));
    int outW = window.outW(x.dim(2));
    int c = x.dim(3);
    for (int pixel = 0; pixel < x.dim(0) * outH * outW; pixel++) {
      int place = pixel % (outH * outW);
      int image = pixel / (outH * outW);
      for (int tap = 0; tap < window.kernelH() * window.kernelW(); tap++) {
        int row = place / outW * window.strideH() - window.top() + tap / window.kernelW();
        int column = place % outW * window.strideW() - window.left() + tap % window.kernelW();
        if (row < 0 || row >= x.dim(1) || column < 0 || column >= x.dim(2)) {
          continue;
        }
        for (int k = 0; k < c; k++) {
          int from = ((image * x.dim(1) + row) * x.dim(2) + column) * c + k;
          visit.at(pixel * c + k, place, from);
        }
      }
    }
  }
}
