package org.hcpl.tensor.op;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.Backend;
import org.hcpl.tensor.testing.GoldenArray;
import org.hcpl.tensor.testing.GoldenFiles;
import org.hcpl.tensor.testing.GoldenLayers;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** PyTorch's numbers for the operations that are layers already, on both CPU backends. */
class GoldenOpsTest {
  /**
   * Of the largest value: inputs have three decimals, so rounding them to float32 alone moves a
   * result by about one part in 10^7 a term; a case sums a few dozen terms.
   */
  private static final double TOLERANCE = 4e-6;

  private static final Set<String> OPS =
      Set.of(
          "conv2d",
          "conv2d_same",
          "linear",
          "batchnorm2d",
          "layernorm",
          "activation",
          "softmax",
          "log_softmax",
          "maxpool2d",
          "avgpool2d",
          "adaptive_avgpool2d",
          "global_pool",
          "resize",
          "sdpa",
          "roll");

  @TestFactory
  Stream<DynamicTest> layers() {
    List<GoldenLayers.Case> cases =
        GoldenLayers.read(GoldenFiles.layers()).cases().stream()
            .filter(c -> OPS.contains(c.op()))
            .toList();
    return Stream.of(Backends.cpu(), Backends.reference())
        .flatMap(
            backend ->
                cases.stream()
                    .map(
                        c ->
                            DynamicTest.dynamicTest(
                                c.name() + " on " + backend.name(), () -> check(c, backend))));
  }

  private static void check(GoldenLayers.Case c, Backend backend) {
    Map<String, Tensor> in = new LinkedHashMap<>();
    c.inputs().forEach((name, array) -> in.put(name, tensor(c, array, backend)));
    c.grads().keySet().forEach(name -> in.get(name).requireGrad(true));
    Tensor y = forward(c, in);
    compare(c.name() + " y", y, native4(c, c.output("y")));
    y.backward(tensor(c, c.gradOutputs().get("y"), backend).reshape(y.shape()));
    c.grads()
        .forEach((name, g) -> compare(c.name() + " d" + name, in.get(name).grad(), native4(c, g)));
  }

  private static Tensor forward(GoldenLayers.Case c, Map<String, Tensor> in) {
    Tensor x = in.get("x");
    return switch (c.op()) {
      case "conv2d", "conv2d_same" -> x.conv2d(in.get("weight"), in.get("bias"), conv(c));
      case "linear" -> x.linear(in.get("weight"), in.get("bias"));
      case "batchnorm2d" ->
          c.flagParam("training")
              ? x.batchNormTrain(
                  x.detach().moments(), in.get("weight"), in.get("bias"), c.numberParam("eps"))
              : x.batchNorm(
                  in.get("running_mean"),
                  in.get("running_var"),
                  in.get("weight"),
                  in.get("bias"),
                  c.numberParam("eps"));
      case "layernorm" -> x.layerNorm(in.get("weight"), in.get("bias"), c.numberParam("eps"));
      case "activation" -> activation(c.textParam("kind"), x);
      case "softmax" -> x.softmax(c.intParam("dim"));
      case "log_softmax" -> x.logSoftmax(c.intParam("dim"));
      case "maxpool2d" -> x.maxPool2d(pool(c));
      case "avgpool2d" -> x.avgPool2d(pool(c).countIncludePad(c.flagParam("count_include_pad")));
      case "adaptive_avgpool2d" ->
          x.adaptiveAvgPool2d(c.intsParam("output")[0], c.intsParam("output")[1]);
      case "global_pool" -> c.name().endsWith("avg") ? x.globalAvgPool() : x.globalMaxPool();
      case "resize" -> x.resize(c.intsParam("size")[0], c.intsParam("size")[1], mode(c));
      case "sdpa" -> {
        Tensor q = in.get("q");
        yield q.attention(in.get("k"), in.get("v"), in.get("bias"), 1 / Math.sqrt(q.dim(-1)));
      }
      case "roll" -> {
        Tensor rolled = x;
        for (int i = 0; i < c.intsParam("dims").length; i++) {
          rolled = rolled.roll(c.intsParam("dims")[i], c.intsParam("shifts")[i]);
        }
        yield rolled;
      }
      default -> throw new IllegalStateException(c.op());
    };
  }

  private static ConvOptions conv(GoldenLayers.Case c) {
    int[] stride = c.intsParam("stride");
    int[] dilation = c.intsParam("dilation");
    ConvOptions options =
        ConvOptions.DEFAULT
            .stride(stride[0], stride[1])
            .dilation(dilation[0], dilation[1])
            .groups(c.intParam("groups"));
    if (c.op().equals("conv2d_same")) {
      return options.same();
    }
    return options.padding(c.intsParam("padding")[0], c.intsParam("padding")[1]);
  }

  private static PoolOptions pool(GoldenLayers.Case c) {
    return PoolOptions.of(c.intParam("kernel"))
        .stride(c.intParam("stride"))
        .padding(c.intParam("padding"))
        .ceilMode(c.flagParam("ceil_mode"));
  }

  private static Resize.Mode mode(GoldenLayers.Case c) {
    return switch (c.textParam("mode")) {
      case "nearest" -> Resize.Mode.NEAREST;
      case "nearest-exact" -> Resize.Mode.NEAREST_EXACT;
      case "bicubic" -> Resize.Mode.BICUBIC;
      default ->
          c.flagParam("align_corners") ? Resize.Mode.BILINEAR_ALIGN_CORNERS : Resize.Mode.BILINEAR;
    };
  }

  private static Tensor activation(String kind, Tensor x) {
    return switch (kind) {
      case "relu" -> x.relu();
      case "relu6" -> x.relu6();
      case "silu" -> x.silu();
      case "gelu_tanh" -> x.geluTanh();
      case "selu" -> x.selu();
      case "tanh" -> x.tanh();
      case "elu" -> x.elu(1);
      case "softplus" -> x.softplus();
      case "hardswish" -> x.hardSwish();
      case "mish" -> x.mish();
      default -> throw new IllegalStateException(kind);
    };
  }

  private static Tensor tensor(GoldenLayers.Case c, GoldenArray array, Backend backend) {
    GoldenArray own = native4(c, array);
    return Tensor.of(own.floats(), own.shape()).to(backend);
  }

  /** Images and weights with channels last; what is no image as it is. */
  private static GoldenArray native4(GoldenLayers.Case c, GoldenArray array) {
    boolean image =
        array.shape().length == 4
            && !Set.of("sdpa", "softmax", "log_softmax", "roll").contains(c.op())
            && !c.name().equals("layernorm/nhwc");
    return image ? array.channelsLast() : array;
  }

  private static void compare(String what, Tensor actual, GoldenArray expected) {
    float[] values = actual.toArray();
    double largest = 0;
    for (double v : expected.values()) {
      largest = Math.max(largest, Math.abs(v));
    }
    for (int i = 0; i < values.length; i++) {
      double error = Math.abs(values[i] - expected.values()[i]);
      if (values.length != expected.values().length || !(error <= TOLERANCE * largest)) {
        throw new AssertionError(
            what
                + " "
                + actual.shape()
                + " at "
                + i
                + ": "
                + values[i]
                + " (expected: "
                + expected.values()[i]
                + ")");
      }
    }
  }
}
