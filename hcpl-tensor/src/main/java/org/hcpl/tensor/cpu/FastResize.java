package org.hcpl.tensor.cpu;

import org.hcpl.tensor.cpu.vector.VectorResize;
import org.hcpl.tensor.op.Resize;
import org.hcpl.tensor.op.ResizeGradient;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Interpolation by vector kernels; used only where vectors run. */
final class FastResize {
  private FastResize() {}

  static CpuKernel forward(Resize op) {
    return (in, out) -> {
      Span x = in[0];
      VectorResize.resize(
          x.array(),
          x.offset(),
          out.array(),
          out.offset(),
          x.dim(0),
          x.dim(1),
          x.dim(2),
          x.dim(3),
          op.h(),
          op.w(),
          op.mode());
    };
  }

  static CpuKernel gradient(ResizeGradient op) {
    return (in, out) -> {
      Span dy = in[0];
      VectorResize.resizeGradient(
          dy.array(),
          dy.offset(),
          out.array(),
          out.offset(),
          dy.dim(0),
          op.h(),
          op.w(),
          dy.dim(3),
          dy.dim(1),
          dy.dim(2),
          op.mode());
    };
  }
}
