package org.hcpl.tensor.cpu.reference;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.op.Concat;
import org.hcpl.tensor.op.Gather;
import org.hcpl.tensor.op.Pad;
import org.hcpl.tensor.op.Permute;
import org.hcpl.tensor.op.ScatterAdd;
import org.hcpl.tensor.op.Slice;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Moving values. An axis op sees its input as {@code [outer, length, inner]}. */
final class ReferenceMovement {
  private ReferenceMovement() {}

  static void copy(Span[] in, Span out) {
    System.arraycopy(in[0].array(), in[0].offset(), out.array(), out.offset(), out.size());
  }

  static CpuKernel permute(Permute op) {
    return (in, out) -> {
      int[] strides = in[0].shape().strides();
      int[] permuted = new int[strides.length];
      for (int i = 0; i < strides.length; i++) {
        permuted[i] = strides[op.axes()[i]];
      }
      Walk.over(out.shape(), permuted, (i, p) -> out.set(i, in[0].get(p)));
    };
  }

  static void broadcast(Span[] in, Span out) {
    Walk.over(
        out.shape(),
        in[0].shape().broadcastStrides(out.shape()),
        (i, p) -> out.set(i, in[0].get(p)));
  }

  static CpuKernel slice(Slice op) {
    return (in, out) -> {
      int inner = inner(out.shape(), op.axis());
      int outer = out.shape().product(0, op.axis());
      for (int o = 0; o < outer; o++) {
        int from = (o * in[0].dim(op.axis()) + op.start()) * inner;
        System.arraycopy(
            in[0].array(),
            in[0].offset() + from,
            out.array(),
            out.offset() + o * op.size() * inner,
            op.size() * inner);
      }
    };
  }

  static CpuKernel pad(Pad op) {
    return (in, out) -> {
      for (int i = 0; i < out.size(); i++) {
        out.set(i, (float) op.value());
      }
      int[] strides = out.shape().strides();
      int start = 0;
      for (int axis = 0; axis < strides.length; axis++) {
        start += strides[axis] * op.before()[axis];
      }
      int base = start;
      Walk.over(in[0].shape(), strides, (i, p) -> out.set(base + p, in[0].get(i)));
    };
  }

  static CpuKernel concat(Concat op) {
    return (in, out) -> {
      int inner = inner(out.shape(), op.axis());
      int outer = out.shape().product(0, op.axis());
      int start = 0;
      for (Span part : in) {
        int run = part.dim(op.axis()) * inner;
        for (int o = 0; o < outer; o++) {
          int to = out.offset() + o * out.dim(op.axis()) * inner + start;
          System.arraycopy(part.array(), part.offset() + o * run, out.array(), to, run);
        }
        start += run;
      }
    };
  }

  static CpuKernel gather(Gather op) {
    return (in, out) -> {
      int inner = inner(out.shape(), op.axis());
      int outer = out.shape().product(0, op.axis());
      int count = op.index().length;
      for (int o = 0; o < outer; o++) {
        for (int i = 0; i < count; i++) {
          int from = (o * in[0].dim(op.axis()) + op.index()[i]) * inner;
          System.arraycopy(
              in[0].array(),
              in[0].offset() + from,
              out.array(),
              out.offset() + (o * count + i) * inner,
              inner);
        }
      }
    };
  }

  static CpuKernel scatterAdd(ScatterAdd op) {
    return (in, out) -> {
      int inner = inner(out.shape(), op.axis());
      int outer = out.shape().product(0, op.axis());
      int count = op.index().length;
      double[] sums = new double[out.size()];
      for (int o = 0; o < outer; o++) {
        for (int i = 0; i < count; i++) {
          for (int k = 0; k < inner; k++) {
            sums[(o * op.length() + op.index()[i]) * inner + k] +=
                in[0].get((o * count + i) * inner + k);
          }
        }
      }
      for (int i = 0; i < sums.length; i++) {
        out.set(i, (float) sums[i]);
      }
    };
  }

  private static int inner(Shape shape, int axis) {
    return shape.product(axis + 1, shape.rank());
  }
}
