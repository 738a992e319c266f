package org.hcpl.nn.op;

import java.util.List;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.HasCpuKernel;

/**
 * The power normalisation of HCPL: {@code alpha * s^beta} for s &gt; 0 and 0 for s &lt;= 0. Inputs
 * s {@code [..., C]}, then alpha and beta, each {@code []} or {@code [C]}.
 *
 * <p>Domain: beta &gt; 0, which makes it continuous at 0; any alpha. Every derivative is 0 for s
 * &lt;= 0. For beta &lt; 1 the derivative in s is unbounded at 0+; below s = {@value #SLOPE_FLOOR}
 * it is limited by dividing by that value instead of by s. An infinite s gives an infinite value,
 * and infinite derivatives: that in s divides by the largest float.
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
    Tensor positive = positive(x);
    Tensor s = orOne(x, positive);
    return positive.mul(inputs.get(1)).mul(inputs.get(2).mul(s.log()).exp());
  }

  /** 1 where s is positive, else 0. */
  static Tensor positive(Tensor s) {
    return s.greater(Tensor.scalar(0).to(s.backend()));
  }

  /** s where it is positive, else 1, so that no logarithm of it is taken; NaN stays. */
  static Tensor orOne(Tensor s, Tensor positive) {
    Tensor above = s.clamp(-Float.MAX_VALUE, Double.POSITIVE_INFINITY);
    return above.mul(positive).add(positive.affine(-1, 1));
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
    return PowerKernels::forward;
  }
}
