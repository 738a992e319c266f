package org.hcpl.tensor.cpu.reference;

import org.hcpl.tensor.op.Binary;
import org.hcpl.tensor.op.Unary;
import org.hcpl.tensor.op.UnaryGradient;
import org.hcpl.tensor.spi.CpuKernel;

/** Value by value, from the functions that the operations state. */
final class ReferenceElementwise {
  private ReferenceElementwise() {}

  static CpuKernel unary(Unary op) {
    return (in, out) -> {
      for (int i = 0; i < out.size(); i++) {
        out.set(i, (float) op.apply(in[0].get(i)));
      }
    };
  }

  static CpuKernel gradient(UnaryGradient op) {
    return (in, out) -> {
      for (int i = 0; i < out.size(); i++) {
        double x = in[0].get(i);
        out.set(i, (float) (in[2].get(i) * op.of().derivative(x, op.of().apply(x))));
      }
    };
  }

  static CpuKernel binary(Binary op) {
    return (in, out) -> {
      int[] position = new int[out.size()];
      Walk.over(
          out.shape(), in[1].shape().broadcastStrides(out.shape()), (i, p) -> position[i] = p);
      Walk.over(
          out.shape(),
          in[0].shape().broadcastStrides(out.shape()),
          (i, p) -> out.set(i, (float) op.apply(in[0].get(p), in[1].get(position[i]))));
    };
  }
}
