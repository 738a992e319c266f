package org.hcpl.tensor.cpu;

import java.util.List;
import java.util.function.Supplier;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.cpu.vector.BinaryOp;
import org.hcpl.tensor.cpu.vector.DepthwiseConv2d;
import org.hcpl.tensor.cpu.vector.VectorBinary;
import org.hcpl.tensor.cpu.vector.VectorOuter;
import org.hcpl.tensor.op.Conv2d;
import org.hcpl.tensor.op.Conv2dBatchNorm;
import org.hcpl.tensor.op.ConvGeometry;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.Window;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Convolutions and their gradients: products of patches, or channel by channel where depthwise. */
final class FastConv2d {
  private FastConv2d() {}

  static CpuKernel forward(Conv2d op) {
    return (in, out) -> {
      ConvGeometry geometry = geometry(op.options(), in[0].shape(), in[1].shape());
      if (isDepthwise(geometry)) {
        DepthwiseConv2d.forward(
            in[0].array(),
            in[0].offset(),
            in[1].array(),
            in[1].offset(),
            in.length > 2 ? in[2].array() : null,
            in.length > 2 ? in[2].offset() : 0,
            out.array(),
            out.offset(),
            geometry,
            Activation.NONE);
        return;
      }
      Epilogue bias = in.length > 2 ? Epilogue.bias(in[2].array(), in[2].offset()) : null;
      forward(geometry, in, out, bias);
    };
  }

  /** With the normalisation in the weights; or null. */
  static CpuKernel batchNorm(Conv2dBatchNorm op) {
    Activation activation = FastNorm.activation(op.then());
    if (activation == null || !VectorSupport.available()) {
      return null;
    }
    return (in, out) -> {
      ConvGeometry geometry = geometry(op.options(), in[0].shape(), in[1].shape());
      List<Object> use =
          List.of(
              geometry.ofImages(1),
              op.eps(),
              in[2].version(),
              in[2].offset(),
              in[3].version(),
              in[3].offset(),
              in[4].version(),
              in[4].offset(),
              in[5].version(),
              in[5].offset());
      Supplier<Normalised> fold = () -> Normalised.of(geometry, in, op.eps());
      Normalised kept = WeightCache.find(Normalised.class, in[1], use, fold);
      Normalised weights = kept == null ? fold.get() : kept;
      if (in.length > 6) {
        weights.gated(geometry, in[0], in[6], out, activation);
      } else {
        weights.run(geometry, in[0].array(), in[0].offset(), out, activation);
      }
    };
  }

  /**
   * A convolution with a normalisation in it: weights times the factor of their output channel.
   *
   * @param packed of all but depthwise convolutions, else null
   * @param depthwise the weights of those, else null
   * @param shift the summand of each output channel
   */
  private record Normalised(PackedConv2d packed, float[] depthwise, float[] shift)
      implements WeightCache.Packed {
    static Normalised of(ConvGeometry geometry, Span[] in, double eps) {
      int channels = geometry.outC();
      float[] scale = new float[channels];
      float[] shift = new float[channels];
      FastNorm.fold(in[2], in[3], in[4], in[5], eps, scale, shift);
      float[] weights = new float[in[1].size()];
      int taps = weights.length / Math.max(1, channels);
      for (int i = 0; i < weights.length; i++) {
        weights[i] = in[1].get(i) * scale[i / taps];
      }
      return isDepthwise(geometry)
          ? new Normalised(null, DepthwiseConv2d.pack(weights, 0, geometry), shift)
          : new Normalised(PackedConv2d.of(geometry, weights, 0), null, shift);
    }

    @Override
    public long floats() {
      return shift.length + (packed == null ? depthwise.length : packed.floats());
    }

    void run(ConvGeometry geometry, float[] x, int xOff, Span out, Activation activation) {
      float[] y = out.array();
      if (packed == null) {
        DepthwiseConv2d.forwardPacked(
            x, xOff, depthwise, shift, 0, y, out.offset(), geometry, activation);
        return;
      }
      Epilogue epilogue = Epilogue.of(shift, 0, activation);
      Conv2dForward.run(geometry, x, xOff, packed, y, out.offset(), epilogue);
    }

    /** Of {@code x gate}, the gate {@code [N, 1, 1, C]}: it goes to whatever is smaller. */
    void gated(ConvGeometry geometry, Span x, Span gate, Span out, Activation activation) {
      ConvGeometry image = geometry.ofImages(1);
      int channels = geometry.c();
      if (geometry.isPointwise() && geometry.groups() == 1 && image.outPixels() > geometry.outC()) {
        Epilogue epilogue = Epilogue.of(shift, 0, activation);
        for (int i = 0; i < geometry.n(); i++) {
          PackedConv2d weights = packed.gated(gate.array(), gate.offset() + i * channels);
          int from = x.offset() + i * image.inputSize();
          int to = out.offset() + i * image.outputSize();
          Conv2dForward.run(image, x.array(), from, weights, out.array(), to, epilogue);
        }
        return;
      }
      float[] product = ArrayPool.take(x.size());
      try {
        int pixels = geometry.h() * geometry.w();
        VectorBinary.perImage(
            BinaryOp.MUL,
            x.array(),
            x.offset(),
            gate.array(),
            gate.offset(),
            product,
            0,
            geometry.n(),
            pixels,
            channels);
        run(geometry, product, 0, out, activation);
      } finally {
        ArrayPool.give(product);
      }
    }
  }

  private static void forward(ConvGeometry geometry, Span[] in, Span out, Epilogue epilogue) {
    PackedConv2d packed = packed(geometry, in[1]);
    if (packed != null) {
      Conv2dForward.run(
          geometry, in[0].array(), in[0].offset(), packed, out.array(), out.offset(), epilogue);
      return;
    }
    Conv2dForward.run(
        geometry,
        in[0].array(),
        in[0].offset(),
        in[1].array(),
        in[1].offset(),
        out.array(),
        out.offset(),
        epilogue);
  }

  static CpuKernel inputGradient(org.hcpl.tensor.op.Conv2dInputGradient op) {
    return (in, out) -> {
      ConvGeometry geometry = geometry(op.options(), out.shape(), in[1].shape());
      if (isDepthwise(geometry)) {
        DepthwiseConv2d.inputGradient(
            in[0].array(),
            in[0].offset(),
            in[1].array(),
            in[1].offset(),
            out.array(),
            out.offset(),
            geometry);
        return;
      }
      Conv2dInputGradient.run(
          geometry,
          in[0].array(),
          in[0].offset(),
          in[1].array(),
          in[1].offset(),
          out.array(),
          out.offset(),
          false);
    };
  }

  static CpuKernel weightGradient(org.hcpl.tensor.op.Conv2dWeightGradient op) {
    return (in, out) -> {
      ConvGeometry geometry = geometry(op.options(), in[0].shape(), out.shape());
      if (isDepthwise(geometry)) {
        DepthwiseConv2d.weightGradient(
            in[0].array(),
            in[0].offset(),
            in[1].array(),
            in[1].offset(),
            out.array(),
            out.offset(),
            geometry);
        return;
      }
      if (geometry.isPointwise() && geometry.groups() == 1 && VectorSupport.available()) {
        outer(geometry, in[0], in[1], out);
        return;
      }
      Conv2dWeightGradient.run(
          geometry,
          in[0].array(),
          in[0].offset(),
          in[1].array(),
          in[1].offset(),
          out.array(),
          out.offset(),
          false);
    };
  }

  /**
   * Weights packed, in an earlier run if they are still the same; null to use them as they are.
   * Whether it is Winograd's algorithm does not depend on what is kept; the packed form is the same
   * for any number of images.
   */
  private static PackedConv2d packed(ConvGeometry geometry, Span weight) {
    Supplier<PackedConv2d> pack = () -> PackedConv2d.of(geometry, weight.array(), weight.offset());
    PackedConv2d kept = WeightCache.find(PackedConv2d.class, weight, geometry.ofImages(1), pack);
    return kept == null && !Grad.isOn() && Winograd.suits(geometry) ? pack.get() : kept;
  }

  private static void outer(ConvGeometry geometry, Span x, Span dy, Span dw) {
    VectorOuter.run(
        geometry.outPixels(),
        geometry.outC(),
        dy.array(),
        dy.offset(),
        geometry.outC(),
        geometry.c(),
        x.array(),
        x.offset(),
        geometry.c(),
        dw.array(),
        dw.offset());
  }

  static boolean isDepthwise(ConvGeometry geometry) {
    return geometry.groups() > 1 && geometry.groupC() == 1 && VectorSupport.available();
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
