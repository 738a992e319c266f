package org.hcpl.tensor.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.HasCpuKernel;
import org.junit.jupiter.api.Test;

/** An operation that a user brings is checked in one line, and each of its faults is found. */
class OpCheckTest {
  private static final Shape SHAPE = Shape.of(3, 5);

  /** {@code factor * x^2}, with a kernel of its own that may have another factor. */
  private record Square(float factor, float ofKernel, float ofGradient)
      implements Op, HasCpuKernel {
    static final Square RIGHT = new Square(3, 3, 3);

    @Override
    public Shape shape(List<Shape> inputs) {
      if (inputs.get(0).rank() != 2) {
        throw new TensorException("square: shape " + inputs.get(0) + " (expected: two axes)");
      }
      return inputs.get(0);
    }

    @Override
    public Tensor define(List<Tensor> inputs) {
      return inputs.get(0).mul(inputs.get(0)).mul(factor);
    }

    @Override
    public CpuKernel cpuKernel() {
      return (in, out) ->
          Parallel.forRange(
              out.size(),
              1024,
              (from, to) -> {
                for (int i = from; i < to; i++) {
                  out.set(i, ofKernel * in[0].get(i) * in[0].get(i));
                }
              });
    }

    @Override
    public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
      return List.of(dOutput.mul(inputs.get(0)).mul(2 * ofGradient));
    }
  }

  @Test
  void passesWhatIsRightInOneLine() {
    OpCheck.of(Square.RIGHT, SHAPE).refuses("two axes", Shape.of(4)).check();
  }

  @Test
  void findsAKernelThatDiffersFromTheDefinition() {
    assertThatThrownBy(() -> OpCheck.of(new Square(3, 3.001f, 3), SHAPE).check())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("square: ")
        .hasMessageContaining("differ at ");
  }

  @Test
  void findsAWrongGradient() {
    assertThatThrownBy(() -> OpCheck.of(new Square(3, 3, 3.1f), SHAPE).check())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("square: gradient of input 0")
        .hasMessageContaining("differ at ");
  }

  /** The same without a kernel: it runs as its definition, whose gradient is right. */
  private record SquareByDefinition(float ofGradient) implements Op {
    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public Tensor define(List<Tensor> inputs) {
      return Square.RIGHT.define(inputs);
    }

    @Override
    public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
      return new Square(3, 3, ofGradient).gradient(inputs, output, dOutput);
    }
  }

  @Test
  void findsAWrongGradientOfAnOperationWithoutAKernel() {
    OpCheck.of(new SquareByDefinition(3), SHAPE).check();
    assertThatThrownBy(() -> OpCheck.of(new SquareByDefinition(3.1f), SHAPE).check())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("squareByDefinition: gradient of input 0 at ")
        .hasMessageContaining("of the definition");
  }

  /** {@code 2 x} with a kernel that is given. */
  private record Twice(CpuKernel cpuKernel) implements HasCpuKernel {
    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public Tensor define(List<Tensor> inputs) {
      return inputs.get(0).mul(2);
    }
  }

  @Test
  void findsAKernelThatReadsOrWritesMemoryWrongly() {
    CpuKernel right =
        (in, out) -> {
          for (int i = 0; i < out.size(); i++) {
            out.set(i, 2 * in[0].get(i));
          }
        };
    OpCheck.of(new Twice(right), SHAPE).check();
    CpuKernel withoutOffset =
        (in, out) -> {
          for (int i = 0; i < out.size(); i++) {
            out.array()[i] = 2 * in[0].array()[i];
          }
        };
    CpuKernel addsToOutput =
        (in, out) -> {
          for (int i = 0; i < out.size(); i++) {
            out.set(i, out.get(i) + 2 * in[0].get(i));
          }
        };
    CpuKernel writesToInput =
        (in, out) -> {
          right.run(in, out);
          in[0].set(0, 9);
        };
    for (CpuKernel wrong : List.of(withoutOffset, addsToOutput)) {
      assertThatThrownBy(() -> OpCheck.of(new Twice(wrong), SHAPE).check())
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("twice: views and whole tensors as inputs differ at 0");
    }
    assertThatThrownBy(() -> OpCheck.of(new Twice(writesToInput), SHAPE).check())
        .isInstanceOf(AssertionError.class)
        .hasMessage("twice: the kernel wrote to the memory of input 0");
  }

  /** The sum of all values, in float32 from the last to the first, times a factor. */
  private record Total(float factor) implements HasCpuKernel {
    @Override
    public Shape shape(List<Shape> inputs) {
      return Shape.of(inputs.get(0).rank());
    }

    @Override
    public Tensor define(List<Tensor> inputs) {
      return inputs.get(0).sum(false, 0).reshape(1);
    }

    @Override
    public CpuKernel cpuKernel() {
      return (in, out) -> {
        float sum = 0;
        for (int i = in[0].size() - 1; i >= 0; i--) {
          sum += in[0].get(i);
        }
        out.set(0, factor * sum);
      };
    }
  }

  /** Of many lengths, that at which the values cancel most: random inputs begin alike. */
  @Test
  void allowsTheRoundingOfASumThatCancels() {
    int most = 50_000;
    float[] values =
        OpCheck.of(new Total(1), Shape.of(most)).inputs(Backends.reference()).get(0).toArray();
    int length = 0;
    double sum = 0;
    double smallest = Double.MAX_VALUE;
    for (int n = 1; n <= most; n++) {
      sum += values[n - 1];
      if (n > 2000 && Math.abs(sum) < smallest) {
        smallest = Math.abs(sum);
        length = n;
      }
    }
    assertThat(smallest).isLessThan(0.02);
    OpCheck.of(new Total(1), Shape.of(length)).sums(length).check();
    int other = length + 100;
    assertThatThrownBy(() -> OpCheck.of(new Total(1.5f), Shape.of(other)).sums(other).check())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("total: cpu and reference differ at 0");
  }

  @Test
  void findsInputsThatAreNotRefusedOrForAnotherReason() {
    assertThatThrownBy(() -> OpCheck.of(Square.RIGHT, SHAPE).refuses("two axes", SHAPE).check())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("accepted");
    assertThatThrownBy(
            () -> OpCheck.of(Square.RIGHT, SHAPE).refuses("no such text", Shape.of(4)).check())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("expected to contain: no such text");
  }
}
