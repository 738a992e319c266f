package org.hcpl.tensor.cpu.reference;

import org.hcpl.tensor.op.Max;
import org.hcpl.tensor.op.MaxGradient;
import org.hcpl.tensor.op.Sum;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Folding axes. */
final class ReferenceReduce {
  private ReferenceReduce() {}

  static CpuKernel sum(Sum op) {
    return (in, out) -> {
      double[] sums = new double[out.size()];
      int[] strides = out.shape().broadcastStrides(in[0].shape());
      Walk.over(in[0].shape(), strides, (i, p) -> sums[p] += in[0].get(i));
      for (int i = 0; i < sums.length; i++) {
        out.set(i, (float) sums[i]);
      }
    };
  }

  static CpuKernel max(Max op) {
    return (in, out) -> {
      int[] best = firstMaximum(in[0], op.axis());
      for (int i = 0; i < best.length; i++) {
        out.set(i, in[0].get(best[i]));
      }
    };
  }

  static CpuKernel maxGradient(MaxGradient op) {
    return (in, out) -> {
      for (int i = 0; i < out.size(); i++) {
        out.set(i, 0);
      }
      int[] best = firstMaximum(in[0], op.axis());
      for (int i = 0; i < best.length; i++) {
        out.set(best[i], in[1].get(i));
      }
    };
  }

  /** For every element of the result, where in x its first maximum (or first NaN) is. */
  private static int[] firstMaximum(Span x, int axis) {
    int length = x.dim(axis);
    int inner = x.shape().product(axis + 1, x.shape().rank());
    int outer = x.shape().product(0, axis);
    int[] best = new int[outer * inner];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        int at = o * length * inner + i;
        for (int k = 1; k < length; k++) {
          int candidate = (o * length + k) * inner + i;
          if (x.get(candidate) > x.get(at)
              || (Float.isNaN(x.get(candidate)) && !Float.isNaN(x.get(at)))) {
            at = candidate;
          }
        }
        best[o * inner + i] = at;
      }
    }
    return best;
  }
}
