package org.hcpl.nn.op;

import java.util.Arrays;
import java.util.List;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.HasCpuKernel;
import org.hcpl.tensor.spi.Span;

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
    Tensor positive = x.greater(Tensor.scalar(0).to(x.backend()));
    Tensor r = x.mul(positive).add(positive.affine(-1, 1));
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
    return (in, out) -> {
      WeibullActivation.Coefficients p = WeibullActivation.Coefficients.of(in);
      Span r = in[0];
      Span dT = in[5];
      double[][] sums = new double[4][p.channels];
      int c = 0;
      for (int i = 0; i < r.size(); i++) {
        float value = r.get(i);
        if (value <= 0) {
          out.set(i, 0);
        } else {
          double logR = Math.log(value);
          double a = logR - p.logLambda[c];
          double b = p.decay(c, logR);
          double weighted = dT.get(i) * Math.exp(p.power[c] * a - b);
          // exp(-b) is 0 long before b overflows, and 0 * infinity would be NaN.
          double weightedB = weighted == 0 ? 0 : weighted * b;
          double slope = weighted * p.power[c] - weightedB * p.eta[c];
          out.set(i, (float) (slope / Math.max(value, WeibullActivation.SLOPE_FLOOR)));
          sums[0][c] += weighted;
          sums[1][c] += weighted * a;
          sums[2][c] += weightedB;
          sums[3][c] += weightedB * (logR - p.logGamma[c]);
        }
        c = c + 1 == p.channels ? 0 : c + 1;
      }
      int at = r.size();
      for (c = 0; c < p.channels; c++) {
        sums[0][c] *= -p.power[c] / p.lambda[c];
        sums[2][c] *= p.eta[c] / p.gamma[c];
        sums[3][c] = -sums[3][c];
      }
      for (double sum : Arrays.stream(sums).flatMapToDouble(Arrays::stream).toArray()) {
        out.set(at++, (float) sum);
      }
    };
  }
}
