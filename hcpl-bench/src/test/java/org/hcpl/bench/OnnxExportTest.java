package org.hcpl.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.Models;
import org.hcpl.models.export.OnnxExport;
import org.hcpl.nn.Activation;
import org.hcpl.nn.DualStreamHead;
import org.hcpl.nn.EfficientChannelAttention;
import org.hcpl.nn.GlobalPool;
import org.hcpl.nn.GroupNorm;
import org.hcpl.nn.Module;
import org.hcpl.nn.NoisyAnd;
import org.hcpl.nn.PatchMerging;
import org.hcpl.nn.PowerNorm;
import org.hcpl.nn.ScaledStdConv2d;
import org.hcpl.nn.Sequential;
import org.hcpl.nn.SplitAttention;
import org.hcpl.nn.SqueezeExcite;
import org.hcpl.nn.StateDict;
import org.hcpl.nn.SwinBlock;
import org.hcpl.nn.Weibull;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.io.NamedArray;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.PoolOptions;
import org.hcpl.tensor.op.Resize;
import org.hcpl.tensor.testing.GoldenFiles;
import org.hcpl.tensor.testing.GoldenFill;
import org.hcpl.tensor.testing.GoldenModel;
import org.hcpl.tensor.testing.GoldenRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime computes on exported networks what we compute. */
class OnnxExportTest {
  /** Some function of one tensor as a network, with constants made once. */
  private static final class Lambda extends Module {
    private final UnaryOperator<Tensor> function;

    Lambda(UnaryOperator<Tensor> function) {
      this.function = function;
    }

    @Override
    public Tensor forward(Tensor x) {
      return function.apply(x);
    }
  }

  private static Tensor fill(String name, int... dims) {
    Shape shape = Shape.of(dims);
    return Tensor.of(GoldenFill.parameter(name, shape.size(), 0, 1), shape);
  }

  private static Arguments of(String name, int[] input, UnaryOperator<Tensor> function) {
    return Arguments.of(name, Shape.of(input), function);
  }

  static Stream<Arguments> operations() {
    int[] image = {2, 7, 6, 4};
    int[] rows = {3, 5};
    Tensor weight = fill("w", 6, 3, 3, 4);
    Tensor grouped = fill("g", 6, 3, 3, 2);
    Tensor bias = fill("b", 6);
    Tensor square = fill("s", 5, 5);
    Tensor channel = fill("c", 4);
    Tensor positive = fill("v", 4).abs().add(0.5);
    Tensor linear = fill("l", 8, 5);
    ConvOptions same = ConvOptions.DEFAULT.padding(1);
    return Stream.of(
        of(
            "conv",
            image,
            x -> x.conv2d(weight, bias, ConvOptions.DEFAULT.stride(2, 1).padding(1, 2))),
        of("conv SAME", image, x -> x.conv2d(weight, null, ConvOptions.DEFAULT.stride(2).same())),
        of(
            "conv groups dilation",
            image,
            x -> x.conv2d(grouped, bias, ConvOptions.DEFAULT.groups(2).dilation(2).padding(2))),
        of(
            "conv asymmetric",
            image,
            x -> x.conv2d(weight, bias, ConvOptions.DEFAULT.padding(0, 1, 2, 0))),
        of("linear 2", rows, x -> x.linear(linear, fill("lb", 8))),
        of("linear 3", new int[] {2, 3, 5}, x -> x.linear(linear, fill("lb", 8))),
        of("linear on image", new int[] {1, 2, 3, 5}, x -> x.relu().linear(linear, null)),
        of("matmul", new int[] {2, 3, 5}, x -> x.matmul(false, x, true).matmul(x)),
        of("matmul constant", rows, x -> x.matmul(false, square, true).relu()),
        of("batch norm", image, x -> x.batchNorm(channel, positive, positive, channel, 1e-3)),
        of(
            "batch norm rows",
            new int[] {3, 4},
            x -> x.batchNorm(channel, positive, null, null, 1e-5)),
        of(
            "batch norm 3",
            new int[] {2, 3, 4},
            x -> x.batchNorm(channel, positive, null, channel, 1e-5)),
        of("layer norm", image, x -> x.layerNorm(positive, channel, 1e-5)),
        of("group norm", image, x -> x.groupNorm(2, positive, channel, 1e-5)),
        of("max pool", image, x -> x.maxPool2d(PoolOptions.of(3).stride(2).padding(1))),
        of("max pool ceil", image, x -> x.maxPool2d(PoolOptions.of(3).stride(2).ceilMode(true))),
        of("max pool SAME", image, x -> x.maxPool2d(PoolOptions.of(3).stride(2).same())),
        of("avg pool", image, x -> x.avgPool2d(PoolOptions.of(2))),
        of("avg pool include", image, x -> x.avgPool2d(PoolOptions.of(3).stride(2).padding(1))),
        of(
            "avg pool exclude",
            image,
            x -> x.avgPool2d(PoolOptions.of(3).stride(2).padding(1).countIncludePad(false))),
        of(
            "avg pool ceil include",
            new int[] {1, 5, 7, 2},
            x -> x.avgPool2d(PoolOptions.of(2).ceilMode(true))),
        of(
            "avg pool ceil exclude",
            image,
            x ->
                x.avgPool2d(
                    PoolOptions.of(3).stride(2).padding(1).ceilMode(true).countIncludePad(false))),
        of("adaptive pool", image, x -> x.adaptiveAvgPool2d(3, 2)),
        of("global pools", image, x -> Tensor.concat(1, x.globalAvgPool(), x.globalMaxPool())),
        of("activations", rows, x -> activations(x)),
        of("activations of an image", image, x -> activations(x)),
        of(
            "arithmetic",
            image,
            x -> x.affine(2, 1).mul(x).sub(channel).div(positive).maximum(x).minimum(x.add(0.25))),
        of(
            "powers",
            rows,
            x ->
                x.square()
                    .add(x.abs().add(1).reciprocal())
                    .add(x.abs().pow(1.5))
                    .add(x.abs().sqrt())),
        of("greater", image, x -> x.greater(channel).mul(x).clamp(-0.5, 0.5)),
        of("exp log", rows, x -> x.exp().add(1).log().neg()),
        of("gate by channels", image, x -> x.mul(x.globalAvgPool().reshape(2, 1, 1, 4).sigmoid())),
        of("gate by a row", image, x -> x.relu().mul(x.mean(false, 0, 1, 2))),
        of(
            "gate by pixels",
            image,
            x -> x.conv2d(weight, null, same).mul(x.mean(true, 3).sigmoid())),
        of("reductions", image, x -> x.sum(true, 1).mul(x.max(true, 2)).add(x.mean(false, 0))),
        of("softmax", image, x -> x.softmax(3).add(x.softmax(1)).add(x.logSoftmax(2))),
        of("log sum exp", image, x -> x.logSumExp(3, true).add(x.logSumExp(1, true))),
        of("attention", new int[] {2, 3, 4, 5}, x -> x.attention(x.mul(2), x.add(1), null, 0.3)),
        of("reshape", image, x -> x.relu().reshape(2, 7, 24).reshape(2, 42, 4).reshape(2, 7, 6, 4)),
        of("permute", image, x -> x.permute(0, 2, 1, 3).toNchw().relu().permute(3, 0, 1, 2)),
        of("concat", image, x -> Tensor.concat(3, x, x.relu(), fill("k", 2, 7, 6, 1))),
        of("concat rows", rows, x -> Tensor.concat(0, x, square)),
        of(
            "slice and roll",
            image,
            x -> x.slice(3, 1, 2).mul(x.roll(1, 2).slice(3, 0, 2)).slice(0, 1, 1)),
        of("pad", image, x -> x.pad(new int[] {0, 1, 2, 0}, new int[] {0, 0, 1, 3}, 0.5)),
        of("pad reflect and flip", image, x -> x.padReflect(2, 1, 0, 3).flip(3)),
        of("broadcast", new int[] {1, 4}, x -> x.broadcastTo(Shape.of(2, 3, 4))),
        of("nearest", image, x -> x.resize(13, 4, Resize.Mode.NEAREST)),
        of("nearest exact", image, x -> x.resize(14, 3, Resize.Mode.NEAREST_EXACT)),
        of("bilinear", image, x -> x.resize(9, 3, Resize.Mode.BILINEAR)),
        of("bilinear corners", image, x -> x.resize(3, 11, Resize.Mode.BILINEAR_ALIGN_CORNERS)),
        of("bicubic", image, x -> x.resize(12, 9, Resize.Mode.BICUBIC)),
        of("view without history", image, x -> x.relu().detach().mul(x.detach())),
        of("no operation", image, x -> x));
  }

  private static Tensor activations(Tensor x) {
    Tensor wide = x.mul(6);
    List<Tensor> all =
        List.of(
            wide.relu(),
            wide.relu6(),
            wide.leakyRelu(0.1),
            wide.elu(0.7),
            wide.selu(),
            wide.silu(),
            wide.gelu(),
            wide.geluTanh(),
            wide.sigmoid(),
            wide.tanh(),
            wide.softplus(),
            wide.hardSigmoid(),
            wide.hardSwish(),
            wide.mish(),
            wide.erf());
    return Tensor.concat(-1, all);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void operationsAgree(String name, Shape input, UnaryOperator<Tensor> function) {
    Lambda network = new Lambda(function);
    network.eval();
    assertAgrees(network, input);
  }

  static Stream<Arguments> layers() {
    Shape image = Shape.of(2, 6, 6, 8);
    return Stream.of(
        Arguments.of("Weibull", Weibull.perChannel(8), image),
        Arguments.of(
            "PowerNorm",
            new Sequential(new GlobalPool(GlobalPool.Kind.MAX), PowerNorm.shared()),
            image),
        Arguments.of(
            "NoisyAnd", new Sequential(Activation.SIGMOID.module(), new NoisyAnd(8)), image),
        Arguments.of("DualStreamHead", new DualStreamHead(8, 5), Shape.of(3, 4, 8)),
        Arguments.of("EfficientChannelAttention", new EfficientChannelAttention(3), image),
        Arguments.of("SqueezeExcite", new SqueezeExcite(8, 2, Activation.SILU), image),
        Arguments.of(
            "SplitAttention",
            new SplitAttention(8, 8, 3, ConvOptions.DEFAULT.padding(1), 2, 4),
            image),
        Arguments.of("SwinBlock", new SwinBlock(8, 6, 6, 2, 4, 2, 2, 0), image),
        Arguments.of(
            "ScaledStdConv2d",
            new ScaledStdConv2d(8, 6, 3, ConvOptions.DEFAULT, true, 1.7, 1e-5),
            image),
        Arguments.of("PatchMerging", new PatchMerging(8, 6), Shape.of(1, 5, 6, 8)),
        Arguments.of("GroupNorm", new GroupNorm(4, 8), image));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void layersAgree(String name, Module layer, Shape input) {
    layer.initialise(Rng.of(3));
    layer.eval();
    assertAgrees(layer, input);
  }

  static List<String> models() {
    return Stream.concat(
            Models.names().stream(), Stream.of("cla:efficientnet_b0", "dsa:densenet121"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void miniaturesOfAllModelsAgree(String name) {
    Module network = Models.tiny(name, ModelOptions.of(4, 5));
    network.initialise(Rng.of(1));
    // Running statistics as after training: at 0 and 1 a mistake in their order would not show.
    network
        .namedBuffers()
        .forEach(
            (key, buffer) -> {
              boolean variance = key.endsWith("running_var");
              if (variance || key.endsWith("running_mean")) {
                buffer.copyFrom(
                    GoldenFill.parameter(
                        key, buffer.size(), variance ? 1 : 0, variance ? 0.5 : 0.2));
              }
            });
    network.eval();
    assertAgrees(network, Shape.of(2, 32, 32, 4));
  }

  @ParameterizedTest
  @ValueSource(strings = "efficientnet_b0")
  void publishedNetworksGiveTheReferenceLogits(String key) {
    Module network = filled(GoldenModel.read(GoldenFiles.arch(key)));
    network.eval();
    GoldenRun run = GoldenRun.read(GoldenFiles.runs(key).getLast());
    int[] nchw = run.input().shape();
    byte[] model = OnnxExport.model(network, Shape.of(nchw[0], nchw[2], nchw[3], nchw[1])).bytes();
    long[] shape = Arrays.stream(nchw).asLongStream().toArray();
    try (OnnxPeer peer =
        new OnnxPeer(
            model,
            Map.of("input", run.input().values()),
            Map.of("input", shape),
            "output",
            new long[] {2, 19},
            1,
            true)) {
      peer.run();
      FloatBuffer logits = peer.result();
      for (double[] image : run.logits()) {
        for (double expected : image) {
          assertThat((double) logits.get()).isCloseTo(expected, within(run.float32Tolerance()));
        }
      }
    }
  }

  @Test
  void filesCanBeLoaded(@TempDir Path folder) throws Exception {
    Module network = Models.tiny("efficientnet_b0", ModelOptions.of(4, 5));
    network.initialise(Rng.of(1));
    network.eval();
    Path file = folder.resolve("network.onnx");
    OnnxExport.write(network, Shape.of(1, 32, 32, 4), file);
    assertThat(Files.readAllBytes(file))
        .isEqualTo(OnnxExport.model(network, Shape.of(1, 32, 32, 4)).bytes());
  }

  private static Module filled(GoldenModel model) {
    Module network = Models.create(model.key(), model.inputChannels(), model.classes());
    Map<String, NamedArray> state = new LinkedHashMap<>();
    for (GoldenModel.Entry entry : model.entries()) {
      state.put(entry.name(), new NamedArray(entry.name(), entry.shape(), entry.values()));
    }
    StateDict.load(network, state, StateDict.Mode.STRICT);
    return network;
  }

  private static void assertAgrees(Module network, Shape input) {
    Tensor x = Tensor.of(GoldenFill.parameter("x", input.size(), 0, 1), input);
    Tensor expected;
    try (Grad.Mode mode = Grad.off()) {
      expected = outward(network.apply(x));
    }
    byte[] model = OnnxExport.model(network, input).bytes();
    float[] theirs = new float[expected.size()];
    try (OnnxPeer peer =
        new OnnxPeer(
            model,
            Map.of("input", outward(x).toArray()),
            Map.of("input", dims(outward(x))),
            "output",
            dims(expected),
            1,
            true)) {
      peer.run();
      FloatBuffer result = peer.result();
      result.get(theirs);
    }
    float[] ours = expected.toArray();
    double scale = 0;
    double worst = 0;
    for (int i = 0; i < ours.length; i++) {
      scale = Math.max(scale, Math.abs(ours[i]));
      worst = Math.max(worst, Math.abs(ours[i] - theirs[i]));
    }
    // Rounding of float32 through some tens of layers; a wrong epsilon, padding or order of axes
    // shows at 1e-3 and above.
    assertThat(worst)
        .as("of outputs up to %s", scale)
        .isLessThanOrEqualTo(2e-5 * Math.max(scale, 1e-3));
    assertThat(scale).isPositive();
  }

  /** Images as ONNX has them, channels first. */
  private static Tensor outward(Tensor tensor) {
    return tensor.rank() == 4 ? tensor.toNchw() : tensor;
  }

  private static long[] dims(Tensor tensor) {
    return Arrays.stream(tensor.shape().dims()).asLongStream().toArray();
  }
}
