package org.hcpl.tensor.cpu;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.cpu.vector.VectorOuter;
import org.hcpl.tensor.op.MatMul;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Matrix products by {@link Gemm}. */
final class FastProducts {
  /** Rows from which a product of a transposed left matrix is taken as a sum of outer products. */
  private static final int MANY_ROWS = 64;

  /** Rows from which on packed weights are faster than reading weights once as they lie. */
  private static final int PACKED_ROWS = 8;

  private FastProducts() {}

  static void linear(Span[] in, Span out) {
    int k = in[1].dim(1);
    int n = in[1].dim(0);
    int m = n == 0 ? 0 : out.size() / n;
    Epilogue bias = in.length > 2 ? Epilogue.bias(in[2].array(), in[2].offset()) : null;
    PackedB packed = m < PACKED_ROWS ? null : packed(in[1]);
    if (packed != null) {
      Gemm.run(
          false,
          m,
          in[0].array(),
          in[0].offset(),
          k,
          packed,
          out.array(),
          out.offset(),
          n,
          false,
          bias);
      return;
    }
    product(false, true, m, n, k, in[0], 0, in[1], 0, out, 0, bias);
  }

  /** Weights {@code [out, in]} packed in an earlier run, or null. */
  private static PackedB packed(Span weight) {
    int n = weight.dim(0);
    int k = weight.dim(1);
    return WeightCache.find(
        PackedB.class,
        weight,
        weight.shape(),
        () -> PackedB.of(true, k, n, weight.array(), weight.offset(), k));
  }

  static CpuKernel matMul(MatMul op) {
    return (in, out) -> {
      int m = out.dim(-2);
      int n = out.dim(-1);
      int k = in[0].dim(op.transposeA() ? -2 : -1);
      Shape batch = leading(out.shape());
      if (batch.size() == 0) {
        return;
      }
      if (leading(in[1].shape()).size() == 1 && !op.transposeA()) {
        // One right matrix for all: the left ones are rows of one product, unless repeated.
        if (leading(in[0].shape()).size() == batch.size()) {
          int rows = m * batch.size();
          product(false, op.transposeB(), rows, n, k, in[0], 0, in[1], 0, out, 0, null);
          return;
        }
      }
      int[] a = starts(in[0].shape(), batch);
      int[] b = starts(in[1].shape(), batch);
      int grain = batch.size() >= 2 * Parallel.threads() ? 1 : batch.size();
      Parallel.forRange(
          batch.size(),
          grain,
          (start, end) -> {
            for (int t = start; t < end; t++) {
              int to = t * m * n;
              product(
                  op.transposeA(),
                  op.transposeB(),
                  m,
                  n,
                  k,
                  in[0],
                  a[t],
                  in[1],
                  b[t],
                  out,
                  to,
                  null);
            }
          });
    };
  }

  private static void product(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      Span a,
      int atA,
      Span b,
      int atB,
      Span c,
      int atC,
      Epilogue epilogue) {
    if (transA && !transB && k >= MANY_ROWS && VectorSupport.available()) {
      VectorOuter.run(
          k,
          m,
          a.array(),
          a.offset() + atA,
          m,
          n,
          b.array(),
          b.offset() + atB,
          n,
          c.array(),
          c.offset() + atC);
      return;
    }
    Gemm.run(
        transA,
        transB,
        m,
        n,
        k,
        a.array(),
        a.offset() + atA,
        transA ? m : k,
        b.array(),
        b.offset() + atB,
        transB ? k : n,
        c.array(),
        c.offset() + atC,
        n,
        false,
        epilogue);
  }

  private static Shape leading(Shape shape) {
    return shape.without(-1).without(-1);
  }

  /** Where the matrix of every entry of the broadcast batch begins. */
  private static int[] starts(Shape shape, Shape batch) {
    int matrix = shape.dim(-1) * shape.dim(-2);
    int[] strides = leading(shape).broadcastStrides(batch);
    int[] starts = new int[batch.size()];
    for (int t = 0; t < starts.length; t++) {
      int rest = t;
      for (int axis = batch.rank() - 1; axis >= 0; axis--) {
        starts[t] += rest % batch.dim(axis) * strides[axis] * matrix;
        rest /= batch.dim(axis);
      }
    }
    return starts;
  }
}
