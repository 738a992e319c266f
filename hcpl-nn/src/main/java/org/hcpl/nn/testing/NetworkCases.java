package org.hcpl.nn.testing;

import java.util.Arrays;
import java.util.Map;
import org.hcpl.nn.Activation;
import org.hcpl.nn.DropPath;
import org.hcpl.nn.EfficientChannelAttention;
import org.hcpl.nn.NoisyAnd;
import org.hcpl.nn.PatchMerging;
import org.hcpl.nn.ScaledStdConv2d;
import org.hcpl.nn.Sequential;
import org.hcpl.nn.SplitAttention;
import org.hcpl.nn.SqueezeExcite;
import org.hcpl.nn.SwinBlock;
import org.hcpl.nn.WindowAttention;
import org.hcpl.nn.Windows;
import org.hcpl.nn.op.PowerNormalisation;
import org.hcpl.nn.op.WeibullActivation;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.testing.GoldenArray;
import org.hcpl.tensor.testing.GoldenLayers;

/** Cases of layers with parameters of their own, and of this module's operations. */
final class NetworkCases {
  private NetworkCases() {}

  static void addTo(Map<String, LayerCase> cases) {
    cases.put("window_attention", NetworkCases::windowAttention);
    cases.put("swin_block", NetworkCases::swinBlock);
    cases.put("patch_merging", NetworkCases::patchMerging);
    cases.put("window_partition", NetworkCases::windowPartition);
    cases.put("eca", NetworkCases::channelAttention);
    cases.put("eca_kernel_size", NetworkCases::channelAttentionKernel);
    cases.put("squeeze_excite", NetworkCases::squeezeExcite);
    cases.put("split_attention", NetworkCases::splitAttention);
    cases.put("scaled_std_conv2d", NetworkCases::scaledStdConv2d);
    cases.put("drop_path", NetworkCases::dropPath);
    cases.put("weibull", NetworkCases::weibull);
    cases.put("power_norm", NetworkCases::powerNorm);
    cases.put("noisy_and", NetworkCases::noisyAnd);
  }

  private static void windowAttention(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    int[] window = golden.intsParam("window");
    WindowAttention attention =
        new WindowAttention(golden.intParam("dim"), golden.intParam("heads"), window[0], window[1]);
    run.load(new Sequential().add("attn", attention));
    Tensor mask = golden.flagParam("mask") ? run.tensor(golden.extras().get("mask")) : null;
    run.plainResult(attention.attend(run.plain("x"), mask));
    compareIndex(run, window);
  }

  private static void compareIndex(LayerRun run, int[] window) {
    run.compare(
        "relative_position_index",
        doubles(WindowAttention.relativeIndex(window[0], window[1])),
        doubles(run.golden().extraIntegers("relative_position_index")));
  }

  private static void swinBlock(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    int[] map = golden.intsParam("resolution");
    SwinBlock block =
        run.load(
            new SwinBlock(
                golden.intParam("dim"),
                map[0],
                map[1],
                golden.intParam("heads"),
                golden.intParam("window"),
                golden.intParam("shift"),
                golden.numberParam("mlp_ratio"),
                0));
    run.plainResult(block.apply(run.plain("x")));
    int[] window = golden.extraIntegers("effective_window");
    compareIndex(run, window);
    GoldenArray mask = golden.extras().get("attn_mask");
    if (mask != null) {
      int[] shift = golden.extraIntegers("effective_shift");
      Tensor ours = Windows.shiftMask(map[0], map[1], window[0], window[1], shift[0], shift[1]);
      run.compare("attn_mask", ours.toArray(), mask.values());
    }
  }

  private static void patchMerging(LayerRun run) {
    int[] weight = run.golden().input("p.reduction.weight").shape();
    PatchMerging layer = run.load(new PatchMerging(weight[1] / 4, weight[0]));
    run.plainResult(layer.apply(run.plain("x")));
  }

  private static void windowPartition(LayerRun run) {
    int[] window = run.golden().intsParam("window");
    run.plainResult(Windows.partition(run.plain("x"), window[0], window[1]));
  }

  private static void channelAttention(LayerRun run) {
    int kernel = run.golden().intParam("kernel");
    run.imageResult(run.load(new EfficientChannelAttention(kernel)).apply(run.image("x")));
  }

  private static void channelAttentionKernel(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    Map<Integer, Integer> table = golden.outputTable();
    double gamma = golden.numberParam("gamma");
    double beta = golden.numberParam("beta");
    run.compare(
        "kernel",
        table.keySet().stream()
            .mapToDouble(c -> EfficientChannelAttention.kernelSize(c, gamma, beta))
            .toArray(),
        table.values().stream().mapToDouble(k -> k).toArray());
  }

  private static void squeezeExcite(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    SqueezeExcite layer =
        run.load(
            new SqueezeExcite(
                golden.input("x").shape()[1],
                golden.intParam("reduced"),
                Activation.named(golden.textParam("act")),
                Activation.named(golden.textParam("gate"))));
    run.imageResult(layer.apply(run.image("x")));
  }

  private static void splitAttention(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    int radix = golden.intParam("radix");
    int[] weight = golden.input("p.conv.weight").shape();
    ConvOptions options =
        ConvOptions.DEFAULT.padding(golden.intParam("padding")).groups(golden.intParam("groups"));
    SplitAttention layer =
        run.load(
            new SplitAttention(
                golden.input("x").shape()[1],
                weight[0] / radix,
                golden.intParam("kernel"),
                options,
                radix,
                golden.intParam("rd_channels") * radix));
    if (!golden.flagParam("training")) {
      layer.eval();
    }
    run.imageResult(layer.apply(run.image("x")));
  }

  private static void scaledStdConv2d(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    ConvOptions options =
        ConvOptions.DEFAULT
            .stride(golden.intParam("stride"))
            .padding(golden.intParam("padding"))
            .groups(golden.intParam("groups"));
    ScaledStdConv2d layer =
        run.load(
            new ScaledStdConv2d(
                golden.input("x").shape()[1],
                golden.input("p.weight").shape()[0],
                golden.intParam("kernel"),
                options,
                golden.flagParam("bias"),
                golden.numberParam("gamma"),
                golden.numberParam("eps")));
    run.imageResult(layer.apply(run.image("x")));
  }

  private static void dropPath(LayerRun run) {
    run.plainResult(
        DropPath.drop(run.plain("x"), run.plain("mask"), run.golden().numberParam("p")));
  }

  private static void weibull(LayerRun run) {
    boolean image = run.golden().input("R").shape().length == 4;
    Tensor y =
        WeibullActivation.of(
            image ? run.image("R") : run.plain("R"),
            run.plain("lambda"),
            run.plain("zeta"),
            run.plain("gamma"),
            run.plain("eta"));
    if (image) {
      run.imageResult(y);
    } else {
      run.plainResult(y);
    }
  }

  private static void powerNorm(LayerRun run) {
    run.plainResult(PowerNormalisation.of(run.plain("s"), run.plain("alpha"), run.plain("beta")));
  }

  private static void noisyAnd(LayerRun run) {
    run.plainResult(NoisyAnd.pool(run.image("p"), run.plain("a"), run.plain("b")));
  }

  private static double[] doubles(int[] values) {
    return Arrays.stream(values).asDoubleStream().toArray();
  }
}
