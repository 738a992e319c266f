package org.hcpl.tensor.cpu;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.op.Binary;
import org.hcpl.tensor.op.Unary;
import org.hcpl.tensor.op.UnaryGradient;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/**
 * Operations value by value from the functions that they state, on all threads: for what has no
 * vector formula, or no vectors to run it on.
 */
final class FastElementwise {
  /** Values of one piece of work: some ten microseconds of a transcendental function. */
  private static final int GRAIN = 1 << 11;

  private FastElementwise() {}

  static CpuKernel unary(Unary op) {
    return (in, out) -> {
      float[] x = in[0].array();
      float[] y = out.array();
      Parallel.forRange(
          out.size(),
          GRAIN,
          (start, end) -> {
            for (int i = start; i < end; i++) {
              y[out.offset() + i] = (float) op.apply(x[in[0].offset() + i]);
            }
          });
    };
  }

  static CpuKernel gradient(UnaryGradient op) {
    return (in, out) -> {
      float[] x = in[0].array();
      float[] y = in[1].array();
      float[] dy = in[2].array();
      float[] dx = out.array();
      Parallel.forRange(
          out.size(),
          GRAIN,
          (start, end) -> {
            for (int i = start; i < end; i++) {
              double slope = op.of().derivative(x[in[0].offset() + i], y[in[1].offset() + i]);
              dx[out.offset() + i] = (float) (dy[in[2].offset() + i] * slope);
            }
          });
    };
  }

  static CpuKernel binary(Binary op) {
    return (in, out) -> {
      Shape shape = out.shape();
      int width = shape.rank() == 0 ? 1 : shape.dim(-1);
      int rows = width == 0 ? 0 : out.size() / width;
      int[] a = in[0].shape().broadcastStrides(shape);
      int[] b = in[1].shape().broadcastStrides(shape);
      int stepA = a.length == 0 ? 0 : a[a.length - 1];
      int stepB = b.length == 0 ? 0 : b[b.length - 1];
      Parallel.forRange(
          rows,
          Math.max(1, GRAIN / Math.max(1, width)),
          (start, end) -> {
            for (int row = start; row < end; row++) {
              int atA = in[0].offset() + position(shape, a, row);
              int atB = in[1].offset() + position(shape, b, row);
              row(
                  op,
                  in[0].array(),
                  atA,
                  stepA,
                  in[1].array(),
                  atB,
                  stepB,
                  out,
                  row * width,
                  width);
            }
          });
    };
  }

  private static void row(
      Binary op,
      float[] a,
      int atA,
      int stepA,
      float[] b,
      int atB,
      int stepB,
      Span out,
      int to,
      int width) {
    float[] y = out.array();
    for (int i = 0; i < width; i++) {
      y[out.offset() + to + i] = (float) op.apply(a[atA + i * stepA], b[atB + i * stepB]);
    }
  }

  /** Where a row of the last axis begins under strides. */
  static int position(Shape shape, int[] strides, int row) {
    int position = 0;
    int rest = row;
    for (int axis = shape.rank() - 2; axis >= 0; axis--) {
      int length = shape.dim(axis);
      position += rest % length * strides[axis];
      rest /= length;
    }
    return position;
  }
}
