package org.hcpl.tensor.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.Unary;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.HasCpuKernel;
import org.junit.jupiter.api.Test;

class GradCheckTest {
  /** A user's own operation, complete in one place; its sign of the sine is wrong on request. */
  record Cosine(double slope) implements Unary, HasCpuKernel {
    @Override
    public double apply(double x) {
      return Math.cos(x);
    }

    @Override
    public double derivative(double x, double y) {
      return slope * Math.sin(x);
    }

    @Override
    public Tensor define(List<Tensor> inputs) {
      Tensor x2 = inputs.get(0).square();
      return x2.mul(-0.5)
          .add(1)
          .add(x2.square().div(24))
          .sub(x2.pow(3).div(720))
          .add(x2.pow(4).div(40320))
          .sub(x2.pow(5).div(3628800));
    }

    @Override
    public CpuKernel cpuKernel() {
      return (in, out) -> {
        for (int i = 0; i < out.size(); i++) {
          out.set(i, (float) Math.cos(in[0].get(i)));
        }
      };
    }
  }

  @Test
  void passesWhatIsRightInOneLine() {
    OpCheck.of(new Cosine(-1), Shape.of(4, 5)).check();
  }

  @Test
  void findsAWrongSlope() {
    assertThatThrownBy(() -> OpCheck.of(new Cosine(-1.02), Shape.of(4, 5)).check())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("finite difference");
  }

  @Test
  void findsALostGradient() {
    Tensor x = Rng.of(1).uniform(Shape.of(3), -1, 1);
    assertThatThrownBy(() -> GradCheck.check("lost", in -> in.get(0).mul(in.get(1).detach()), x, x))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no gradient");
  }
}
