package org.hcpl.nn.op;

import java.util.List;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.HasCpuKernel;

/**
 * All gradients of {@link PowerNormalisation} in one pass. Inputs s, alpha, beta, dy; the result
 * {@code [size of s + 2 * channels]} holds ds = dy alpha beta s^(beta - 1), then a channel the sums
 * of dy s^beta (for alpha) and dy alpha s^beta ln s (for beta).
 */
record PowerGradient() implements HasCpuKernel {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape s = ChannelParameters.check(name(), inputs, "alpha", "beta");
    inputs.get(3).require(name(), "dy", s);
    return Shape.of(s.size() + 2 * ChannelParameters.channels(s, inputs.subList(1, 3)));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    Tensor alpha = inputs.get(1);
    Tensor beta = inputs.get(2);
    int channels = ChannelParameters.channels(x.shape(), List.of(alpha.shape(), beta.shape()));
    Tensor positive = PowerNormalisation.positive(x);
    Tensor s = PowerNormalisation.orOne(x, positive);
    Tensor log = s.log();
    Tensor weighted = inputs.get(3).mul(positive).mul(beta.mul(log).exp());
    Tensor divisor = s.clamp(PowerNormalisation.SLOPE_FLOOR, Float.MAX_VALUE);
    return Tensor.concat(
        0,
        weighted.mul(alpha.mul(beta)).div(divisor).reshape(-1),
        ChannelParameters.reduce(weighted, channels),
        ChannelParameters.reduce(weighted.mul(alpha).mul(log), channels));
  }

  @Override
  public CpuKernel cpuKernel() {
    return PowerKernels::gradient;
  }
}
