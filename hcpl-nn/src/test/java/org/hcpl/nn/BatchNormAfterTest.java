package org.hcpl.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.hcpl.tensor.Dispatch;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ConvOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link BatchNorm2d#after}: one step in evaluation, the same result as module by module. */
class BatchNormAfterTest {
  private static final int CHANNELS = 12;
  private static final int OUT = 20;

  private final Conv2d convolution = new Conv2d(CHANNELS, OUT, 1, ConvOptions.DEFAULT, false);
  private final BatchNorm2d norm = new BatchNorm2d(OUT);
  private final SqueezeExcite excite = new SqueezeExcite(CHANNELS, 3, Activation.SILU);

  BatchNormAfterTest() {
    convolution.initialise(Rng.of(1));
    norm.initialise(Rng.of(2));
    excite.initialise(Rng.of(3));
    norm.runningMean().assign(Rng.of(4).uniform(Shape.of(OUT), -1, 1));
    norm.runningVariance().assign(Rng.of(5).uniform(Shape.of(OUT), 0.5, 2));
    List.of(convolution, norm, excite).forEach(Module::eval);
  }

  /** Of 3x3 and 7x7 pixels: the factors go to the map, and to the weights. */
  @ParameterizedTest
  @ValueSource(ints = {3, 7})
  void isOneStepInEvaluation(int side) {
    Tensor x = Rng.of(6).uniform(Shape.of(3, side, side, CHANNELS), -1, 1);
    Tensor plain = norm.apply(convolution.apply(x));
    Tensor excited = norm.apply(convolution.apply(excite.apply(x)));
    try (Grad.Mode mode = Grad.off()) {
      // Weights are kept when they are met again.
      for (int run = 0; run < 3; run++) {
        assertClose(norm.after(convolution, x), plain);
        assertClose(norm.after(convolution, excite, x), excited);
      }
      assertThat(operations(() -> norm.after(convolution, x))).containsExactly("conv2dBatchNorm");
      assertThat(operations(() -> norm.after(convolution, excite, x)))
          .contains("conv2dBatchNorm")
          .doesNotContain("mul");
    }
  }

  @Test
  void goesByModulesWhereGradientsAreRecorded() {
    Tensor x = Rng.of(6).uniform(Shape.of(3, 7, 7, CHANNELS), -1, 1);
    assertThat(operations(() -> norm.after(convolution, excite, x)))
        .contains("mul", "conv2d", "batchNorm")
        .doesNotContain("conv2dBatchNorm");
    norm.after(convolution, excite, x).sum().backward();
    for (Module module : List.of(convolution, norm, excite)) {
      assertThat(module.parameters()).allSatisfy(p -> assertThat(p.grad()).isNotNull());
    }
  }

  @Test
  void aWrongNumberOfChannelsIsNamed() {
    Tensor x = Tensor.ones(1, 7, 7, CHANNELS + 1);
    try (Grad.Mode mode = Grad.off()) {
      assertThatThrownBy(() -> norm.after(convolution, excite, x))
          .hasMessageContaining("conv_reduce")
          .hasMessageContaining("input [1, 1, 1, 13], weight [3, 1, 1, 12]");
    }
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    assertThat(actual.toArray())
        .usingComparatorWithPrecision(2e-6f)
        .containsExactly(expected.toArray());
  }

  private static List<String> operations(Runnable work) {
    List<String> names = new ArrayList<>();
    try (var observation =
        Dispatch.observe(
            event -> {
              if (event.depth() == 0) {
                names.add(event.op().name());
              }
            })) {
      work.run();
    }
    return names;
  }
}
