package org.hcpl.tensor.cpu;

import org.hcpl.tensor.cpu.vector.BinaryOp;
import org.hcpl.tensor.cpu.vector.VectorBinary;
import org.hcpl.tensor.cpu.vector.VectorUnary;
import org.hcpl.tensor.cpu.vector.VectorUnaryGrad;
import org.hcpl.tensor.op.Abs;
import org.hcpl.tensor.op.Add;
import org.hcpl.tensor.op.Affine;
import org.hcpl.tensor.op.Binary;
import org.hcpl.tensor.op.Div;
import org.hcpl.tensor.op.Elu;
import org.hcpl.tensor.op.Erf;
import org.hcpl.tensor.op.Exp;
import org.hcpl.tensor.op.Gelu;
import org.hcpl.tensor.op.GeluTanh;
import org.hcpl.tensor.op.LeakyRelu;
import org.hcpl.tensor.op.Log;
import org.hcpl.tensor.op.Maximum;
import org.hcpl.tensor.op.Minimum;
import org.hcpl.tensor.op.Mul;
import org.hcpl.tensor.op.PowScalar;
import org.hcpl.tensor.op.Relu;
import org.hcpl.tensor.op.Selu;
import org.hcpl.tensor.op.Sigmoid;
import org.hcpl.tensor.op.Silu;
import org.hcpl.tensor.op.Softplus;
import org.hcpl.tensor.op.Sqrt;
import org.hcpl.tensor.op.Sub;
import org.hcpl.tensor.op.Tanh;
import org.hcpl.tensor.op.Unary;
import org.hcpl.tensor.op.UnaryGradient;
import org.hcpl.tensor.spi.CpuKernel;

/** Functions value by value that have a vector formula; loaded only where vectors run. */
final class VectorTable {
  private VectorTable() {}

  /** {@code y = f(x)}. */
  private interface F {
    void run(float[] x, int xo, float[] y, int yo, int n);
  }

  /** {@code dx = dy * f'}, from x or from y. */
  private interface D {
    void run(float[] from, int fo, float[] dy, int dyo, float[] dx, int dxo, int n);
  }

  /** The kernel, or null. */
  static CpuKernel unary(Unary op) {
    F f = function(op);
    return f == null
        ? null
        : (in, out) -> f.run(in[0].array(), in[0].offset(), out.array(), out.offset(), out.size());
  }

  /** The kernel, or null. */
  static CpuKernel gradient(UnaryGradient op) {
    Unary of = op.of();
    int from =
        of instanceof Sigmoid || of instanceof Tanh || of instanceof Exp || of instanceof Sqrt
            ? 1
            : 0;
    D d = slope(of);
    return d == null
        ? null
        : (in, out) ->
            d.run(
                in[from].array(),
                in[from].offset(),
                in[2].array(),
                in[2].offset(),
                out.array(),
                out.offset(),
                out.size());
  }

  private static F function(Unary op) {
    return switch (op) {
      case Relu o -> VectorUnary::relu;
      case LeakyRelu o ->
          (x, xo, y, yo, n) -> VectorUnary.leakyRelu((float) o.slope(), x, xo, y, yo, n);
      case Silu o -> VectorUnary::silu;
      case Gelu o -> VectorUnary::gelu;
      case GeluTanh o -> VectorUnary::geluTanh;
      case Elu o -> (x, xo, y, yo, n) -> VectorUnary.elu((float) o.alpha(), x, xo, y, yo, n);
      case Selu o -> VectorUnary::selu;
      case Sigmoid o -> VectorUnary::sigmoid;
      case Tanh o -> VectorUnary::tanh;
      case Softplus o -> VectorUnary::softplus;
      case Exp o -> VectorUnary::exp;
      case Log o -> VectorUnary::log;
      case Erf o -> VectorUnary::erf;
      case Sqrt o -> VectorUnary::sqrt;
      case Abs o -> VectorUnary::abs;
      case Affine o ->
          (x, xo, y, yo, n) ->
              VectorUnary.scaleShift((float) o.scale(), (float) o.shift(), x, xo, y, yo, n);
      case PowScalar o ->
          (x, xo, y, yo, n) -> VectorUnary.pow((float) o.exponent(), x, xo, y, yo, n);
      default -> null;
    };
  }

  private static D slope(Unary op) {
    return switch (op) {
      case Relu o -> VectorUnaryGrad::relu;
      case LeakyRelu o ->
          (x, xo, dy, dyo, dx, dxo, n) ->
              VectorUnaryGrad.leakyRelu((float) o.slope(), x, xo, dy, dyo, dx, dxo, n);
      case Silu o -> VectorUnaryGrad::silu;
      case Gelu o -> VectorUnaryGrad::gelu;
      case GeluTanh o -> VectorUnaryGrad::geluTanh;
      case Elu o ->
          (x, xo, dy, dyo, dx, dxo, n) ->
              VectorUnaryGrad.elu((float) o.alpha(), x, xo, dy, dyo, dx, dxo, n);
      case Selu o -> VectorUnaryGrad::selu;
      case Sigmoid o -> VectorUnaryGrad::sigmoid;
      case Tanh o -> VectorUnaryGrad::tanh;
      case Softplus o -> VectorUnaryGrad::softplus;
      case Exp o -> VectorUnaryGrad::exp;
      case Log o -> VectorUnaryGrad::log;
      case Erf o -> VectorUnaryGrad::erf;
      case Sqrt o -> VectorUnaryGrad::sqrt;
      case Abs o -> VectorUnaryGrad::abs;
      case Affine o ->
          (x, xo, dy, dyo, dx, dxo, n) ->
              VectorUnary.scaleShift((float) o.scale(), 0, dy, dyo, dx, dxo, n);
      case PowScalar o ->
          (x, xo, dy, dyo, dx, dxo, n) ->
              VectorUnaryGrad.pow((float) o.exponent(), x, xo, dy, dyo, dx, dxo, n);
      default -> null;
    };
  }

  /** The kernel, or null. */
  static CpuKernel binary(Binary op) {
    BinaryOp f =
        switch (op) {
          case Add o -> BinaryOp.ADD;
          case Sub o -> BinaryOp.SUB;
          case Mul o -> BinaryOp.MUL;
          case Div o -> BinaryOp.DIV;
          case Maximum o -> BinaryOp.MAX;
          case Minimum o -> BinaryOp.MIN;
          default -> null;
        };
    return f == null
        ? null
        : (in, out) -> {
          if (in[0].size() == out.size() && in[1].size() == out.size()) {
            VectorBinary.same(
                f,
                in[0].array(),
                in[0].offset(),
                in[1].array(),
                in[1].offset(),
                out.array(),
                out.offset(),
                out.size());
            return;
          }
          VectorBinary.broadcast(
              f,
              in[0].array(),
              in[0].offset(),
              in[0].shape().broadcastStrides(out.shape()),
              in[1].array(),
              in[1].offset(),
              in[1].shape().broadcastStrides(out.shape()),
              out.array(),
              out.offset(),
              out.shape().dims());
        };
  }
}
