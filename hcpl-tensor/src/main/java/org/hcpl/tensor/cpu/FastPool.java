package org.hcpl.tensor.cpu;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.cpu.vector.VectorPool;
import org.hcpl.tensor.op.AdaptiveAvgPool2d;
import org.hcpl.tensor.op.AvgPool2d;
import org.hcpl.tensor.op.AvgPool2dGradient;
import org.hcpl.tensor.op.MaxPool2d;
import org.hcpl.tensor.op.MaxPool2dGradient;
import org.hcpl.tensor.op.PoolGeometry;
import org.hcpl.tensor.op.PoolOptions;
import org.hcpl.tensor.op.Window;
import org.hcpl.tensor.spi.CpuKernel;

/** Pooling by vector kernels; used only where vectors run. */
final class FastPool {
  private FastPool() {}

  static CpuKernel max(MaxPool2d op) {
    return (in, out) ->
        VectorPool.max(
            in[0].array(),
            in[0].offset(),
            out.array(),
            out.offset(),
            geometry(op.options(), in[0].shape()));
  }

  static CpuKernel maxGradient(MaxPool2dGradient op) {
    return (in, out) ->
        VectorPool.maxGradient(
            in[0].array(),
            in[0].offset(),
            in[1].array(),
            in[1].offset(),
            out.array(),
            out.offset(),
            geometry(op.options(), in[0].shape()));
  }

  static CpuKernel average(AvgPool2d op) {
    return (in, out) ->
        VectorPool.average(
            in[0].array(),
            in[0].offset(),
            out.array(),
            out.offset(),
            geometry(op.options(), in[0].shape()),
            op.options().countIncludePad());
  }

  static CpuKernel averageGradient(AvgPool2dGradient op) {
    return (in, out) ->
        VectorPool.averageGradient(
            in[0].array(),
            in[0].offset(),
            out.array(),
            out.offset(),
            geometry(op.options(), out.shape()),
            op.options().countIncludePad());
  }

  static CpuKernel adaptiveAverage(AdaptiveAvgPool2d op) {
    return (in, out) ->
        VectorPool.adaptiveAverage(
            in[0].array(),
            in[0].offset(),
            out.array(),
            out.offset(),
            in[0].dim(0),
            in[0].dim(1),
            in[0].dim(2),
            in[0].dim(3),
            op.h(),
            op.w());
  }

  private static PoolGeometry geometry(PoolOptions options, Shape x) {
    boolean same = options.samePadding();
    Window window = options.window(x);
    return new PoolGeometry(
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        options.kernelH(),
        options.kernelW(),
        options.strideH(),
        options.strideW(),
        window.top(),
        same ? window.bottom() : options.padH(),
        window.left(),
        same ? window.right() : options.padW(),
        1,
        1,
        options.ceilMode() && !same);
  }
}
