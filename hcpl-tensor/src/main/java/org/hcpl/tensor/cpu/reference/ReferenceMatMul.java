package org.hcpl.tensor.cpu.reference;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.op.MatMul;
import org.hcpl.tensor.spi.CpuKernel;

/** Matrix products by three loops. */
final class ReferenceMatMul {
  private ReferenceMatMul() {}

  static CpuKernel of(MatMul op) {
    return (in, out) -> {
      int m = out.dim(-2);
      int n = out.dim(-1);
      int k = in[0].dim(op.transposeA() ? -2 : -1);
      Shape batch = out.shape().without(-1).without(-1);
      int[] aStart = starts(in[0].shape(), batch);
      int[] bStart = starts(in[1].shape(), batch);
      for (int t = 0; t < batch.size(); t++) {
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int l = 0; l < k; l++) {
              float a = in[0].get(aStart[t] + (op.transposeA() ? l * m + i : i * k + l));
              float b = in[1].get(bStart[t] + (op.transposeB() ? j * k + l : l * n + j));
              sum += (double) a * b;
            }
            out.set((t * m + i) * n + j, (float) sum);
          }
        }
      }
    };
  }

  /** Where the matrix of every entry of the broadcast batch begins. */
  private static int[] starts(Shape shape, Shape batch) {
    int matrix = shape.dim(-1) * shape.dim(-2);
    int[] starts = new int[batch.size()];
    Shape leading = shape.without(-1).without(-1);
    Walk.over(batch, leading.broadcastStrides(batch), (i, p) -> starts[i] = p * matrix);
    return starts;
  }
}
