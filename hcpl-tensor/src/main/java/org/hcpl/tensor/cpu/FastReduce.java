package org.hcpl.tensor.cpu;

import java.util.Arrays;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.cpu.vector.VectorReduce;
import org.hcpl.tensor.op.Max;
import org.hcpl.tensor.op.MaxGradient;
import org.hcpl.tensor.op.Sum;
import org.hcpl.tensor.op.SumOfProducts;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Folding axes: neighbouring ones together, by {@code [outer, axis, inner]} kernels. */
final class FastReduce {
  private static final int GRAIN = 1 << 14;

  private FastReduce() {}

  /** Folds the middle axis of {@code [outer, axis, inner]}. */
  private interface Fold {
    void run(float[] x, int xo, int outer, int axis, int inner, float[] y, int yo);
  }

  static CpuKernel sum(Sum op) {
    Fold fold = VectorSupport.available() ? VectorReduce::sum : FastReduce::plainSum;
    return (in, out) -> {
      float[] from = in[0].array();
      int at = in[0].offset();
      int[] dims = in[0].shape().dims();
      int last = op.axes().length - 1;
      if (last < 0) {
        System.arraycopy(from, at, out.array(), out.offset(), out.size());
      }
      // From the last run of axes to the first, so that what remains is small at once.
      while (last >= 0) {
        int first = last;
        while (first > 0 && op.axes()[first - 1] == op.axes()[first] - 1) {
          first--;
        }
        int outer = 1;
        int axis = 1;
        int inner = 1;
        for (int i = 0; i < dims.length; i++) {
          if (i < op.axes()[first]) {
            outer *= dims[i];
          } else if (i <= op.axes()[last]) {
            axis *= dims[i];
            dims[i] = 1;
          } else {
            inner *= dims[i];
          }
        }
        boolean done = first == 0;
        float[] to = done ? out.array() : new float[outer * inner];
        int start = done ? out.offset() : 0;
        fold.run(from, at, outer, axis, inner, to, start);
        from = to;
        at = start;
        last = first - 1;
      }
    };
  }

  /** Used only where vectors run. */
  static CpuKernel sumOfProducts(SumOfProducts op) {
    return (in, out) -> {
      Shape from = in[0].shape();
      int extra = from.rank() - op.to().rank();
      int first = from.rank();
      int last = -1;
      for (int i = 0; i < from.rank(); i++) {
        if (i < extra || (op.to().dim(i - extra) == 1 && from.dim(i) != 1)) {
          first = Math.min(first, i);
          last = i;
        }
      }
      if (last < 0) {
        first = 0;
      }
      int axis = from.product(first, last + 1);
      int kept = 1;
      for (int i = first; i <= last; i++) {
        kept *= i < extra ? 1 : op.to().dim(i - extra);
      }
      int outer = from.product(0, first);
      int inner = from.product(last + 1, from.rank());
      if (kept == 1) {
        VectorReduce.sumOfProducts(
            in[0].array(),
            in[0].offset(),
            in[1].array(),
            in[1].offset(),
            outer,
            axis,
            inner,
            out.array(),
            out.offset());
        return;
      }
      scattered(in, out, from);
    };
  }

  /** Folded axes with others between them: rare, so in plain double sums. */
  private static void scattered(Span[] in, Span out, Shape from) {
    double[] sums = new double[out.size()];
    int[] strides = out.shape().broadcastStrides(from);
    int width = from.dim(-1);
    int step = strides[strides.length - 1];
    for (int row = 0; row < from.size() / Math.max(1, width); row++) {
      int at = FastElementwise.position(from, strides, row);
      for (int i = 0; i < width; i++) {
        sums[at + i * step] += (double) in[0].get(row * width + i) * in[1].get(row * width + i);
      }
    }
    for (int i = 0; i < sums.length; i++) {
      out.set(i, (float) sums[i]);
    }
  }

  static CpuKernel max(Max op) {
    Fold fold = VectorSupport.available() ? VectorReduce::max : FastReduce::plainMax;
    return (in, out) -> {
      int outer = in[0].shape().product(0, op.axis());
      int axis = in[0].dim(op.axis());
      int inner = outer * axis == 0 ? 0 : in[0].size() / outer / axis;
      if (out.size() > 0) {
        fold.run(in[0].array(), in[0].offset(), outer, axis, inner, out.array(), out.offset());
      }
    };
  }

  static CpuKernel maxGradient(MaxGradient op) {
    return (in, out) -> {
      if (out.size() == 0) {
        return;
      }
      int outer = out.shape().product(0, op.axis());
      int axis = out.dim(op.axis());
      int inner = out.size() / outer / axis;
      Parallel.forRange(
          outer,
          Math.max(1, GRAIN / (axis * inner)),
          (start, end) -> {
            int[] best = new int[inner];
            for (int o = start; o < end; o++) {
              firstMaximum(in[0], o, axis, inner, best);
              int from = out.offset() + o * axis * inner;
              Arrays.fill(out.array(), from, from + axis * inner, 0);
              for (int i = 0; i < inner; i++) {
                out.set((o * axis + best[i]) * inner + i, in[1].get(o * inner + i));
              }
            }
          });
    };
  }

  private static void firstMaximum(Span x, int o, int axis, int inner, int[] best) {
    Arrays.fill(best, 0);
    float[] values = x.array();
    int base = x.offset() + o * axis * inner;
    for (int k = 1; k < axis; k++) {
      for (int i = 0; i < inner; i++) {
        float value = values[base + k * inner + i];
        float largest = values[base + best[i] * inner + i];
        if (value > largest || (Float.isNaN(value) && !Float.isNaN(largest))) {
          best[i] = k;
        }
      }
    }
  }

  private static void plainSum(
      float[] x, int xo, int outer, int axis, int inner, float[] y, int yo) {
    if (outer == 1 && inner > 1) {
      int chunks = Parallel.chunks(axis, Math.max(1, GRAIN / inner));
      double[][] parts = new double[Math.max(1, chunks)][inner];
      Parallel.forParts(
          axis,
          chunks,
          (chunk, start, end) -> addRows(x, xo + start * inner, end - start, inner, parts[chunk]));
      for (int i = 0; i < inner; i++) {
        double sum = 0;
        for (double[] part : parts) {
          sum += part[i];
        }
        y[yo + i] = (float) sum;
      }
      return;
    }
    Parallel.forRange(
        outer,
        Math.max(1, GRAIN / Math.max(1, axis * inner)),
        (start, end) -> {
          double[] sums = new double[inner];
          for (int o = start; o < end; o++) {
            Arrays.fill(sums, 0);
            addRows(x, xo + o * axis * inner, axis, inner, sums);
            for (int i = 0; i < inner; i++) {
              y[yo + o * inner + i] = (float) sums[i];
            }
          }
        });
  }

  private static void addRows(float[] x, int xo, int rows, int inner, double[] sums) {
    for (int k = 0; k < rows; k++) {
      for (int i = 0; i < inner; i++) {
        sums[i] += x[xo + k * inner + i];
      }
    }
  }

  private static void plainMax(
      float[] x, int xo, int outer, int axis, int inner, float[] y, int yo) {
    Parallel.forRange(
        outer,
        Math.max(1, GRAIN / (axis * inner)),
        (start, end) -> {
          for (int o = start; o < end; o++) {
            int base = xo + o * axis * inner;
            System.arraycopy(x, base, y, yo + o * inner, inner);
            for (int k = 1; k < axis; k++) {
              for (int i = 0; i < inner; i++) {
                int at = yo + o * inner + i;
                y[at] = Math.max(y[at], x[base + k * inner + i]);
              }
            }
          }
        });
  }
}
