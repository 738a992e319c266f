package org.hcpl.nn.op;

import java.util.List;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.HasCpuKernel;
import org.hcpl.tensor.spi.Span;

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
    Tensor positive = x.greater(Tensor.scalar(0).to(x.backend()));
    Tensor s = x.mul(positive).add(positive.affine(-1, 1));
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
    return (in, out) -> {
      Span s = in[0];
      Span dy = in[3];
      int channels = PowerNormalisation.channels(in);
      double[] alpha = ChannelParameters.perChannel(in[1], channels);
      double[] beta = ChannelParameters.perChannel(in[2], channels);
      double[] dAlpha = new double[channels];
      double[] dBeta = new double[channels];
      int c = 0;
      for (int i = 0; i < s.size(); i++) {
        float value = s.get(i);
        if (value <= 0) {
          out.set(i, 0);
        } else {
          double log = Math.log(value);
          double weighted = dy.get(i) * Math.exp(beta[c] * log);
          double slope = weighted * alpha[c] * beta[c];
          out.set(i, (float) (slope / Math.max(value, PowerNormalisation.SLOPE_FLOOR)));
          dAlpha[c] += weighted;
          dBeta[c] += weighted * log;
        }
        c = c + 1 == channels ? 0 : c + 1;
      }
      for (c = 0; c < channels; c++) {
        out.set(s.size() + c, (float) dAlpha[c]);
        out.set(s.size() + channels + c, (float) (alpha[c] * dBeta[c]));
      }
    };
  }
}
