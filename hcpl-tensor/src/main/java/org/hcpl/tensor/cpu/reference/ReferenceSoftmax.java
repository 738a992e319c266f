package org.hcpl.tensor.cpu.reference;

import org.hcpl.tensor.op.LogSoftmax;
import org.hcpl.tensor.op.LogSoftmaxGradient;
import org.hcpl.tensor.op.LogSumExp;
import org.hcpl.tensor.op.Softmax;
import org.hcpl.tensor.op.SoftmaxGradient;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Soft maxima along an axis. */
final class ReferenceSoftmax {
  private ReferenceSoftmax() {}

  /** A line along the axis: its values are at {@code start + k * step}. */
  private interface Line {
    void at(int start, int step, int number);
  }

  static CpuKernel softmax(Softmax op) {
    return (in, out) -> {
      int length = out.dim(op.axis());
      lines(
          out,
          op.axis(),
          (start, step, number) -> {
            double largest = largest(in[0], start, step, length);
            double sum = sum(in[0], start, step, length, largest);
            for (int k = 0; k < length; k++) {
              int i = start + k * step;
              out.set(i, (float) (Math.exp(in[0].get(i) - largest) / sum));
            }
          });
    };
  }

  static CpuKernel logSoftmax(LogSoftmax op) {
    return (in, out) -> {
      int length = out.dim(op.axis());
      lines(
          out,
          op.axis(),
          (start, step, number) -> {
            double largest = largest(in[0], start, step, length);
            double log = Math.log(sum(in[0], start, step, length, largest));
            for (int k = 0; k < length; k++) {
              int i = start + k * step;
              // Not of a sum: beside a large maximum the logarithm would be lost.
              out.set(i, (float) (in[0].get(i) - largest - log));
            }
          });
    };
  }

  static CpuKernel logSumExp(LogSumExp op) {
    return (in, out) -> {
      int length = in[0].dim(op.axis());
      lines(
          in[0],
          op.axis(),
          (start, step, number) -> out.set(number, (float) logSumExp(in[0], start, step, length)));
    };
  }

  static CpuKernel softmaxGradient(SoftmaxGradient op) {
    return (in, out) -> {
      int length = out.dim(op.axis());
      lines(
          out,
          op.axis(),
          (start, step, number) -> {
            double dot = 0;
            for (int k = 0; k < length; k++) {
              int i = start + k * step;
              dot += (double) in[0].get(i) * in[1].get(i);
            }
            for (int k = 0; k < length; k++) {
              int i = start + k * step;
              out.set(i, (float) (in[0].get(i) * (in[1].get(i) - dot)));
            }
          });
    };
  }

  static CpuKernel logSoftmaxGradient(LogSoftmaxGradient op) {
    return (in, out) -> {
      int length = out.dim(op.axis());
      lines(
          out,
          op.axis(),
          (start, step, number) -> {
            double sum = 0;
            for (int k = 0; k < length; k++) {
              sum += in[1].get(start + k * step);
            }
            for (int k = 0; k < length; k++) {
              int i = start + k * step;
              out.set(i, (float) (in[1].get(i) - Math.exp(in[0].get(i)) * sum));
            }
          });
    };
  }

  private static void lines(Span span, int axis, Line line) {
    int length = span.dim(axis);
    int inner = span.shape().product(axis + 1, span.shape().rank());
    int count = span.shape().product(0, axis) * inner;
    for (int number = 0; number < count; number++) {
      line.at(number / inner * length * inner + number % inner, inner, number);
    }
  }

  private static double logSumExp(Span x, int start, int step, int length) {
    double largest = largest(x, start, step, length);
    return Double.isInfinite(largest)
        ? largest
        : largest + Math.log(sum(x, start, step, length, largest));
  }

  private static double largest(Span x, int start, int step, int length) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < length; k++) {
      largest = Math.max(largest, x.get(start + k * step));
    }
    return largest;
  }

  /** Of {@code exp(x - largest)}; NaN if the largest is infinite. */
  private static double sum(Span x, int start, int step, int length, double largest) {
    double sum = 0;
    for (int k = 0; k < length; k++) {
      sum += Math.exp(x.get(start + k * step) - largest);
    }
    return sum;
  }
}
