package org.hcpl.tensor.cpu;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.op.Conv2d;
import org.hcpl.tensor.op.ConvGeometry;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.Window;
import org.hcpl.tensor.spi.CpuKernel;

/** Convolutions and their gradients: products of patches, or channel by channel where depthwise. */
final class FastConv2d {
  private FastConv2d() {}

  static CpuKernel forward(Conv2d op) {
    return (in, out) -> {
      ConvGeometry geometry = geometry(op.options(), in[0].shape(), in[1].shape());
      Epilogue bias = in.length > 2 ? Epilogue.bias(in[2].array(), in[2].offset()) : null;
      Conv2dForward.run(
          geometry,
          in[0].array(),
          in[0].offset(),
          in[1].array(),
          in[1].offset(),
          out.array(),
          out.offset(),
          bias);
    };
  }

  static CpuKernel inputGradient(org.hcpl.tensor.op.Conv2dInputGradient op) {
    return (in, out) ->
        Conv2dInputGradient.run(
            geometry(op.options(), out.shape(), in[1].shape()),
            in[0].array(),
            in[0].offset(),
            in[1].array(),
            in[1].offset(),
            out.array(),
            out.offset(),
            false);
  }

  static CpuKernel weightGradient(org.hcpl.tensor.op.Conv2dWeightGradient op) {
    return (in, out) ->
        Conv2dWeightGradient.run(
            geometry(op.options(), in[0].shape(), out.shape()),
            in[0].array(),
            in[0].offset(),
            in[1].array(),
            in[1].offset(),
            out.array(),
            out.offset(),
            false);
  }

  static ConvGeometry geometry(ConvOptions options, Shape x, Shape weight) {
    Window window = options.window(x, weight.dim(1), weight.dim(2));
    return new ConvGeometry(
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        weight.dim(0),
        window.kernelH(),
        window.kernelW(),
        window.strideH(),
        window.strideW(),
        window.top(),
        window.bottom(),
        window.left(),
        window.right(),
        window.dilationH(),
        window.dilationW(),
        options.groups());
  }
}
