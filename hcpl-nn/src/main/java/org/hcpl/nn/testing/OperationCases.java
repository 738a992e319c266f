package org.hcpl.nn.testing;

import java.util.Map;
import org.hcpl.nn.Activation;
import org.hcpl.nn.BatchNorm2d;
import org.hcpl.nn.StateDict;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.io.NamedArray;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.PoolOptions;
import org.hcpl.tensor.op.Resize;
import org.hcpl.tensor.testing.GoldenLayers;

/** Cases of single operations: convolution, pooling, norms, activations, softmax, resize. */
final class OperationCases {
  private OperationCases() {}

  static void addTo(Map<String, LayerCase> cases) {
    cases.put("conv2d", OperationCases::conv2d);
    cases.put("conv2d_same", OperationCases::conv2d);
    cases.put(
        "linear",
        run ->
            run.plainResult(run.plain("x").linear(run.plain("weight"), run.plainOrNull("bias"))));
    cases.put("batchnorm2d", OperationCases::batchNorm);
    cases.put(
        "layernorm",
        run ->
            run.plainResult(
                run.plain("x")
                    .layerNorm(
                        run.plain("weight"), run.plain("bias"), run.golden().numberParam("eps"))));
    cases.put(
        "activation",
        run ->
            run.plainResult(
                Activation.named(run.golden().textParam("kind")).apply(run.plain("x"))));
    cases.put(
        "softmax", run -> run.plainResult(run.plain("x").softmax(run.golden().intParam("dim"))));
    cases.put(
        "log_softmax",
        run -> run.plainResult(run.plain("x").logSoftmax(run.golden().intParam("dim"))));
    cases.put("maxpool2d", run -> run.imageResult(run.image("x").maxPool2d(pool(run.golden()))));
    cases.put("avgpool2d", run -> run.imageResult(run.image("x").avgPool2d(pool(run.golden()))));
    cases.put("adaptive_avgpool2d", OperationCases::adaptivePool);
    cases.put("global_pool", OperationCases::globalPool);
    cases.put("resize", OperationCases::resize);
    cases.put("roll", OperationCases::roll);
    cases.put("sdpa", OperationCases::attention);
  }

  private static void conv2d(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    int[] stride = golden.intsParam("stride");
    int[] dilation = golden.intsParam("dilation");
    ConvOptions options =
        ConvOptions.DEFAULT
            .stride(stride[0], stride[1])
            .dilation(dilation[0], dilation[1])
            .groups(golden.intParam("groups"));
    if (golden.op().equals("conv2d_same")) {
      options = options.same();
    } else {
      int[] padding = golden.intsParam("padding");
      options = options.padding(padding[0], padding[1]);
    }
    run.imageResult(run.image("x").conv2d(run.image("weight"), run.plainOrNull("bias"), options));
  }

  private static void batchNorm(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    Tensor x = run.image("x");
    Tensor weight = run.plainOrNull("weight");
    Tensor bias = run.plainOrNull("bias");
    double eps = golden.numberParam("eps");
    if (!golden.flagParam("training")) {
      run.imageResult(
          x.batchNorm(run.plain("running_mean"), run.plain("running_var"), weight, bias, eps));
      return;
    }
    run.imageResult(x.batchNormTrain(x.detach().moments(), weight, bias, eps));
    // The layer, for the running statistics.
    BatchNorm2d layer = new BatchNorm2d(x.dim(3), eps, golden.numberParam("momentum"));
    layer.runningMean().assign(run.plain("running_mean"));
    layer.runningVariance().assign(run.plain("running_var"));
    layer.apply(x);
    Map<String, NamedArray> state = StateDict.of(layer);
    golden
        .after()
        .forEach(
            (name, expected) ->
                run.compare("after " + name, state.get(name).values(), expected.values()));
  }

  private static PoolOptions pool(GoldenLayers.Case golden) {
    if (golden.hasParam("dilation") && golden.intParam("dilation") != 1) {
      throw new TensorException(
          golden.name()
              + ": pooling with dilation "
              + golden.intParam("dilation")
              + " (expected: 1)");
    }
    int[] kernel = pair(golden.intsParam("kernel"));
    int[] stride = pair(golden.intsParam("stride"));
    int[] padding = pair(golden.intsParam("padding"));
    return PoolOptions.of(kernel[0], kernel[1])
        .stride(stride[0], stride[1])
        .padding(padding[0], padding[1])
        .ceilMode(golden.flagParam("ceil_mode"))
        .countIncludePad(golden.flagParam("count_include_pad"));
  }

  private static int[] pair(int[] values) {
    return values.length == 2 ? values : new int[] {values[0], values[0]};
  }

  private static void adaptivePool(LayerRun run) {
    int[] output = run.golden().intsParam("output");
    run.imageResult(run.image("x").adaptiveAvgPool2d(output[0], output[1]));
  }

  private static void globalPool(LayerRun run) {
    Tensor x = run.image("x");
    run.plainResult(run.golden().name().endsWith("max") ? x.globalMaxPool() : x.globalAvgPool());
  }

  private static void resize(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    int[] size = golden.intsParam("size");
    String name = golden.textParam("mode");
    Resize.Mode mode =
        switch (name) {
          case "nearest" -> Resize.Mode.NEAREST;
          case "nearest-exact" -> Resize.Mode.NEAREST_EXACT;
          case "bilinear" ->
              golden.flagParam("align_corners")
                  ? Resize.Mode.BILINEAR_ALIGN_CORNERS
                  : Resize.Mode.BILINEAR;
          case "bicubic" -> Resize.Mode.BICUBIC;
          default -> throw new TensorException(golden.name() + ": unknown resize mode " + name);
        };
    run.imageResult(run.image("x").resize(size[0], size[1], mode));
  }

  private static void roll(LayerRun run) {
    int[] shifts = run.golden().intsParam("shifts");
    int[] axes = run.golden().intsParam("dims");
    Tensor y = run.plain("x");
    for (int i = 0; i < axes.length; i++) {
      y = y.roll(axes[i], shifts[i]);
    }
    run.plainResult(y);
  }

  private static void attention(LayerRun run) {
    Tensor q = run.plain("q");
    run.plainResult(
        q.attention(
            run.plain("k"), run.plain("v"), run.plainOrNull("bias"), 1 / Math.sqrt(q.dim(-1))));
  }
}
