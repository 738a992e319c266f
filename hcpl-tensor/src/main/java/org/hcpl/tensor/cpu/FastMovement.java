package org.hcpl.tensor.cpu;

import java.util.Arrays;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.cpu.vector.VectorMove;
import org.hcpl.tensor.op.BroadcastTo;
import org.hcpl.tensor.op.Concat;
import org.hcpl.tensor.op.Fold;
import org.hcpl.tensor.op.Gather;
import org.hcpl.tensor.op.Pad;
import org.hcpl.tensor.op.Permute;
import org.hcpl.tensor.op.ScatterAdd;
import org.hcpl.tensor.op.Slice;
import org.hcpl.tensor.op.Unfold;
import org.hcpl.tensor.op.Window;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Moving values by runs as long as they come, on all threads. */
final class FastMovement {
  /** Values of one piece of work. */
  private static final int GRAIN = 1 << 15;

  private FastMovement() {}

  static CpuKernel permute(Permute op) {
    return (in, out) ->
        VectorMove.permute(
            in[0].array(),
            in[0].offset(),
            in[0].shape().dims(),
            op.axes(),
            out.array(),
            out.offset());
  }

  static CpuKernel slice(Slice op) {
    return (in, out) -> {
      int inner = inner(out.shape(), op.axis());
      int run = op.size() * inner;
      int stride = in[0].dim(op.axis()) * inner;
      each(
          out.shape().product(0, op.axis()),
          run,
          o -> copy(in[0], o * stride + op.start() * inner, out, o * run, run));
    };
  }

  static CpuKernel concat(Concat op) {
    return (in, out) -> {
      int inner = inner(out.shape(), op.axis());
      int stride = out.dim(op.axis()) * inner;
      int outer = out.shape().product(0, op.axis());
      if (outer == 1) {
        int start = 0;
        for (Span part : in) {
          copyAll(part, out, start);
          start += part.size();
        }
        return;
      }
      each(
          outer,
          stride,
          o -> {
            int to = o * stride;
            for (Span part : in) {
              int run = part.dim(op.axis()) * inner;
              copy(part, o * run, out, to, run);
              to += run;
            }
          });
    };
  }

  static CpuKernel gather(Gather op) {
    return (in, out) -> {
      int inner = inner(out.shape(), op.axis());
      int count = op.index().length;
      int length = in[0].dim(op.axis());
      each(
          out.shape().product(0, op.axis()) * count,
          inner,
          i ->
              copy(
                  in[0],
                  (i / count * length + op.index()[i % count]) * inner,
                  out,
                  i * inner,
                  inner));
    };
  }

  static CpuKernel scatterAdd(ScatterAdd op) {
    return (in, out) -> {
      int inner = inner(out.shape(), op.axis());
      int count = op.index().length;
      each(
          out.shape().product(0, op.axis()),
          count * inner,
          o -> {
            double[] sums = new double[op.length() * inner];
            for (int i = 0; i < count; i++) {
              int from = in[0].offset() + (o * count + i) * inner;
              for (int k = 0; k < inner; k++) {
                sums[op.index()[i] * inner + k] += in[0].array()[from + k];
              }
            }
            for (int i = 0; i < sums.length; i++) {
              out.array()[out.offset() + o * sums.length + i] = (float) sums[i];
            }
          });
    };
  }

  static CpuKernel pad(Pad op) {
    return (in, out) -> {
      fill(out, (float) op.value());
      Shape shape = in[0].shape();
      int rank = shape.rank();
      if (rank == 0) {
        copy(in[0], 0, out, 0, 1);
        return;
      }
      int width = shape.dim(-1);
      int[] strides = out.shape().strides();
      int start = 0;
      for (int axis = 0; axis < rank; axis++) {
        start += strides[axis] * op.before()[axis];
      }
      int first = start;
      each(
          width == 0 ? 0 : shape.size() / width,
          width,
          row -> {
            int to = first + FastElementwise.position(shape, strides, row);
            copy(in[0], row * width, out, to, width);
          });
    };
  }

  static CpuKernel broadcast(BroadcastTo op) {
    return (in, out) -> {
      Shape shape = out.shape();
      if (shape.rank() == 0) {
        copy(in[0], 0, out, 0, 1);
        return;
      }
      int[] strides = in[0].shape().broadcastStrides(shape);
      int width = shape.dim(-1);
      boolean same = strides[strides.length - 1] == 1;
      each(
          width == 0 ? 0 : out.size() / width,
          width,
          row -> {
            int from = FastElementwise.position(shape, strides, row);
            int to = row * width;
            if (same) {
              copy(in[0], from, out, to, width);
            } else {
              int at = out.offset() + to;
              Arrays.fill(out.array(), at, at + width, in[0].get(from));
            }
          });
    };
  }

  static CpuKernel unfold(Unfold op) {
    return (in, out) -> {
      Window window = op.window();
      int outH = out.dim(1);
      int outW = out.dim(2);
      int taps = window.kernelH() * window.kernelW();
      int c = out.dim(5);
      each(
          out.dim(0) * outH * outW,
          taps * c,
          place -> {
            for (int tap = 0; tap < taps; tap++) {
              int from = pixel(window, in[0].shape(), place, outH, outW, tap);
              int to = (place * taps + tap) * c;
              if (from < 0) {
                Arrays.fill(out.array(), out.offset() + to, out.offset() + to + c, 0);
              } else {
                copy(in[0], from * c, out, to, c);
              }
            }
          });
    };
  }

  static CpuKernel fold(Fold op) {
    return (in, out) -> {
      Window window = op.window();
      int outH = in[0].dim(1);
      int outW = in[0].dim(2);
      int taps = window.kernelH() * window.kernelW();
      int c = out.dim(3);
      int image = out.size() / Math.max(1, out.dim(0));
      // Windows overlap within an image, never across images.
      each(
          out.dim(0),
          image,
          n -> {
            int first = out.offset() + n * image;
            Arrays.fill(out.array(), first, first + image, 0);
            for (int place = n * outH * outW; place < (n + 1) * outH * outW; place++) {
              for (int tap = 0; tap < taps; tap++) {
                int to = pixel(window, out.shape(), place, outH, outW, tap);
                if (to >= 0) {
                  add(in[0], (place * taps + tap) * c, out, to * c, c);
                }
              }
            }
          });
    };
  }

  /** The pixel that a tap of a place sees, counted over all images; -1 outside. */
  private static int pixel(Window window, Shape image, int place, int outH, int outW, int tap) {
    int row =
        place / outW % outH * window.strideH()
            - window.top()
            + tap / window.kernelW() * window.dilationH();
    int column =
        place % outW * window.strideW()
            - window.left()
            + tap % window.kernelW() * window.dilationW();
    if (row < 0 || row >= image.dim(1) || column < 0 || column >= image.dim(2)) {
      return -1;
    }
    return (place / outW / outH * image.dim(1) + row) * image.dim(2) + column;
  }

  private static void add(Span from, int start, Span to, int at, int count) {
    float[] x = from.array();
    float[] y = to.array();
    int i = from.offset() + start;
    int j = to.offset() + at;
    for (int k = 0; k < count; k++) {
      y[j + k] += x[i + k];
    }
  }

  /** One of many runs. */
  private interface Run {
    void at(int number);
  }

  private static void each(int count, int length, Run run) {
    Parallel.forRange(
        count,
        Math.max(1, GRAIN / Math.max(1, length)),
        (start, end) -> {
          for (int i = start; i < end; i++) {
            run.at(i);
          }
        });
  }

  private static void copy(Span from, int start, Span to, int at, int count) {
    System.arraycopy(from.array(), from.offset() + start, to.array(), to.offset() + at, count);
  }

  private static void copyAll(Span from, Span to, int at) {
    Parallel.forRange(
        from.size(), GRAIN, (start, end) -> copy(from, start, to, at + start, end - start));
  }

  private static void fill(Span span, float value) {
    Parallel.forRange(
        span.size(),
        GRAIN,
        (start, end) ->
            Arrays.fill(span.array(), span.offset() + start, span.offset() + end, value));
  }

  private static int inner(Shape shape, int axis) {
    return shape.product(axis + 1, shape.rank());
  }
}
