package org.hcpl.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.PoolOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LayersTest {
  static Stream<Arguments> layers() {
    ConvOptions padded = ConvOptions.DEFAULT.padding(1);
    return Stream.of(
        layer(() -> new Conv2d(8, 6, 3, padded.groups(2), true), 6),
        layer(() -> new ScaledStdConv2d(8, 6, 3, padded, true, 1.7868129431578026, 1e-5), 6),
        layer(() -> new BatchNorm2d(8), 8),
        layer(() -> new LayerNorm(8), 8),
        layer(() -> new GroupNorm(4, 8), 8),
        layer(() -> new SqueezeExcite(8, 2, Activation.SILU), 8),
        layer(() -> new EfficientChannelAttention(3), 8),
        layer(() -> new SplitAttention(8, 4, 3, padded, 2, 4), 4),
        layer(() -> new SplitAttention(8, 4, 3, padded.groups(2), 2, 4), 4),
        layer(() -> new SplitAttention(8, 4, 3, padded, 1, 4), 4),
        layer(() -> new SwinBlock(8, 4, 6, 2, 4, 2, 2, 0.1), 8),
        layer(() -> new Mlp(8, 5, 3, Activation.GELU), 3),
        layer(() -> Weibull.perChannel(8), 8),
        layer(() -> Weibull.shared(), 8),
        layer(() -> PowerNorm.shared(), 8));
  }

  private static Arguments layer(Supplier<Module> make, int channels) {
    return Arguments.of(make.get().getClass().getSimpleName(), make, channels);
  }

  /** Shape, finite values, the same again, a gradient for every parameter, save and load. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void everyLayerHoldsItsContract(String name, Supplier<Module> make, int channels) {
    Module layer = make.get();
    layer.initialise(Rng.of(1));
    Tensor x = Rng.of(2).uniform(Shape.of(3, 4, 6, 8), -1, 2);
    Tensor y = layer.apply(x);
    assertThat(y.shape()).isEqualTo(Shape.of(3, 4, 6, channels));
    assertThat(y.toArray()).doesNotContain(Float.NaN);
    y.backward(Rng.of(3).uniform(y.shape(), -1, 1));
    layer
        .namedParameters()
        .forEach((key, p) -> assertThat(p.grad()).as("gradient of %s", key).isNotNull());
    layer.eval();
    Module copy = make.get();
    StateDict.load(copy, StateDict.of(layer), StateDict.Mode.STRICT);
    copy.eval();
    assertThat(copy.apply(x).toArray()).isEqualTo(layer.apply(x).toArray());
  }

  @Test
  void poolsAndActivationsAsLayers() {
    Tensor x = Tensor.arange(-8, 16).reshape(1, 4, 4, 1);
    Sequential layers =
        new Sequential(
            Activation.RELU.module(),
            new MaxPool2d(PoolOptions.of(2)),
            new AvgPool2d(PoolOptions.of(2)),
            new Identity(),
            new GlobalPool(GlobalPool.Kind.AVG));
    // Maxima of the 2x2 blocks after ReLU: 0, 0, 5, 7.
    assertThat(layers.apply(x).toArray()).containsExactly(3);
    assertThat(new GlobalPool(GlobalPool.Kind.MAX).apply(x).toArray()).containsExactly(7);
  }

  @Test
  void activationsAreFoundByName() {
    assertThat(Activation.named("gelu_tanh")).isEqualTo(Activation.GELU_TANH);
    assertThat(Activation.named("hardswish")).isEqualTo(Activation.HARD_SWISH);
    assertThatThrownBy(() -> Activation.named("swosh"))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("activation: no 'swosh' (expected one of: [identity, relu, ");
  }

  @Test
  void batchNormNeedsTwoValuesAChannel() {
    assertThatThrownBy(() -> new BatchNorm2d(3).apply(Tensor.ones(1, 1, 1, 3)))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("batchNorm: training on [1, 1, 1, 3] gives one value a channel")
        .hasMessageContaining("help: use a larger batch, or eval()");
  }

  @Test
  void batchNormInTrainingRefusesOtherChannelsAndKeepsItsStatistics() {
    BatchNorm2d norm = new BatchNorm2d(8);
    for (Tensor x : List.of(Tensor.ones(2, 3, 3, 4), Tensor.ones(2, 3, 3, 16), Tensor.scalar(1))) {
      assertThatThrownBy(() -> norm.apply(x))
          .isInstanceOf(TensorException.class)
          .hasMessageContaining("batchNorm: input " + x.shape() + " (expected: [..., 8])");
    }
    assertThat(norm.runningMean().toArray()).containsOnly(0);
    assertThat(norm.runningVariance().toArray()).containsOnly(1);
    assertThat(norm.namedBuffers().get("num_batches_tracked").item()).isZero();
  }

  @Test
  void layersThatNobodySeededDrawDifferentNumbers() {
    Tensor x = Tensor.ones(64);
    Sequential one = new Sequential(new Dropout(0.5), new Dropout(0.5));
    Sequential all = new Sequential(one, new Sequential(new Dropout(0.5), new Dropout(0.5)));
    Set<String> masks = new HashSet<>();
    all.modules()
        .forEach(
            (path, module) -> {
              if (module instanceof Dropout) {
                masks.add(Arrays.toString(module.apply(x).toArray()));
              }
            });
    assertThat(masks).hasSize(4);
  }

  @Test
  void weibullBeginsAsASaturatingRelu() {
    Weibull layer = Weibull.shared();
    assertThat(layer.lambda().item()).isCloseTo(1, Offset.offset(1e-6f));
    assertThat(layer.zeta().item()).isCloseTo(2, Offset.offset(1e-6f));
    assertThat(layer.gamma().item()).isCloseTo(6, Offset.offset(1e-5f));
    assertThat(layer.eta().item()).isCloseTo(1, Offset.offset(1e-6f));
    float[] y = layer.apply(Tensor.of(new float[] {-1, 0, 0.1f, 6, 60}, 5)).toArray();
    assertThat(y[0]).isZero();
    assertThat(y[1]).isZero();
    assertThat(y[2]).isCloseTo((float) (0.1 * Math.exp(-0.1 / 6)), Offset.offset(1e-6f));
    assertThat(y[3]).isCloseTo((float) (6 / Math.E), Offset.offset(1e-5f));
    assertThat(y[4]).isBetween(0f, 0.01f);
    assertThatThrownBy(() -> layer.set(1, 0.9, 1, 1))
        .hasMessage("zeta: initial value 0.9 (expected: > 1.0)");
  }

  @Test
  void parametersStayInTheirDomainHoweverFarTheyAreTrained() {
    Weibull layer = Weibull.perChannel(2);
    layer.parameters().forEach(parameter -> parameter.fill(-1000));
    assertThat(layer.lambda().toArray()).containsOnly(0.01f);
    assertThat(layer.zeta().toArray()).containsOnly(1);
    PowerNorm norm = PowerNorm.perChannel(2);
    norm.namedParameters().get("beta").fill(-1000);
    assertThat(norm.beta().toArray()).containsOnly(0.05f);
  }

  @Test
  void noisyAndGoesFromZeroToOneAndProjectsItsThreshold() {
    NoisyAnd layer = new NoisyAnd(3, 7.5);
    layer.threshold().set(Tensor.of(new float[] {-0.2f, 0.3f, 1.7f}, 3));
    float[] none = layer.apply(Tensor.zeros(1, 2, 2, 3)).toArray();
    assertThat(none).containsOnly(0);
    assertThat(layer.threshold().value().toArray()).containsExactly(0, 0.3f, 1);
    for (float all : layer.apply(Tensor.ones(1, 2, 2, 3)).toArray()) {
      assertThat(all).isCloseTo(1, Offset.offset(1e-6f));
    }
    assertThatThrownBy(() -> new NoisyAnd(3, 0)).hasMessageContaining("slope 0.0 (expected: 1e-30");
  }

  @Test
  void noisyAndOfSeveralBagsHasOneBackwardPass() {
    NoisyAnd layer = new NoisyAnd(1);
    layer.threshold().fill(2);
    Tensor first = layer.apply(Tensor.full(Shape.of(1, 1, 1, 1), 0.2));
    Tensor second = layer.apply(Tensor.full(Shape.of(1, 1, 1, 1), 0.6));
    first.add(second).sum().backward();
    assertThat(layer.threshold().value().item()).isEqualTo(1);
    assertThat(layer.threshold().grad().item()).isNegative();
  }

  @Test
  void noisyAndIsSafeForSmallAndLargeSlopes() {
    Tensor p = Tensor.of(new float[] {0, 0.25f, 0.7f, 1}, 4, 1, 1, 1);
    for (double slope : new double[] {1e-30, 1e-9, 1e-5, 0.1, 5, 200, 1e10, 1e30}) {
      for (double b : new double[] {0, 0.5, 1}) {
        NoisyAnd layer = new NoisyAnd(1, slope);
        layer.threshold().fill(b);
        Tensor x = p.detach().requireGrad(true);
        Tensor y = layer.apply(x);
        y.sum().backward();
        String what = "slope " + slope + ", threshold " + b;
        assertThat(y.at(0, 0)).as(what).isZero();
        assertThat(y.at(3, 0)).as(what).isEqualTo(1);
        for (int i = 0; i < 4; i++) {
          double m = p.at(i, 0, 0, 0);
          double expected =
              slope < 1e-4
                  ? m
                  : (sigmoid(slope * (m - b)) - sigmoid(-slope * b))
                      / (sigmoid(slope * (1 - b)) - sigmoid(-slope * b));
          assertThat((double) y.at(i, 0)).as(what).isCloseTo(expected, Offset.offset(1e-5));
          float gradient = x.grad().at(i, 0, 0, 0);
          assertThat(gradient).as(what).isFinite();
          if (slope < 1e-4) {
            assertThat(gradient).as(what).isCloseTo(1, Offset.offset(1e-4f));
          }
        }
        assertThat(layer.threshold().grad().item()).as(what).isFinite();
      }
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void dualStreamHeadTakesTheLargestDescriptorAndFusesByProduct() {
    DualStreamHead head = new DualStreamHead(2, 1);
    head.initialise(Rng.of(1));
    head.namedParameters().get("fc1.weight").set(Tensor.of(new float[] {1, 2}, 1, 2));
    head.namedParameters().get("fc1.bias").fill(0.5);
    head.namedParameters().get("fc2.weight").set(Tensor.of(new float[] {1, -1}, 1, 2));
    head.namedParameters().get("fc2.bias").fill(0);
    Tensor bag = Tensor.of(new float[] {1, 0, 0, 3, -1, 2}, 1, 3, 2);
    DualStreamHead.Streams streams = head.streams(bag);
    assertThat(streams.image().toArray()).containsExactly(1 + 6 + 0.5f);
    assertThat(streams.cells().toArray()).containsExactly(1, -3, -3);
    float[] fused = head.apply(bag).toArray();
    double whole = 1 / (1 + Math.exp(-7.5));
    assertThat(fused[0]).isCloseTo((float) (whole / (1 + Math.exp(-1))), Offset.offset(1e-6f));
    assertThatThrownBy(() -> head.apply(Tensor.zeros(3, 2)))
        .hasMessageContaining("dualStreamHead: descriptors [3, 2] (expected: [B, N, D]");
  }

  @Test
  void windowsComeBackTogether() {
    Tensor x = Rng.of(1).uniform(Shape.of(2, 6, 4, 3), -1, 1);
    Tensor cut = Windows.partition(x, 3, 2);
    assertThat(cut.shape()).isEqualTo(Shape.of(8, 3, 2, 3));
    assertThat(Windows.merge(cut, 6, 4).toArray()).isEqualTo(x.toArray());
    assertThatThrownBy(() -> Windows.partition(x, 4, 2))
        .hasMessageContaining("windows: [2, 6, 4, 3] into 4x2 (expected: whole windows)");
  }

  @Test
  void channelsAndGroupsMustFit() {
    assertThatThrownBy(() -> new Conv2d(3, 4, 3, ConvOptions.DEFAULT.groups(2), true))
        .hasMessageContaining("conv2d: 3 -> 4 channels in 2 groups");
    assertThatThrownBy(() -> new GroupNorm(3, 8)).hasMessageContaining("8 channels in 3 groups");
    assertThatThrownBy(() -> new WindowAttention(6, 4, 2, 2))
        .hasMessageContaining("6 channels for 4 heads");
    assertThatThrownBy(() -> new Linear(0, 4)).hasMessageContaining("0 -> 4");
    assertThatThrownBy(() -> new Conv2d(3, 4, 0, ConvOptions.DEFAULT, true))
        .hasMessage("conv2d: kernel 0x0 (expected: at least 1x1)");
    assertThatThrownBy(
            () -> new ScaledStdConv2d(3, 4, 3, ConvOptions.DEFAULT.groups(2), true, 1, 1e-6))
        .hasMessageContaining("scaledStdConv2d: 3 -> 4 channels in 2 groups");
    assertThatThrownBy(() -> new EfficientChannelAttention(4))
        .hasMessage("efficientChannelAttention: kernel 4 (expected: an odd number)");
    assertThatThrownBy(() -> new WindowAttention(6, 0, 2, 2))
        .hasMessageContaining("6 channels for 0 heads");
  }
}
