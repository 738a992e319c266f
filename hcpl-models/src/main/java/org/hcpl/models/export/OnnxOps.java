package org.hcpl.models.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.Abs;
import org.hcpl.tensor.op.Add;
import org.hcpl.tensor.op.Affine;
import org.hcpl.tensor.op.AvgPool2d;
import org.hcpl.tensor.op.BatchNorm;
import org.hcpl.tensor.op.BroadcastTo;
import org.hcpl.tensor.op.Clamp;
import org.hcpl.tensor.op.Concat;
import org.hcpl.tensor.op.Conv2d;
import org.hcpl.tensor.op.Div;
import org.hcpl.tensor.op.Elu;
import org.hcpl.tensor.op.Erf;
import org.hcpl.tensor.op.Exp;
import org.hcpl.tensor.op.Gather;
import org.hcpl.tensor.op.GeluTanh;
import org.hcpl.tensor.op.Greater;
import org.hcpl.tensor.op.HardSigmoid;
import org.hcpl.tensor.op.HardSwish;
import org.hcpl.tensor.op.Identity;
import org.hcpl.tensor.op.LayerNorm;
import org.hcpl.tensor.op.LeakyRelu;
import org.hcpl.tensor.op.Linear;
import org.hcpl.tensor.op.Log;
import org.hcpl.tensor.op.LogSoftmax;
import org.hcpl.tensor.op.LogSumExp;
import org.hcpl.tensor.op.MatMul;
import org.hcpl.tensor.op.Max;
import org.hcpl.tensor.op.MaxPool2d;
import org.hcpl.tensor.op.Maximum;
import org.hcpl.tensor.op.Minimum;
import org.hcpl.tensor.op.Mul;
import org.hcpl.tensor.op.Pad;
import org.hcpl.tensor.op.Permute;
import org.hcpl.tensor.op.PoolOptions;
import org.hcpl.tensor.op.PowScalar;
import org.hcpl.tensor.op.Relu;
import org.hcpl.tensor.op.Relu6;
import org.hcpl.tensor.op.Reshape;
import org.hcpl.tensor.op.Resize;
import org.hcpl.tensor.op.Sigmoid;
import org.hcpl.tensor.op.Silu;
import org.hcpl.tensor.op.Slice;
import org.hcpl.tensor.op.Softmax;
import org.hcpl.tensor.op.Softplus;
import org.hcpl.tensor.op.Sqrt;
import org.hcpl.tensor.op.Sub;
import org.hcpl.tensor.op.Sum;
import org.hcpl.tensor.op.Tanh;
import org.hcpl.tensor.op.Window;

/**
 * The table from operations to ONNX nodes (opset 17). What is not in it is exported as its
 * definition.
 */
final class OnnxOps {
  /** Adds the nodes of one operation to the graph and notes the name of its result. */
  private interface Rule<O extends Op> {
    void add(OnnxGraph graph, O op, List<Tensor> inputs, Tensor output);
  }

  private static final Map<Class<? extends Op>, Rule<?>> RULES = new HashMap<>();

  private OnnxOps() {}

  static {
    for (Map.Entry<Class<? extends Op>, String> entry : unary().entrySet()) {
      rule(
          entry.getKey(),
          (g, op, in, out) -> pointwise(g, in, out, names -> g.node(entry.getValue(), names)));
    }
    for (Map.Entry<Class<? extends Op>, String> entry : binary().entrySet()) {
      rule(
          entry.getKey(),
          (g, op, in, out) -> pointwise(g, in, out, names -> g.node(entry.getValue(), names)));
    }
    parametric();
    movement();
    rule(Conv2d.class, OnnxOps::conv2d);
    rule(Linear.class, OnnxOps::linear);
    rule(MatMul.class, OnnxOps::matMul);
    rule(BatchNorm.class, OnnxOps::batchNorm);
    rule(LayerNorm.class, OnnxOps::layerNorm);
    rule(MaxPool2d.class, OnnxOps::maxPool2d);
    rule(AvgPool2d.class, OnnxOps::avgPool2d);
    rule(Resize.class, OnnxOps::resize);
    rule(Sum.class, OnnxOps::sum);
    rule(Max.class, (g, op, in, out) -> alongAxis(g, "ReduceMax", "axes", op.axis(), in, out));
    rule(
        LogSumExp.class,
        (g, op, in, out) -> alongAxis(g, "ReduceLogSumExp", "axes", op.axis(), in, out));
    rule(Softmax.class, (g, op, in, out) -> alongAxis(g, "Softmax", "axis", op.axis(), in, out));
    rule(
        LogSoftmax.class,
        (g, op, in, out) -> alongAxis(g, "LogSoftmax", "axis", op.axis(), in, out));
  }

  private static <O extends Op> void rule(Class<? extends O> type, Rule<O> rule) {
    RULES.put(type, rule);
  }

  /** Whether there is a rule for an operation on these inputs. */
  static boolean knows(Op op, List<Tensor> inputs, OnnxTrace trace) {
    if (op instanceof BatchNorm norm) {
      boolean constants = inputs.subList(1, inputs.size()).stream().noneMatch(trace::isComputed);
      int rank = inputs.get(0).rank();
      return constants && norm.then() instanceof Identity && (rank == 2 || rank == 4);
    }
    return RULES.containsKey(op.getClass());
  }

  /** Adds the nodes of one step. */
  @SuppressWarnings("unchecked")
  static void add(OnnxGraph graph, OnnxTrace.Step step) {
    Rule<Op> rule = (Rule<Op>) RULES.get(step.op().getClass());
    rule.add(graph, step.op(), step.inputs(), step.output());
  }

  // ---- element by element ----------------------------------------------------------------------

  private static Map<Class<? extends Op>, String> unary() {
    return Map.ofEntries(
        Map.entry(Abs.class, "Abs"),
        Map.entry(Erf.class, "Erf"),
        Map.entry(Exp.class, "Exp"),
        Map.entry(HardSwish.class, "HardSwish"),
        Map.entry(Log.class, "Log"),
        Map.entry(Relu.class, "Relu"),
        Map.entry(Sigmoid.class, "Sigmoid"),
        Map.entry(Softplus.class, "Softplus"),
        Map.entry(Sqrt.class, "Sqrt"),
        Map.entry(Tanh.class, "Tanh"));
  }

  private static Map<Class<? extends Op>, String> binary() {
    return Map.of(
        Add.class, "Add",
        Sub.class, "Sub",
        Mul.class, "Mul",
        Div.class, "Div",
        Maximum.class, "Max",
        Minimum.class, "Min");
  }

  /** Makes nodes over the names of the inputs, which are all in one order of axes. */
  private interface Nodes {
    String of(String... names);
  }

  /**
   * Broadcasting operations: in the order in which an input exists, so that feature maps stay as
   * they are.
   */
  private static void pointwise(OnnxGraph g, List<Tensor> inputs, Tensor output, Nodes nodes) {
    boolean first = output.rank() == 4 && inputs.stream().anyMatch(g::isChannelsFirst);
    String[] names =
        inputs.stream().map(t -> first ? g.channelsFirst(t) : g.own(t)).toArray(String[]::new);
    g.set(output, nodes.of(names), first);
  }

  private static void parametric() {
    rule(
        Silu.class,
        (g, op, in, out) -> pointwise(g, in, out, x -> g.node("Mul", x[0], g.node("Sigmoid", x))));
    rule(
        Affine.class,
        (g, op, in, out) ->
            pointwise(
                g,
                in,
                out,
                x -> {
                  String scaled =
                      op.scale() == 1 ? x[0] : g.node("Mul", x[0], g.number(op.scale()));
                  return op.shift() == 0 && op.scale() != 1
                      ? scaled
                      : g.node("Add", scaled, g.number(op.shift()));
                }));
    rule(
        PowScalar.class,
        (g, op, in, out) ->
            pointwise(
                g,
                in,
                out,
                x -> {
                  if (op.exponent() == 2) {
                    return g.node("Mul", x[0], x[0]);
                  }
                  return op.exponent() == -1
                      ? g.node("Reciprocal", x)
                      : g.node("Pow", x[0], g.number(op.exponent()));
                }));
    rule(
        Greater.class,
        (g, op, in, out) ->
            pointwise(
                g, in, out, x -> g.node("Cast", List.of(g.node("Greater", x)), Map.of("to", 1))));
    rule(GeluTanh.class, (g, op, in, out) -> pointwise(g, in, out, x -> geluTanh(g, x[0])));
    rule(Clamp.class, (g, op, in, out) -> clip(g, in, out, op.low(), op.high()));
    rule(Relu6.class, (g, op, in, out) -> clip(g, in, out, 0, 6));
    rule(
        LeakyRelu.class,
        (g, op, in, out) -> with(g, "LeakyRelu", Map.of("alpha", (float) op.slope()), in, out));
    rule(
        Elu.class,
        (g, op, in, out) -> with(g, "Elu", Map.of("alpha", (float) op.alpha()), in, out));
    rule(
        HardSigmoid.class,
        (g, op, in, out) -> with(g, "HardSigmoid", Map.of("alpha", 1 / 6f, "beta", 0.5f), in, out));
  }

  /**
   * {@code 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}, term by term as PyTorch exports it.
   * ONNX Runtime 1.29.0 mistakes the order of our definition for a pattern of its own and then
   * refuses the model.
   */
  private static String geluTanh(OnnxGraph g, String x) {
    String cube = g.node("Mul", x, g.node("Mul", x, x));
    String sum = g.node("Add", x, g.node("Mul", g.number(0.044715), cube));
    String inner = g.node("Mul", g.number(Math.sqrt(2 / Math.PI)), sum);
    String outer = g.node("Add", g.number(1), g.node("Tanh", inner));
    return g.node("Mul", g.number(0.5), g.node("Mul", x, outer));
  }

  private static void clip(OnnxGraph g, List<Tensor> in, Tensor out, double low, double high) {
    pointwise(g, in, out, x -> g.node("Clip", x[0], g.number(low), g.number(high)));
  }

  private static void with(
      OnnxGraph g, String type, Map<String, ?> attributes, List<Tensor> in, Tensor out) {
    pointwise(g, in, out, x -> g.node(type, List.of(x), attributes));
  }

  // ---- products and normalisation --------------------------------------------------------------

  private static void conv2d(OnnxGraph g, Conv2d op, List<Tensor> in, Tensor out) {
    Tensor weight = in.get(1);
    Window w = op.options().window(in.get(0).shape(), weight.dim(1), weight.dim(2));
    List<String> inputs =
        new ArrayList<>(List.of(g.channelsFirst(in.get(0)), g.channelsFirst(weight)));
    if (in.size() > 2) {
      inputs.add(g.own(in.get(2)));
    }
    Map<String, ?> attributes =
        Map.of(
            "strides",
            new long[] {w.strideH(), w.strideW()},
            "dilations",
            new long[] {w.dilationH(), w.dilationW()},
            "pads",
            pads(w),
            "group",
            op.options().groups());
    g.set(out, g.node("Conv", inputs, attributes), true);
  }

  private static long[] pads(Window w) {
    return new long[] {w.top(), w.left(), w.bottom(), w.right()};
  }

  private static void linear(OnnxGraph g, Linear op, List<Tensor> in, Tensor out) {
    Tensor x = in.get(0);
    if (x.rank() == 2) {
      List<String> inputs = in.stream().map(g::own).toList();
      g.set(out, g.node("Gemm", inputs, Map.of("transB", 1)), false);
      return;
    }
    String product = g.node("MatMul", g.own(x), transposed(g, in.get(1), true));
    g.set(out, in.size() > 2 ? g.node("Add", product, g.own(in.get(2))) : product, false);
  }

  private static void matMul(OnnxGraph g, MatMul op, List<Tensor> in, Tensor out) {
    String a = transposed(g, in.get(0), op.transposeA());
    String b = transposed(g, in.get(1), op.transposeB());
    g.set(out, g.node("MatMul", a, b), false);
  }

  /** A value with its last two axes exchanged, if asked. */
  private static String transposed(OnnxGraph g, Tensor x, boolean exchange) {
    int[] axes = IntStream.range(0, x.rank()).toArray();
    if (!exchange) {
      return g.own(x);
    }
    axes[x.rank() - 1] = x.rank() - 2;
    axes[x.rank() - 2] = x.rank() - 1;
    return g.isComputed(x) ? g.transpose(g.own(x), axes) : g.constant(x, x.shape(), axes);
  }

  private static void batchNorm(OnnxGraph g, BatchNorm op, List<Tensor> in, Tensor out) {
    Tensor x = in.get(0);
    boolean first = x.rank() == 4;
    // Ours: x, mean, variance, gamma, beta. ONNX: x, gamma, beta, mean, variance.
    List<String> inputs =
        List.of(
            first ? g.channelsFirst(x) : g.own(x),
            g.own(in.get(3)),
            g.own(in.get(4)),
            g.own(in.get(1)),
            g.own(in.get(2)));
    g.set(out, g.node("BatchNormalization", inputs, Map.of("epsilon", (float) op.eps())), first);
  }

  private static void layerNorm(OnnxGraph g, LayerNorm op, List<Tensor> in, Tensor out) {
    List<String> inputs = in.stream().map(g::own).toList();
    g.set(
        out,
        g.node("LayerNormalization", inputs, Map.of("axis", -1, "epsilon", (float) op.eps())),
        false);
  }

  // ---- images ----------------------------------------------------------------------------------

  private static Map<String, Object> pooling(PoolOptions options, Window w) {
    return new HashMap<>(
        Map.of(
            "kernel_shape", new long[] {options.kernelH(), options.kernelW()},
            "strides", new long[] {w.strideH(), w.strideW()},
            "pads", pads(w)));
  }

  private static void maxPool2d(OnnxGraph g, MaxPool2d op, List<Tensor> in, Tensor out) {
    Map<String, ?> attributes = pooling(op.options(), op.options().window(in.get(0).shape()));
    g.set(out, g.node("MaxPool", List.of(g.channelsFirst(in.get(0))), attributes), true);
  }

  /**
   * What ceil mode adds at the end is padding in ONNX; where it counts otherwise there, the means
   * are corrected.
   */
  private static void avgPool2d(OnnxGraph g, AvgPool2d op, List<Tensor> in, Tensor out) {
    PoolOptions options = op.options();
    Shape shape = in.get(0).shape();
    Map<String, Object> attributes = pooling(options, options.window(shape));
    attributes.put("count_include_pad", options.countIncludePad() ? 1 : 0);
    String mean = g.node("AveragePool", List.of(g.channelsFirst(in.get(0))), attributes);
    if (options.countIncludePad()) {
      float[] correction = options.averageWeights(shape);
      boolean needed = false;
      for (int i = 0; i < correction.length; i++) {
        correction[i] *= options.kernelH() * options.kernelW();
        needed |= Math.abs(correction[i] - 1) > 1e-6f;
      }
      if (needed) {
        Tensor factors = Tensor.of(correction, 1, 1, out.dim(1), out.dim(2));
        mean = g.node("Mul", mean, g.own(factors));
      }
    }
    g.set(out, mean, true);
  }

  private static void resize(OnnxGraph g, Resize op, List<Tensor> in, Tensor out) {
    Map<String, ?> attributes =
        switch (op.mode()) {
          case NEAREST ->
              Map.of(
                  "mode",
                  "nearest",
                  "coordinate_transformation_mode",
                  "asymmetric",
                  "nearest_mode",
                  "floor");
          case NEAREST_EXACT ->
              Map.of(
                  "mode",
                  "nearest",
                  "coordinate_transformation_mode",
                  "half_pixel",
                  "nearest_mode",
                  "round_prefer_ceil");
          case BILINEAR -> Map.of("mode", "linear", "coordinate_transformation_mode", "half_pixel");
          case BILINEAR_ALIGN_CORNERS ->
              Map.of("mode", "linear", "coordinate_transformation_mode", "align_corners");
          case BICUBIC ->
              Map.of(
                  "mode",
                  "cubic",
                  "coordinate_transformation_mode",
                  "half_pixel",
                  "cubic_coeff_a",
                  -0.75f);
        };
    String sizes =
        g.integers(
            OnnxGraph.longs(OnnxGraph.permuted(out.shape(), OnnxGraph.CHANNELS_FIRST).dims()));
    g.set(
        out,
        g.node("Resize", List.of(g.channelsFirst(in.get(0)), "", "", sizes), attributes),
        true);
  }

  // ---- along axes ------------------------------------------------------------------------------

  /** The name of a value in the order in which it exists. */
  private static String present(OnnxGraph g, Tensor x) {
    return g.isChannelsFirst(x) ? g.channelsFirst(x) : g.own(x);
  }

  /** Axes of a tensor as axes of its value in the order in which it exists. */
  private static long[] axes(OnnxGraph g, Tensor x, int... axes) {
    boolean first = g.isChannelsFirst(x);
    return IntStream.of(axes).mapToLong(a -> first ? OnnxGraph.CHANNELS_LAST[a] : a).toArray();
  }

  private static void sum(OnnxGraph g, Sum op, List<Tensor> in, Tensor out) {
    Tensor x = in.get(0);
    String sum =
        op.axes().length == 0
            ? present(g, x)
            : g.node("ReduceSum", present(g, x), g.integers(axes(g, x, op.axes())));
    g.set(out, sum, g.isChannelsFirst(x));
  }

  private static void alongAxis(
      OnnxGraph g, String type, String key, int axis, List<Tensor> in, Tensor out) {
    Tensor x = in.get(0);
    long[] stored = axes(g, x, axis);
    Map<String, ?> attributes = key.equals("axes") ? Map.of(key, stored) : Map.of(key, stored[0]);
    g.set(out, g.node(type, List.of(present(g, x)), attributes), g.isChannelsFirst(x));
  }

  private static void movement() {
    rule(
        Reshape.class, (g, op, in, out) -> g.set(out, g.reshape(g.own(in.get(0)), op.to()), false));
    rule(Permute.class, OnnxOps::permute);
    rule(
        BroadcastTo.class,
        (g, op, in, out) ->
            g.set(
                out,
                g.node("Expand", g.own(in.get(0)), g.integers(OnnxGraph.longs(op.to().dims()))),
                false));
    rule(Concat.class, OnnxOps::concat);
    rule(Slice.class, OnnxOps::slice);
    rule(Pad.class, OnnxOps::pad);
    rule(Gather.class, OnnxOps::gather);
  }

  private static void permute(OnnxGraph g, Permute op, List<Tensor> in, Tensor out) {
    Tensor x = in.get(0);
    int[] stored = IntStream.of(op.axes()).map(a -> (int) axes(g, x, a)[0]).toArray();
    g.set(out, g.transpose(present(g, x), stored), false);
  }

  private static void concat(OnnxGraph g, Concat op, List<Tensor> in, Tensor out) {
    boolean first = in.stream().anyMatch(g::isChannelsFirst);
    List<String> names = in.stream().map(x -> first ? g.channelsFirst(x) : g.own(x)).toList();
    long axis = first ? OnnxGraph.CHANNELS_LAST[op.axis()] : op.axis();
    g.set(out, g.node("Concat", names, Map.of("axis", axis)), first);
  }

  private static void slice(OnnxGraph g, Slice op, List<Tensor> in, Tensor out) {
    Tensor x = in.get(0);
    String starts = g.integers(op.start());
    String ends = g.integers(op.start() + op.size());
    String part = g.node("Slice", present(g, x), starts, ends, g.integers(axes(g, x, op.axis())));
    g.set(out, part, g.isChannelsFirst(x));
  }

  private static void pad(OnnxGraph g, Pad op, List<Tensor> in, Tensor out) {
    Tensor x = in.get(0);
    int rank = x.rank();
    long[] pads = new long[2 * rank];
    for (int axis = 0; axis < rank; axis++) {
      int stored = (int) axes(g, x, axis)[0];
      pads[stored] = op.before()[axis];
      pads[rank + stored] = op.after()[axis];
    }
    String padded = g.node("Pad", present(g, x), g.integers(pads), g.number(op.value()));
    g.set(out, padded, g.isChannelsFirst(x));
  }

  private static void gather(OnnxGraph g, Gather op, List<Tensor> in, Tensor out) {
    Tensor x = in.get(0);
    String index = g.integers(OnnxGraph.longs(op.index()));
    Map<String, ?> attributes = Map.of("axis", axes(g, x, op.axis())[0]);
    g.set(out, g.node("Gather", List.of(present(g, x), index), attributes), g.isChannelsFirst(x));
  }
}
