package org.hcpl.tensor.cpu;

import org.hcpl.tensor.cpu.vector.VectorSoftmax;
import org.hcpl.tensor.op.LogSoftmax;
import org.hcpl.tensor.op.LogSoftmaxGradient;
import org.hcpl.tensor.op.LogSumExp;
import org.hcpl.tensor.op.Softmax;
import org.hcpl.tensor.op.SoftmaxGradient;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Soft maxima by vector kernels over rows; lines along other axes are copied to rows and back. */
final class FastSoftmax {
  private FastSoftmax() {}

  private interface Rows {
    void run(float[] x, int xo, float[] y, int yo, int rows, int c);
  }

  private interface GradientRows {
    void run(float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int rows, int c);
  }

  static CpuKernel softmax(Softmax op) {
    return forward(op.axis(), VectorSoftmax::softmax);
  }

  static CpuKernel logSoftmax(LogSoftmax op) {
    return forward(op.axis(), VectorSoftmax::logSoftmax);
  }

  static CpuKernel logSumExp(LogSumExp op) {
    return forward(op.axis(), VectorSoftmax::logSumExp);
  }

  static CpuKernel softmaxGradient(SoftmaxGradient op) {
    return gradient(op.axis(), VectorSoftmax::softmaxGradient);
  }

  static CpuKernel logSoftmaxGradient(LogSoftmaxGradient op) {
    return gradient(op.axis(), VectorSoftmax::logSoftmaxGradient);
  }

  private static CpuKernel forward(int axis, Rows kernel) {
    return (in, out) -> {
      Lines lines = new Lines(in[0], axis);
      if (lines.inner == 1) {
        kernel.run(
            in[0].array(), in[0].offset(), out.array(), out.offset(), lines.count, lines.length);
        return;
      }
      float[] x = lines.gather(in[0]);
      int rowOut = lines.count == 0 ? 0 : out.size() / lines.count;
      float[] y = rowOut == lines.length ? x : new float[lines.count];
      kernel.run(x, 0, y, 0, lines.count, lines.length);
      if (y == x) {
        lines.scatter(x, out);
      } else {
        System.arraycopy(y, 0, out.array(), out.offset(), y.length);
      }
    };
  }

  private static CpuKernel gradient(int axis, GradientRows kernel) {
    return (in, out) -> {
      Lines lines = new Lines(out, axis);
      if (lines.inner == 1) {
        kernel.run(
            in[0].array(),
            in[0].offset(),
            in[1].array(),
            in[1].offset(),
            out.array(),
            out.offset(),
            lines.count,
            lines.length);
        return;
      }
      float[] dx = new float[out.size()];
      kernel.run(lines.gather(in[0]), 0, lines.gather(in[1]), 0, dx, 0, lines.count, lines.length);
      lines.scatter(dx, out);
    };
  }

  /** The lines along an axis, as rows of an array of their own. */
  private static final class Lines {
    final int length;
    final int inner;
    final int count;

    Lines(Span span, int axis) {
      length = span.dim(axis);
      inner = span.shape().product(axis + 1, span.shape().rank());
      count = span.shape().product(0, axis) * inner;
    }

    float[] gather(Span from) {
      float[] rows = new float[from.size()];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = from.get(place(i));
      }
      return rows;
    }

    void scatter(float[] rows, Span to) {
      for (int i = 0; i < rows.length; i++) {
        to.set(place(i), rows[i]);
      }
    }

    private int place(int i) {
      int line = i / length;
      return (line / inner * length + i % length) * inner + line % inner;
    }
  }
}
