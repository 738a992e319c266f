package org.hcpl.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.Backend;
import org.junit.jupiter.api.Test;

/** Convolutions at the edge of sense: the backends agree in what they give and what they refuse. */
class DegenerateConvTest {
  private static final List<Backend> BACKENDS = List.of(Backends.cpu(), Backends.reference());
  private static final ConvOptions PADDED = ConvOptions.DEFAULT.padding(1);

  private static Tensor random(Backend backend, int... dims) {
    return Rng.of(1).uniform(Shape.of(dims), -1, 1).to(backend);
  }

  /** Dense (Winograd's, by patches, pointwise), grouped and depthwise, of no images. */
  @Test
  void anEmptyBatchGivesNothingAndNoGradient() {
    int[][] weights = {{8, 3, 3, 8}, {4, 1, 1, 8}, {5, 3, 2, 8}, {8, 3, 3, 4}, {8, 3, 3, 1}};
    for (Backend backend : BACKENDS) {
      for (int[] dims : weights) {
        ConvOptions options = (dims[1] == 3 ? PADDED : ConvOptions.DEFAULT).groups(8 / dims[3]);
        for (boolean bias : new boolean[] {false, true}) {
          Tensor x = random(backend, 0, 16, 16, 8).requireGrad(true);
          Tensor weight = random(backend, dims).requireGrad(true);
          Tensor shift = random(backend, dims[0]).requireGrad(true);
          Tensor y =
              bias
                  ? Tensor.run(new Conv2d(options), x, weight, shift)
                  : Tensor.run(new Conv2d(options), x, weight);
          assertThat(y.size()).isZero();
          assertThat(y.dim(3)).isEqualTo(dims[0]);
          y.backward(random(backend, y.shape().dims()));
          assertThat(x.grad().shape()).isEqualTo(x.shape());
          assertThat(weight.grad().toArray()).hasSize(weight.size()).containsOnly(0);
          if (bias) {
            assertThat(shift.grad().toArray()).containsOnly(0);
          }
        }
      }
    }
  }

  @Test
  void lengthsOfZeroAreRefusedBeforeAnyKernel() {
    int[][][] cases = {
      {{1, 4, 4, 0}, {3, 3, 3, 0}},
      {{1, 4, 4, 2}, {0, 3, 3, 2}},
      {{1, 4, 4, 2}, {3, 0, 3, 2}},
      {{1, 4, 4, 2}, {3, 3, 0, 2}},
      {{1, 0, 4, 2}, {3, 3, 3, 2}},
      {{1, 4, 0, 2}, {3, 3, 3, 2}},
    };
    for (Backend backend : BACKENDS) {
      for (int[][] dims : cases) {
        refused(
            new Conv2d(PADDED),
            "expected: no axis of length 0 but that of the batch",
            random(backend, dims[0]),
            random(backend, dims[1]));
      }
    }
  }

  @Test
  void aKernelThatDoesNotFitIsRefused() {
    for (Backend backend : BACKENDS) {
      Tensor x = random(backend, 2, 3, 5, 2);
      refused(
          new Conv2d(PADDED.dilation(3)),
          "expected: an image of at least 7x7 with its padding",
          x,
          random(backend, 4, 3, 3, 2));
      refused(
          new Conv2d(ConvOptions.DEFAULT.groups(2)),
          "expected: an image of at least 4x1",
          x,
          random(backend, 4, 4, 1, 1));
    }
  }

  /** Sums of them do not wrap around. */
  @Test
  void paddingAndDilationNextToTheLargestIntAreRefused() {
    int half = 1 << 30;
    for (Backend backend : BACKENDS) {
      Tensor x = random(backend, 1, 2, 2, 1);
      refused(
          new Conv2d(ConvOptions.DEFAULT.padding(half).stride(half)),
          "conv2d: [1, 2, 2, 1] padded to 2147483650x2147483650",
          x,
          random(backend, 1, 1, 1, 1));
      refused(
          new Conv2d(ConvOptions.DEFAULT.dilation(half)),
          "expected: an image of at least 2147483649x1 with its padding",
          x,
          random(backend, 1, 3, 1, 1));
      refused(
          new Conv2d(ConvOptions.DEFAULT.dilation(half).same()),
          "padded to 2147483649x2147483649",
          x,
          random(backend, 1, 3, 3, 1));
      Tensor strided =
          x.conv2d(
              random(backend, 1, 1, 1, 1),
              null,
              ConvOptions.DEFAULT.stride(Integer.MAX_VALUE).same());
      assertThat(strided.shape()).isEqualTo(Shape.of(1, 1, 1, 1));
      PoolOptions wide = PoolOptions.of(2).stride(Integer.MAX_VALUE).ceilMode(true);
      assertThat(random(backend, 1, 3, 3, 1).maxPool2d(wide).shape())
          .isEqualTo(Shape.of(1, 1, 1, 1));
    }
    assertThatThrownBy(() -> PoolOptions.of(3).padding(half))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("padding 0..half the kernel");
  }

  /** Gradients that are asked for by themselves check their shapes as the convolution does. */
  @Test
  void gradientsOfShapesThatDoNotFitAreRefused() {
    for (Backend backend : BACKENDS) {
      Tensor dy = random(backend, 2, 4, 4, 3);
      refused(
          new Conv2dInputGradient(ConvOptions.DEFAULT, 4, 4),
          "conv2dInputGradient: dy [2, 4, 4, 3] (expected: [2, 2, 2, 3])",
          dy,
          random(backend, 3, 3, 3, 2));
      refused(
          new Conv2dWeightGradient(ConvOptions.DEFAULT, 3, 3),
          "conv2dWeightGradient: dy [2, 4, 4, 3] (expected: [2, 3, 3, 3])",
          random(backend, 2, 5, 5, 2),
          dy);
      refused(
          new MaxPool2d(PoolOptions.of(2).padding(1)),
          "maxPool2d: input [1, 0, 3, 2] has no pixels",
          random(backend, 1, 0, 3, 2));
    }
  }

  private static void refused(Op op, String message, Tensor... inputs) {
    assertThatThrownBy(() -> Tensor.run(op, inputs))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(message);
  }
}
