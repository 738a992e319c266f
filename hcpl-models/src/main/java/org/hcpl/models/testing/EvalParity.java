package org.hcpl.models.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.models.ModelException;
import org.hcpl.models.testing.ParityReport.Measure;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.testing.GoldenModel;
import org.hcpl.tensor.testing.GoldenRun;

/**
 * Compares a filled network in evaluation mode with a reference run: logits, and what its modules
 * put out on the way.
 */
final class EvalParity {
  /**
   * Of a sample of a feature map, relative to 1 or its magnitude: some 1000 roundings of 6e-8 on
   * the way through a network, with room for kernels that sum in another order; and, as for logits,
   * ten times what PyTorch's own float32 is off in that network. Mistakes of definition move
   * samples by 1e-3 and more.
   */
  private static final double PROBE_TOLERANCE = 1e-4;

  private final Map<Module, GoldenRun.Probe> probes = new IdentityHashMap<>();
  private final List<String> missing = new ArrayList<>();
  private final double tolerance;
  private final boolean channelsLast;
  private int fused;
  private int seen;
  private double worst;
  private String worstModule = "";
  private String first = "";

  private EvalParity(Module network, GoldenRun golden, GoldenModel architecture) {
    // timm's transformers keep channels last, but for the convolution that makes the patches.
    channelsLast =
        architecture.modules().stream().anyMatch(m -> m.type().equals("SwinTransformerBlock"));
    tolerance = PROBE_TOLERANCE + 10 * golden.float32Error();
    Map<String, Module> modules = network.modules();
    for (GoldenRun.Probe probe : golden.probes()) {
      Module module = modules.get(probe.module());
      if (module != null) {
        probes.put(module, probe);
      } else if (probe.type().equals("Softmax")) {
        // Attention is one operation here.
        fused++;
      } else {
        missing.add(probe.module());
      }
    }
  }

  static List<Measure> run(Module network, GoldenRun golden, GoldenModel architecture) {
    EvalParity parity = new EvalParity(network, golden, architecture);
    network.eval();
    Tensor input = nhwc(golden.input());
    Tensor[] logits = new Tensor[1];
    long macs;
    try (Grad.Mode mode = Grad.off();
        Module.Observation observation = Module.observe(parity::compare)) {
      macs = MultiplyAdds.of(() -> logits[0] = network.apply(input));
    }
    List<Measure> measures = new ArrayList<>();
    measures.add(
        new Measure("logits", largest(logits[0], golden.logits()), golden.float32Tolerance(), ""));
    measures.add(parity.measure(golden.probes().size() - parity.fused));
    int[] shape = golden.input().shape();
    Long expected = architecture.macs().get(shape[2] + "x" + shape[3]);
    if (expected != null) {
      measures.add(new Measure("multiply-adds", Math.abs(macs / shape[0] - expected), 0, ""));
    }
    return measures;
  }

  private Measure measure(int count) {
    int unseen = count - seen;
    String where =
        unseen > 0
            ? unseen
                + " of "
                + count
                + " not found"
                + (missing.isEmpty() ? "" : ": " + missing.get(0))
            : !first.isEmpty() && worst > tolerance
                ? worstModule + ", first at " + first
                : worstModule;
    return new Measure(count + " probes", unseen > 0 ? Double.NaN : worst, tolerance, where);
  }

  private void compare(Module module, Tensor output) {
    GoldenRun.Probe probe = probes.get(module);
    if (probe == null) {
      return;
    }
    seen++;
    double error = error(probe, output);
    if (!(error <= worst)) {
      worst = error;
      worstModule = probe.module();
    }
    if (!(error <= tolerance) && first.isEmpty()) {
      first = probe.module();
    }
  }

  private double error(GoldenRun.Probe probe, Tensor output) {
    boolean direct = channelsLast && !probe.type().equals("Conv2d");
    Tensor torch = output.rank() == 4 && !direct ? output.toNchw() : output;
    if (!fits(torch.shape().dims(), probe.shape(), direct)) {
      throw new ModelException(
          probe.module()
              + " puts out "
              + torch.shape()
              + " (expected: "
              + Arrays.toString(probe.shape())
              + ")");
    }
    float[] values = torch.toArray();
    double sum = 0;
    double magnitude = 0;
    for (float value : values) {
      sum += value;
      magnitude += Math.abs(value);
    }
    double error =
        Math.max(
            deviation(sum / values.length, probe.mean()),
            deviation(magnitude / values.length, probe.absMean()));
    for (int i = 0; i < probe.indices().length; i++) {
      error = Math.max(error, deviation(values[probe.indices()[i]], probe.values()[i]));
    }
    return error;
  }

  private static boolean fits(int[] own, int[] torch, boolean direct) {
    if (direct) {
      // timm flattens maps to tokens here and there; the order of the values is the same.
      return Arrays.stream(own).reduce(1, Math::multiplyExact)
          == Arrays.stream(torch).reduce(1, Math::multiplyExact);
    }
    // PyTorch's one-dimensional convolutions have an axis less than the images here.
    return Arrays.equals(withoutOnes(own), withoutOnes(torch));
  }

  private static int[] withoutOnes(int[] shape) {
    return Arrays.stream(shape).filter(length -> length != 1).toArray();
  }

  private static double deviation(double actual, double expected) {
    return Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  }

  /** The input as a tensor {@code [N, H, W, C]}. */
  static Tensor nhwc(GoldenRun.Input input) {
    return Tensor.of(input.values(), input.shape()).fromNchw();
  }

  /** The largest difference of {@code [N, classes]} logits. */
  static double largest(Tensor logits, double[][] expected) {
    int[] shape = {expected.length, expected[0].length};
    if (!Arrays.equals(logits.shape().dims(), shape)) {
      throw new ModelException(
          "logits " + logits.shape() + " (expected: " + Arrays.toString(shape) + ")");
    }
    float[] values = logits.toArray();
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      double error = Math.abs(values[i] - expected[i / shape[1]][i % shape[1]]);
      largest = error <= largest ? largest : error;
    }
    return largest;
  }
}
