package org.hcpl.nn.op;

import java.util.List;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.HasCpuKernel;
import org.hcpl.tensor.spi.Span;

/**
 * The power normalisation of HCPL: {@code alpha * s^beta} for s &gt; 0 and 0 for s &lt;= 0. Inputs
 * s {@code [..., C]}, then alpha and beta, each {@code []} or {@code [C]}.
 *
 * <p>Domain: beta &gt; 0, which makes it continuous at 0; any alpha. Every derivative is 0 for s
 * &lt;= 0. For beta &lt; 1 the derivative in s is unbounded at 0+; below s = {@value #SLOPE_FLOOR}
 * it is limited by dividing by that value instead of by s.
 *
 * <p>Source: Husain et al., Hybrid subCellular Protein Localiser, section "The Weibull activation
 * layer"; the value outside s &gt; 0 is our choice.
 */
public record PowerNormalisation() implements HasCpuKernel {
  static final double SLOPE_FLOOR = 1e-7;

  /** Runs the normalisation. */
  public static Tensor of(Tensor s, Tensor alpha, Tensor beta) {
    return Tensor.run(new PowerNormalisation(), s, alpha, beta);
  }

  @Override
  public Shape shape(List<Shape> inputs) {
    return ChannelParameters.check(name(), inputs, "alpha", "beta");
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    Tensor positive = x.greater(Tensor.scalar(0).to(x.backend()));
    Tensor s = x.mul(positive).add(positive.affine(-1, 1));
    return positive.mul(inputs.get(1)).mul(inputs.get(2).mul(s.log()).exp());
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    List<Shape> parameters = inputs.subList(1, 3).stream().map(Tensor::shape).toList();
    int channels = ChannelParameters.channels(inputs.get(0).shape(), parameters);
    Tensor packed =
        Tensor.run(new PowerGradient(), inputs.get(0), inputs.get(1), inputs.get(2), dOutput);
    return List.of(ChannelParameters.unpack(packed, inputs.get(0), channels, parameters));
  }

  @Override
  public CpuKernel cpuKernel() {
    return (in, out) -> {
      Span s = in[0];
      int channels = channels(in);
      double[] alpha = ChannelParameters.perChannel(in[1], channels);
      double[] beta = ChannelParameters.perChannel(in[2], channels);
      int c = 0;
      for (int i = 0; i < s.size(); i++) {
        float value = s.get(i);
        out.set(i, value <= 0 ? 0 : (float) (alpha[c] * Math.exp(beta[c] * Math.log(value))));
        c = c + 1 == channels ? 0 : c + 1;
      }
    };
  }

  static int channels(Span[] in) {
    return ChannelParameters.channels(in[0].shape(), List.of(in[1].shape(), in[2].shape()));
  }
}
