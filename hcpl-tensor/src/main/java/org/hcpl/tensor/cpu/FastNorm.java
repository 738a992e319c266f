package org.hcpl.tensor.cpu;

import org.hcpl.tensor.cpu.vector.BatchNormBackward;
import org.hcpl.tensor.cpu.vector.VectorBatchNorm;
import org.hcpl.tensor.cpu.vector.VectorLayerNorm;
import org.hcpl.tensor.cpu.vector.VectorReduce;
import org.hcpl.tensor.op.BatchNorm;
import org.hcpl.tensor.op.BatchNormTrain;
import org.hcpl.tensor.op.BatchNormTrainGradient;
import org.hcpl.tensor.op.BatchNormTrainSums;
import org.hcpl.tensor.op.Identity;
import org.hcpl.tensor.op.LayerNorm;
import org.hcpl.tensor.op.LayerNormGradient;
import org.hcpl.tensor.op.LayerNormSums;
import org.hcpl.tensor.op.Relu;
import org.hcpl.tensor.op.Silu;
import org.hcpl.tensor.op.Unary;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Normalisations by vector kernels; used only where vectors run. */
final class FastNorm {
  private FastNorm() {}

  /** The activation that the kernels can apply on the way, or null. */
  static Activation activation(Unary then) {
    return switch (then) {
      case Identity none -> Activation.NONE;
      case Relu relu -> Activation.RELU;
      case Silu silu -> Activation.SILU;
      default -> null;
    };
  }

  static void moments(Span[] in, Span out) {
    int c = in[0].dim(-1);
    int rows = in[0].size() / c;
    VectorBatchNorm.moments(
        in[0].array(),
        in[0].offset(),
        rows,
        c,
        out.array(),
        out.offset(),
        out.array(),
        out.offset() + c);
  }

  static CpuKernel batchNorm(BatchNorm op) {
    Activation activation = activation(op.then());
    return activation == null
        ? null
        : (in, out) -> {
          int c = in[0].dim(-1);
          float[] scale = new float[c];
          float[] shift = new float[c];
          fold(in[1], in[2], in[3], in[4], op.eps(), scale, shift);
          VectorBatchNorm.affine(
              in[0].array(),
              in[0].offset(),
              scale,
              0,
              shift,
              0,
              out.array(),
              out.offset(),
              rows(out, c),
              c,
              activation);
        };
  }

  /** Given statistics, gamma and beta as a factor and a summand a channel. */
  static void fold(
      Span mean, Span variance, Span gamma, Span beta, double eps, float[] scale, float[] shift) {
    for (int j = 0; j < scale.length; j++) {
      double factor = gamma.get(j) / Math.sqrt(variance.get(j) + eps);
      scale[j] = (float) factor;
      shift[j] = (float) (beta.get(j) - mean.get(j) * factor);
    }
  }

  static CpuKernel batchNormTrain(BatchNormTrain op) {
    Activation activation = activation(op.then());
    return activation == null
        ? null
        : (in, out) -> {
          int c = in[0].dim(-1);
          float[] rstd = new float[c];
          VectorBatchNorm.rstd(in[1].array(), in[1].offset() + c, op.eps(), rstd, 0, c);
          VectorBatchNorm.normalise(
              in[0].array(),
              in[0].offset(),
              in[1].array(),
              in[1].offset(),
              rstd,
              0,
              in[2].array(),
              in[2].offset(),
              in[3].array(),
              in[3].offset(),
              out.array(),
              out.offset(),
              rows(out, c),
              c,
              activation);
        };
  }

  static CpuKernel batchNormTrainSums(BatchNormTrainSums op) {
    Activation activation = activation(op.then());
    return activation == null
        ? null
        : (in, out) -> backward(in, in[4], op.eps(), activation).sums(out.array(), out.offset());
  }

  static CpuKernel batchNormTrainGradient(BatchNormTrainGradient op) {
    Activation activation = activation(op.then());
    return activation == null
        ? null
        : (in, out) ->
            backward(in, in[5], op.eps(), activation)
                .input(in[4].array(), in[4].offset(), out.array(), out.offset());
  }

  private static BatchNormBackward backward(Span[] in, Span dy, double eps, Activation activation) {
    int c = in[0].dim(-1);
    return new BatchNormBackward(
        in[0].array(),
        in[0].offset(),
        dy.array(),
        dy.offset(),
        rows(in[0], c),
        c,
        in[1].array(),
        in[1].offset(),
        eps,
        in[2].array(),
        in[2].offset(),
        in[3].array(),
        in[3].offset(),
        activation);
  }

  static CpuKernel layerNorm(LayerNorm op) {
    return (in, out) -> {
      int c = out.dim(-1);
      int rows = rows(out, c);
      VectorLayerNorm.forward(
          in[0].array(),
          in[0].offset(),
          in[1].array(),
          in[1].offset(),
          in[2].array(),
          in[2].offset(),
          op.eps(),
          out.array(),
          out.offset(),
          new float[rows],
          0,
          new float[rows],
          0,
          rows,
          c);
    };
  }

  static CpuKernel layerNormGradient(LayerNormGradient op) {
    return (in, out) -> {
      int c = out.dim(-1);
      RowMoments moments = new RowMoments(in[0], op.eps());
      VectorLayerNorm.inputGradient(
          in[0].array(),
          in[0].offset(),
          in[2].array(),
          in[2].offset(),
          moments.mean,
          0,
          moments.rstd,
          0,
          in[1].array(),
          in[1].offset(),
          out.array(),
          out.offset(),
          rows(out, c),
          c);
    };
  }

  static CpuKernel layerNormSums(LayerNormSums op) {
    return (in, out) -> {
      int c = out.dim(-1);
      RowMoments moments = new RowMoments(in[0], op.eps());
      VectorLayerNorm.parameterGradient(
          in[0].array(),
          in[0].offset(),
          in[1].array(),
          in[1].offset(),
          moments.mean,
          0,
          moments.rstd,
          0,
          out.array(),
          out.offset() + c,
          out.array(),
          out.offset(),
          rows(in[0], c),
          c);
    };
  }

  /** Mean and inverse root of the variance of every row, computed again for a gradient. */
  private static final class RowMoments {
    final float[] mean;
    final float[] rstd;

    RowMoments(Span x, double eps) {
      int c = x.dim(-1);
      int rows = rows(x, c);
      mean = new float[rows];
      rstd = new float[rows];
      VectorReduce.moments(x.array(), x.offset(), rows, c, 1, mean, 0, rstd, 0);
      VectorBatchNorm.rstd(rstd, 0, eps, rstd, 0, rows);
    }
  }

  private static int rows(Span x, int c) {
    return c == 0 ? 0 : x.size() / c;
  }
}
