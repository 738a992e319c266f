package org.hcpl.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hcpl.tensor.op.AdaptiveAvgPool2d;
import org.hcpl.tensor.op.Attention;
import org.hcpl.tensor.op.AvgPool2d;
import org.hcpl.tensor.op.BatchNorm;
import org.hcpl.tensor.op.BatchNormTrain;
import org.hcpl.tensor.op.Conv2d;
import org.hcpl.tensor.op.Conv2dBatchNorm;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.GroupNorm;
import org.hcpl.tensor.op.Identity;
import org.hcpl.tensor.op.LayerNorm;
import org.hcpl.tensor.op.Linear;
import org.hcpl.tensor.op.LogSoftmax;
import org.hcpl.tensor.op.LogSumExp;
import org.hcpl.tensor.op.MaxPool2d;
import org.hcpl.tensor.op.Moments;
import org.hcpl.tensor.op.PoolOptions;
import org.hcpl.tensor.op.Resize;
import org.hcpl.tensor.op.Softmax;
import org.hcpl.tensor.op.Unary;

/** Operations of neural networks; images are {@code [N, H, W, C]}. */
public sealed interface Neural permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  // ---- products --------------------------------------------------------------------------------

  /**
   * Convolution: {@code [N, H, W, C] -> [N, outH, outW, out]}.
   *
   * @param weight {@code [out, kernelH, kernelW, C / groups]}
   * @param bias {@code [out]} or null
   */
  default Tensor conv2d(Tensor weight, Tensor bias, ConvOptions options) {
    Conv2d op = new Conv2d(options);
    return bias == null ? Tensor.run(op, self(), weight) : Tensor.run(op, self(), weight, bias);
  }

  /**
   * {@code x W' + b} on the last axis.
   *
   * @param weight {@code [out, in]}
   * @param bias {@code [out]} or null
   */
  default Tensor linear(Tensor weight, Tensor bias) {
    Linear op = new Linear();
    return bias == null ? Tensor.run(op, self(), weight) : Tensor.run(op, self(), weight, bias);
  }

  /**
   * {@code softmax(scale * q k' + bias) v} with this as q: {@code [B, heads, N, d]}.
   *
   * @param bias one that broadcasts to {@code [B, heads, N, M]}, or null
   */
  default Tensor attention(Tensor k, Tensor v, Tensor bias, double scale) {
    Attention op = new Attention(scale);
    return bias == null ? Tensor.run(op, self(), k, v) : Tensor.run(op, self(), k, v, bias);
  }

  // ---- pooling ---------------------------------------------------------------------------------

  /** The largest value of each window: {@code [N, H, W, C] -> [N, outH, outW, C]}. */
  default Tensor maxPool2d(PoolOptions options) {
    return Tensor.run(new MaxPool2d(options), self());
  }

  /** The mean of each window: {@code [N, H, W, C] -> [N, outH, outW, C]}. */
  default Tensor avgPool2d(PoolOptions options) {
    return Tensor.run(new AvgPool2d(options), self());
  }

  /**
   * Means over {@code h x w} windows that cover the image: {@code [N, H, W, C] -> [N, h, w, C]}.
   */
  default Tensor adaptiveAvgPool2d(int h, int w) {
    return Tensor.run(new AdaptiveAvgPool2d(h, w), self());
  }

  /** The mean of every channel: {@code [N, H, W, C] -> [N, C]}. */
  default Tensor globalAvgPool() {
    return self().mean(false, 1, 2);
  }

  /** The largest value of every channel: {@code [N, H, W, C] -> [N, C]}. */
  default Tensor globalMaxPool() {
    return self()
        .reshape(self().dim(0), self().dim(1) * self().dim(2), self().dim(3))
        .max(false, 1);
  }

  // ---- normalisation ---------------------------------------------------------------------------

  /** Mean and biased variance over all but the last axis: {@code [2, C]}. */
  default Tensor moments() {
    return Tensor.run(new Moments(), self());
  }

  /**
   * {@code (x - mean) / sqrt(variance + eps) * gamma + beta} with given statistics {@code [C]}.
   *
   * @param gamma {@code [C]}, or null for ones
   * @param beta {@code [C]}, or null for zeros
   */
  default Tensor batchNorm(Tensor mean, Tensor variance, Tensor gamma, Tensor beta, double eps) {
    return batchNorm(mean, variance, gamma, beta, eps, new Identity());
  }

  /** {@link #batchNorm} and the activation that follows it, in one pass. */
  default Tensor batchNorm(
      Tensor mean, Tensor variance, Tensor gamma, Tensor beta, double eps, Unary then) {
    return Tensor.run(new BatchNorm(eps, then), self(), mean, variance, ones(gamma), zeros(beta));
  }

  /**
   * A convolution without bias, batch normalisation by given statistics and an activation, in one
   * step: {@code [N, H, W, C] -> [N, H', W', out]}, see {@link Conv2dBatchNorm}.
   *
   * @param weight {@code [out, kernelH, kernelW, C / groups]}
   * @param mean {@code [out]}
   * @param variance {@code [out]}
   * @param gamma {@code [out]}, or null for ones
   * @param beta {@code [out]}, or null for zeros
   * @param gate {@code [N, 1, 1, C]} by which this is multiplied first, or null
   */
  default Tensor conv2dBatchNorm(
      Tensor weight,
      ConvOptions options,
      Tensor mean,
      Tensor variance,
      Tensor gamma,
      Tensor beta,
      double eps,
      Unary then,
      Tensor gate) {
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(self());
    inputs.add(weight);
    inputs.add(mean);
    inputs.add(variance);
    inputs.add(gamma != null ? gamma : channels(weight.dim(0), 1));
    inputs.add(beta != null ? beta : channels(weight.dim(0), 0));
    if (gate != null) {
      inputs.add(gate);
    }
    return Tensor.run(new Conv2dBatchNorm(options, eps, then), inputs);
  }

  /**
   * Batch normalisation in training: by the moments of x itself, through which the gradient of x
   * goes too.
   *
   * @param moments {@code x.moments()}, detached or not: it gets no gradient
   * @param gamma {@code [C]}, or null for ones
   * @param beta {@code [C]}, or null for zeros
   */
  default Tensor batchNormTrain(Tensor moments, Tensor gamma, Tensor beta, double eps) {
    return batchNormTrain(moments, gamma, beta, eps, new Identity());
  }

  /**
   * {@link #batchNormTrain} and the activation that follows it, in one pass; the result of the
   * normalisation alone is not kept for the gradient.
   */
  default Tensor batchNormTrain(Tensor moments, Tensor gamma, Tensor beta, double eps, Unary then) {
    return Tensor.run(
        new BatchNormTrain(eps, then), self(), moments.detach(), ones(gamma), zeros(beta));
  }

  /**
   * Normalises every row of the last axis: {@code (x - mean) / sqrt(variance + eps) * gamma +
   * beta}, the variance biased.
   *
   * @param gamma {@code [C]}, or null for ones
   * @param beta {@code [C]}, or null for zeros
   */
  default Tensor layerNorm(Tensor gamma, Tensor beta, double eps) {
    return Tensor.run(new LayerNorm(eps), self(), ones(gamma), zeros(beta));
  }

  /**
   * Normalises every image's groups of channels, as {@link #layerNorm} its rows: {@code [N, ...,
   * C]} to the same shape.
   *
   * @param groups into how many groups of neighbours the channels fall
   * @param gamma {@code [C]}, or null for ones
   * @param beta {@code [C]}, or null for zeros
   */
  default Tensor groupNorm(int groups, Tensor gamma, Tensor beta, double eps) {
    return Tensor.run(new GroupNorm(groups, eps), self(), ones(gamma), zeros(beta));
  }

  private Tensor ones(Tensor given) {
    return given != null ? given : channels(self().dim(-1), 1);
  }

  private Tensor zeros(Tensor given) {
    return given != null ? given : channels(self().dim(-1), 0);
  }

  private Tensor channels(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    Tensor tensor = Tensor.allocate(self().backend(), Shape.of(values.length));
    tensor.copyFrom(values);
    return tensor;
  }

  // ---- soft maxima -----------------------------------------------------------------------------

  /** {@code exp(x) / sum(exp(x))} along an axis, safe for large x. */
  default Tensor softmax(int axis) {
    return Tensor.run(new Softmax(self().shape().axis(axis)), self());
  }

  /** {@code x - log(sum(exp(x)))} along an axis, safe for large x. */
  default Tensor logSoftmax(int axis) {
    return Tensor.run(new LogSoftmax(self().shape().axis(axis)), self());
  }

  /** {@code log(sum(exp(x)))} along an axis; {@code keep} leaves it with length 1. */
  default Tensor logSumExp(int axis, boolean keep) {
    Tensor result = Tensor.run(new LogSumExp(self().shape().axis(axis)), self());
    return keep ? result : result.reshape(self().shape().without(axis));
  }

  // ---- images ----------------------------------------------------------------------------------

  /** Another height and width by interpolation: {@code [N, H, W, C] -> [N, h, w, C]}. */
  default Tensor resize(int h, int w, Resize.Mode mode) {
    return Tensor.run(new Resize(h, w, mode), self());
  }

  /** Rows and columns around the image, mirrored at its outermost ones, which are not repeated. */
  default Tensor padReflect(int top, int bottom, int left, int right) {
    Neural rows = reflect(1, top, bottom);
    return rows.reflect(2, left, right);
  }

  /** One axis of {@link #padReflect}. */
  private Tensor reflect(int axis, int before, int after) {
    int length = self().dim(axis);
    if (before < 0 || after < 0 || Math.max(before, after) >= length) {
      throw new ShapeException(
          "padReflect: "
              + before
              + " and "
              + after
              + " entries around axis "
              + axis
              + " of "
              + self().shape()
              + " (expected: 0.."
              + (length - 1)
              + ")");
    }
    if (before == 0 && after == 0) {
      return self();
    }
    int[] index =
        IntStream.range(-before, length + after)
            .map(i -> i < 0 ? -i : i < length ? i : 2 * (length - 1) - i)
            .toArray();
    return self().gather(axis, index);
  }
}
