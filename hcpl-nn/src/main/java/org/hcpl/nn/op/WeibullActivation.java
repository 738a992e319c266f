package org.hcpl.nn.op;

import java.util.List;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.HasCpuKernel;

/**
 * The Weibull activation of HCPL: {@code T(R) = (R / lambda)^(zeta - 1) * exp(-(R / gamma)^eta)}
 * for R &gt; 0 and 0 for R &lt;= 0. Inputs R {@code [..., C]}, then lambda, zeta, gamma, eta, each
 * {@code []} or {@code [C]}.
 *
 * <p>Domain: lambda, gamma, eta &gt; 0; zeta &gt; 1 makes T continuous at 0 (zeta = 1 jumps from 0
 * to 1 there, zeta &lt; 1 is unbounded). Evaluated as {@code exp((zeta - 1) ln(R / lambda) -
 * exp(eta ln(R / gamma)))}, so large R give 0, never infinity over infinity; an infinite R gives
 * the limit, 0. Every derivative is 0 for R &lt;= 0 and for an infinite R. For zeta &lt; 2 the
 * derivative in R is unbounded at 0+; below R = {@value #SLOPE_FLOOR} it is limited by dividing by
 * that value instead of by R.
 *
 * <p>Source: Husain et al., Hybrid subCellular Protein Localiser, section "The Weibull activation
 * layer"; the value 0 for features that are not positive is our choice, as the paper leaves it
 * open.
 */
public record WeibullActivation() implements HasCpuKernel {
  /** Far below any feature that matters, so that the limit changes no gradient that does. */
  static final double SLOPE_FLOOR = 1e-7;

  /** Runs the activation. */
  public static Tensor of(Tensor r, Tensor lambda, Tensor zeta, Tensor gamma, Tensor eta) {
    return Tensor.run(new WeibullActivation(), r, lambda, zeta, gamma, eta);
  }

  @Override
  public Shape shape(List<Shape> inputs) {
    return ChannelParameters.check(name(), inputs, "lambda", "zeta", "gamma", "eta");
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor positive = positive(inputs.get(0));
    Tensor r = orOne(inputs.get(0), positive);
    Tensor power = inputs.get(2).sub(1).mul(r.div(inputs.get(1)).log());
    Tensor decay = inputs.get(4).mul(r.div(inputs.get(3)).log()).exp();
    return positive.mul(power.sub(decay).exp());
  }

  /** 1 where R is a positive number, else 0. */
  static Tensor positive(Tensor r) {
    Tensor above = r.greater(Tensor.scalar(0).to(r.backend()));
    return above.mul(Tensor.scalar(Double.POSITIVE_INFINITY).to(r.backend()).greater(r));
  }

  /** R where it is a positive number, else 1, so that no logarithm of it is taken; NaN stays. */
  static Tensor orOne(Tensor r, Tensor positive) {
    Tensor finite = r.clamp(-Float.MAX_VALUE, Float.MAX_VALUE);
    return finite.mul(positive).add(positive.affine(-1, 1));
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    List<Shape> parameters = inputs.subList(1, 5).stream().map(Tensor::shape).toList();
    int channels = ChannelParameters.channels(inputs.get(0).shape(), parameters);
    Tensor packed =
        Tensor.run(
            new WeibullGradient(),
            inputs.get(0),
            inputs.get(1),
            inputs.get(2),
            inputs.get(3),
            inputs.get(4),
            dOutput);
    return List.of(ChannelParameters.unpack(packed, inputs.get(0), channels, parameters));
  }

  @Override
  public CpuKernel cpuKernel() {
    return WeibullKernels::forward;
  }
}
