package org.hcpl.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.op.ConvOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InitTest {
  /** A 3x5 convolution from 16 to 64 channels: fan in 240, fan out 960. */
  private static Parameter weight() {
    return new Conv2d(16, 64, 3, 5, ConvOptions.DEFAULT, false).weight();
  }

  static Stream<Arguments> initialisers() {
    return Stream.of(
        of("kaimingNormal", Init::kaimingNormal, 2.0 / 240),
        of("kaimingNormalFanOut", Init::kaimingNormalFanOut, 2.0 / 960),
        of("kaimingUniform", Init::kaimingUniform, 2.0 / 240),
        of("xavierNormal", Init::xavierNormal, 2.0 / 1200),
        of("xavierUniform", Init::xavierUniform, 2.0 / 1200),
        // A standard normal cut at two has variance 0.7737.
        of("selu", Init::selu, 0.7737 / 240),
        of("truncated", (rng, p) -> Init.truncatedNormal(rng, p, 0.02), 0.7737 * 4e-4),
        of("efficientNet", (rng, p) -> Init.efficientNetConv(rng, p, 4), 8.0 / 960));
  }

  private static Arguments of(
      String name, BiConsumer<Rng, Parameter> initialiser, double variance) {
    return Arguments.of(name, initialiser, variance);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("initialisers")
  void meanAndVariance(String name, BiConsumer<Rng, Parameter> initialiser, double variance) {
    Parameter weight = weight();
    initialiser.accept(Rng.of(1), weight);
    float[] values = weight.value().toArray();
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    int n = values.length;
    assertThat(sum / n).isCloseTo(0, Offset.offset(5 * Math.sqrt(variance / n)));
    // Five standard errors of the variance of a normal; the others vary less.
    assertThat(squares / n).isCloseTo(variance, Offset.offset(5 * variance * Math.sqrt(2.0 / n)));
  }

  @Test
  void fansOfLinearWeights() {
    Parameter weight = new Linear(7, 3).weight();
    assertThat(Init.fanIn(weight)).isEqualTo(7);
    assertThat(Init.fanOut(weight)).isEqualTo(3);
  }
}
