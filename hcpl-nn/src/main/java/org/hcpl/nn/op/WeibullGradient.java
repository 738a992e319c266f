package org.hcpl.nn.op;

import java.util.List;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.HasCpuKernel;

/**
 * All gradients of {@link WeibullActivation} in one pass. Inputs R, lambda, zeta, gamma, eta, dT;
 * the result {@code [size of R + 4 * channels]} holds dR, then the gradients of lambda, zeta, gamma
 * and eta a channel. With a = ln(R / lambda) and b = (R / gamma)^eta:
 *
 * <pre>
 * dT/dR      = T * ((zeta - 1) - eta * b) / R
 * dT/dlambda = -T * (zeta - 1) / lambda        dT/dzeta = T * a
 * dT/dgamma  =  T * eta * b / gamma            dT/deta  = -T * b * ln(R / gamma)
 * </pre>
 */
record WeibullGradient() implements HasCpuKernel {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = ChannelParameters.check(name(), inputs, "lambda", "zeta", "gamma", "eta");
    inputs.get(5).require(name(), "dT", x);
    return Shape.of(x.size() + 4 * ChannelParameters.channels(x, inputs.subList(1, 5)));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    Tensor lambda = inputs.get(1);
    Tensor power = inputs.get(2).sub(1);
    Tensor gamma = inputs.get(3);
    Tensor eta = inputs.get(4);
    int channels =
        ChannelParameters.channels(
            x.shape(), inputs.subList(1, 5).stream().map(Tensor::shape).toList());
    Tensor positive = WeibullActivation.positive(x);
    Tensor r = WeibullActivation.orOne(x, positive);
    Tensor logLambda = r.div(lambda).log();
    Tensor logGamma = r.div(gamma).log();
    Tensor b = eta.mul(logGamma).exp();
    Tensor weighted = inputs.get(5).mul(positive).mul(power.mul(logLambda).sub(b).exp());
    Tensor slope =
        power.sub(eta.mul(b)).div(r.clamp(WeibullActivation.SLOPE_FLOOR, Float.MAX_VALUE));
    return Tensor.concat(
        0,
        weighted.mul(slope).reshape(-1),
        ChannelParameters.reduce(weighted.mul(power.div(lambda).neg()), channels),
        ChannelParameters.reduce(weighted.mul(logLambda), channels),
        ChannelParameters.reduce(weighted.mul(eta.div(gamma).mul(b)), channels),
        ChannelParameters.reduce(weighted.mul(b.mul(logGamma).neg()), channels));
  }

  @Override
  public CpuKernel cpuKernel() {
    return WeibullKernels::gradient;
  }
}
