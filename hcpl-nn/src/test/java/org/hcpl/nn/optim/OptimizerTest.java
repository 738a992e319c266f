package org.hcpl.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.hcpl.nn.BatchNorm2d;
import org.hcpl.nn.Linear;
import org.hcpl.nn.Parameter;
import org.hcpl.nn.StateDict;
import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.io.NamedArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerTest {
  static Stream<Function<Map<String, Parameter>, Optimizer>> optimizers() {
    return Stream.of(
        p -> new Sgd(p, 0.05, Sgd.Options.DEFAULT),
        p -> new Sgd(p, 0.05, Sgd.Options.DEFAULT.momentum(0.9).nesterov(true)),
        p -> new Adam(p, 0.01, Adam.Options.DEFAULT),
        p -> new AdamW(p, 0.01, Adam.Options.DEFAULT.weightDecay(0.05)));
  }

  private static Linear layer(long seed) {
    Linear layer = new Linear(3, 2);
    layer.initialise(Rng.of(seed));
    return layer;
  }

  private static double train(Linear layer, Optimizer optimizer, int from, int to) {
    double loss = 0;
    for (int step = from; step < to; step++) {
      Tensor x = Rng.of(step).uniform(Shape.of(8, 3), -1, 1);
      Tensor target = x.slice(1, 0, 2).mul(2);
      layer.clearGrads();
      Tensor squares = layer.apply(x).sub(target).square().mean();
      squares.backward();
      optimizer.step();
      loss = squares.item();
    }
    return loss;
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void lowersTheLossAndResumesWithTheSameBits(Function<Map<String, Parameter>, Optimizer> make) {
    Linear whole = layer(1);
    Optimizer optimizer = make.apply(whole.namedParameters());
    double before = train(whole, optimizer, 0, 1);
    double after = train(whole, optimizer, 1, 40);
    assertThat(after).isLessThan(before);
    assertThat(optimizer.steps()).isEqualTo(40);

    Linear first = layer(1);
    Optimizer interrupted = make.apply(first.namedParameters());
    train(first, interrupted, 0, 15);
    Map<String, NamedArray> weights = StateDict.of(first);
    List<NamedArray> state = interrupted.state();
    Linear second = layer(2);
    StateDict.load(second, weights, StateDict.Mode.STRICT);
    Optimizer resumed = make.apply(second.namedParameters());
    resumed.loadState(state);
    train(second, resumed, 15, 40);
    StateDict.of(whole)
        .forEach(
            (name, array) ->
                assertThat(StateDict.of(second).get(name).values())
                    .as(name)
                    .isEqualTo(array.values()));
  }

  @Test
  void theStepCountSurvivesBeyondFloatPrecision() {
    Sgd optimizer = new Sgd(Map.of(), 0.1, Sgd.Options.DEFAULT);
    optimizer.loadState(List.of(new NamedArray("step", new int[] {2}, new float[] {300, 40_001})));
    assertThat(optimizer.steps()).isEqualTo(300 * 65_536 + 40_001);
    assertThat(optimizer.state().getFirst().values()).containsExactly(300, 40_001);
  }

  @Test
  void stateOfAnotherModelIsRefused() {
    Linear layer = layer(1);
    Adam optimizer = new Adam(layer.namedParameters(), 0.01, Adam.Options.DEFAULT);
    NamedArray step = new NamedArray("step", new int[] {2}, new float[] {0, 3});
    NamedArray wrong = new NamedArray("exp_avg/bias", new int[] {3}, new float[3]);
    assertThatThrownBy(() -> optimizer.loadState(List.of(step, wrong)))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("state 'exp_avg/bias' of 3 values (expected: 2 values)");
    assertThatThrownBy(() -> optimizer.loadState(List.of()))
        .hasMessageContaining("state without 'step'");
  }

  @Test
  void frozenParametersAndThoseWithoutGradientStay() {
    Linear layer = layer(1);
    AdamW optimizer =
        new AdamW(layer.namedParameters(), 0.1, Adam.Options.DEFAULT.weightDecay(0.5));
    float[] before = layer.weight().value().toArray();
    optimizer.step();
    assertThat(layer.weight().value().toArray()).isEqualTo(before);
    layer.weight().requireGrad(false);
    layer.apply(Tensor.ones(1, 3)).sum().backward();
    optimizer.step();
    assertThat(layer.weight().value().toArray()).isEqualTo(before);
  }

  @Test
  void aParameterThatIsTrainedLateBeginsAtItsOwnFirstStep() {
    Linear layer = layer(1);
    Tensor before = Tensor.of(layer.bias().value().toArray());
    Adam first = new Adam(layer.namedParameters(), 0.1, Adam.Options.DEFAULT);
    for (int step = 0; step < 1000; step++) {
      first.clearGrads();
      layer.weight().value().sum().backward();
      first.step();
    }
    Adam resumed = new Adam(layer.namedParameters(), 0.1, Adam.Options.DEFAULT);
    resumed.loadState(first.state());
    for (Adam optimizer : List.of(first, resumed)) {
      layer.bias().set(before);
      layer.bias().value().setGrad(Tensor.full(Shape.of(2), 3));
      optimizer.step();
      // Corrected for the start, Adam's first step is the learning rate, whatever the gradient.
      float[] moved = before.sub(layer.bias().value()).toArray();
      assertThat(moved[0]).isCloseTo(0.1f, Offset.offset(1e-6f));
      assertThat(moved[1]).isCloseTo(0.1f, Offset.offset(1e-6f));
    }
  }

  @Test
  void decayCanLeaveOutVectors() {
    Linear layer = layer(1);
    float[] bias = layer.bias().value().toArray();
    float[] weight = layer.weight().value().toArray();
    layer.weight().value().setGrad(Tensor.zeros(2, 3));
    layer.bias().value().setGrad(Tensor.zeros(2));
    new AdamW(
            layer.namedParameters(), 0.1, Adam.Options.DEFAULT.weightDecay(0.5).decayVectors(false))
        .step();
    assertThat(layer.bias().value().toArray()).isEqualTo(bias);
    // Two roundings: of the factor and of the product.
    assertThat(layer.weight().value().toArray()[0])
        .isCloseTo(0.95f * weight[0], Offset.offset(Math.abs(weight[0]) * 0x1p-23f));
  }

  @Test
  void l1PullsTowardsZero() {
    Linear layer = layer(1);
    layer.bias().set(Tensor.of(new float[] {1, -1}, 2));
    layer.bias().value().setGrad(Tensor.zeros(2));
    new Sgd(layer.namedParameters(), 0.5, Sgd.Options.DEFAULT.l1(0.25)).step();
    assertThat(layer.bias().value().toArray()).containsExactly(0.875f, -0.875f);
  }

  @Test
  void badSettingsAreRefused() {
    assertThatThrownBy(() -> new Sgd(Map.of(), -1, Sgd.Options.DEFAULT))
        .hasMessage("optimizer: learning rate -1.0 (expected: >= 0)");
    assertThatThrownBy(() -> Sgd.Options.DEFAULT.momentum(1)).hasMessageContaining("momentum 1.0");
    assertThatThrownBy(() -> new Sgd(Map.of(), 0.1, Sgd.Options.DEFAULT.nesterov(true)))
        .hasMessageContaining("Nesterov");
    assertThat(Sgd.Options.DEFAULT.nesterov(true).momentum(0.9))
        .isEqualTo(Sgd.Options.DEFAULT.momentum(0.9).nesterov(true));
    assertThatThrownBy(() -> Sgd.Options.DEFAULT.weightDecay(Double.NaN))
        .hasMessageContaining("weightDecay NaN");
    assertThatThrownBy(() -> Adam.Options.DEFAULT.weightDecay(Double.NaN))
        .hasMessageContaining("weightDecay NaN");
    assertThatThrownBy(() -> Adam.Options.DEFAULT.eps(0)).hasMessageContaining("eps 0.0");
  }

  @Test
  void clippingLeavesGradientsThatAreNotFinite() {
    Linear layer = layer(1);
    layer.bias().value().setGrad(Tensor.of(new float[] {Float.NaN, 3}, 2));
    assertThat(GradientClipping.byGlobalNorm(layer.parameters(), 1)).isNaN();
    assertThat(layer.bias().grad().toArray()[1]).isEqualTo(3);
    assertThatThrownBy(() -> GradientClipping.byGlobalNorm(layer.parameters(), 0))
        .hasMessageContaining("largest norm 0.0 (expected: > 0)");
  }

  @Test
  void averageFollowsAndSwaps() {
    Linear layer = layer(1);
    layer.bias().fill(0);
    ExponentialMovingAverage average = new ExponentialMovingAverage(layer, 0.75);
    layer.bias().fill(4);
    average.update();
    List<NamedArray> state = average.state();
    average.swap();
    assertThat(layer.bias().value().toArray()).containsOnly(1);
    average.swap();
    assertThat(layer.bias().value().toArray()).containsOnly(4);
    ExponentialMovingAverage resumed = new ExponentialMovingAverage(layer, 0.75);
    resumed.loadState(state);
    average.update();
    resumed.update();
    resumed.swap();
    assertThat(layer.bias().value().toArray()).containsOnly(1.75f);
    assertThatThrownBy(() -> average.loadState(List.of()))
        .hasMessageContaining("average: no values for 'weight' (expected: 6)");
  }

  @Test
  void averagesFollowAModuleToAnotherBackend() {
    BatchNorm2d layer = new BatchNorm2d(2);
    layer.initialise(Rng.of(1));
    ExponentialMovingAverage average = new ExponentialMovingAverage(layer, 0.75);
    layer.to(Backends.reference());
    layer.namedParameters().get("weight").fill(5);
    layer.namedBuffers().get("running_mean").copyFrom(new float[] {8, 8});
    average.update();
    average.swap();
    assertThat(layer.namedParameters().get("weight").value().backend())
        .isSameAs(Backends.reference());
    assertThat(layer.namedParameters().get("weight").value().toArray()).containsOnly(2);
    assertThat(layer.namedBuffers().get("running_mean").toArray()).containsOnly(2);
    layer.to(Backends.cpu());
    average.swap();
    assertThat(layer.namedParameters().get("weight").value().toArray()).containsOnly(5);
    assertThat(layer.namedBuffers().get("running_mean").toArray()).containsOnly(8);
  }
}
