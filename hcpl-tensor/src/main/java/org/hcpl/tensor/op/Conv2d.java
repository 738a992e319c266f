package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * Convolution (as all of deep learning, cross-correlation) of {@code [N, H, W, C]} with weights
 * {@code [out, kernelH, kernelW, C / groups]} and an optional bias {@code [out]}; zeros outside the
 * image. N may be 0; all else is at least 1, and the kernel fits into the padded image. Output
 * channel o sees the input channels of group {@code o / (out / groups)}.
 */
public record Conv2d(ConvOptions options) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Shape weight = inputs.get(1);
    Window.requireImage("conv2d", x);
    if (weight.rank() != 4
        || weight.dim(3) * options.groups() != x.dim(3)
        || weight.dim(0) % options.groups() != 0) {
      throw new ShapeException(
          "conv2d: input "
              + x
              + ", weight "
              + weight
              + ", groups "
              + options.groups()
              + " (expected: weight [out, kernelH, kernelW, "
              + x.dim(3)
              + " / groups] with groups dividing both channel counts)");
    }
    if (x.dim(1) == 0 || x.dim(2) == 0 || x.dim(3) == 0 || weight.size() == 0) {
      throw new ShapeException(
          "conv2d: input "
              + x
              + ", weight "
              + weight
              + " (expected: no axis of length 0 but that of the batch)");
    }
    if (inputs.size() > 2 && !inputs.get(2).equals(Shape.of(weight.dim(0)))) {
      throw new ShapeException(
          "conv2d: bias " + inputs.get(2) + " (expected: [" + weight.dim(0) + "])");
    }
    return options.window(x, weight.dim(1), weight.dim(2)).out("conv2d", x, weight.dim(0));
  }

  /** Unfolded windows times weights, group by group. */
  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor weight = inputs.get(1);
    Shape out = shape(inputs.stream().map(Tensor::shape).toList());
    Tensor windows = windows(options, inputs.get(0), weight.dim(1), weight.dim(2));
    Tensor y = windows.matmul(false, filters(options, weight), true);
    Tensor result = y.permute(1, 0, 2).reshape(out);
    return inputs.size() > 2 ? result.add(inputs.get(2)) : result;
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    Tensor x = inputs.get(0);
    Tensor weight = inputs.get(1);
    Tensor dX =
        x.requiresGrad()
            ? Tensor.run(new Conv2dInputGradient(options, x.dim(1), x.dim(2)), dOutput, weight)
            : null;
    Tensor dWeight =
        weight.requiresGrad()
            ? Tensor.run(
                new Conv2dWeightGradient(options, weight.dim(1), weight.dim(2)), x, dOutput)
            : null;
    if (inputs.size() == 2) {
      return Gradients.of(dX, dWeight);
    }
    Tensor dBias = inputs.get(2).requiresGrad() ? dOutput.sum(false, 0, 1, 2) : null;
    return Gradients.of(dX, dWeight, dBias);
  }

  /** The windows of every group as rows: {@code [groups, pixels, taps]}. */
  static Tensor windows(ConvOptions options, Tensor x, int kernelH, int kernelW) {
    int groups = options.groups();
    int groupC = x.dim(3) / groups;
    Tensor windows = Tensor.run(new Unfold(options.window(x.shape(), kernelH, kernelW)), x);
    return windows
        .reshape(-1, kernelH * kernelW, groups, groupC)
        .permute(2, 0, 1, 3)
        .reshape(groups, -1, kernelH * kernelW * groupC);
  }

  /** The filters of every group as rows: {@code [groups, out / groups, taps]}. */
  static Tensor filters(ConvOptions options, Tensor weight) {
    int groups = options.groups();
    return weight.reshape(groups, weight.dim(0) / groups, -1);
  }

  /** {@code [N, outH, outW, out]} as {@code [groups, pixels, out / groups]}. */
  static Tensor byGroup(ConvOptions options, Tensor y) {
    int groups = options.groups();
    return y.reshape(-1, groups, y.dim(3) / groups).permute(1, 0, 2);
  }
}
