package org.hcpl.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.hcpl.models.export.OnnxModel;
import org.hcpl.tensor.cpu.Activation;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.cpu.vector.BinaryOp;
import org.hcpl.tensor.cpu.vector.DepthwiseConv2d;
import org.hcpl.tensor.cpu.vector.VectorBatchNorm;
import org.hcpl.tensor.cpu.vector.VectorBinary;
import org.hcpl.tensor.cpu.vector.VectorLayerNorm;
import org.hcpl.tensor.cpu.vector.VectorMove;
import org.hcpl.tensor.cpu.vector.VectorOptim;
import org.hcpl.tensor.cpu.vector.VectorPool;
import org.hcpl.tensor.cpu.vector.VectorReduce;
import org.hcpl.tensor.cpu.vector.VectorResize;
import org.hcpl.tensor.cpu.vector.VectorSoftmax;
import org.hcpl.tensor.cpu.vector.VectorUnary;
import org.hcpl.tensor.cpu.vector.VectorUnaryGrad;
import org.hcpl.tensor.op.ConvGeometry;
import org.hcpl.tensor.op.PoolGeometry;
import org.hcpl.tensor.op.Resize;

/**
 * The kernels that memory bounds, in one table: time, GB/s of what they must read and write, the
 * share of what a plain {@link CopyLoop} of as many bytes reaches, and of what {@link
 * System#arraycopy} does, and ONNX Runtime's time on the same operation over ours.
 *
 * <p>All candidates are measured in turns within one process, the best of several rounds each, so
 * that what else the machine does hits all alike. Arguments: {@code --threads N} (1), {@code --only
 * TEXT} (names that contain it, or one of several with commas between), {@code --rounds N} (15).
 * {@link ElementwiseBench} and {@link DepthwiseBench} measure the same by the book.
 */
public final class MemoryReport {
  private static final double TURN_SECONDS = 0.01;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long WARM_UP = 250_000_000L;
  private static final long LONGEST_WARM_UP = 4_000_000_000L;

  /**
   * Floats of an array that stays in the second-level cache, and of one that leaves every cache.
   */
  private static final int SMALL = 1 << 15;

  private static final int LARGE = 1 << 24;

  private final int threads;
  private final int rounds;
  private final String only;

  private MemoryReport(int threads, int rounds, String only) {
    this.threads = threads;
    this.rounds = rounds;
    this.only = only;
  }

  /** Prints the table. */
  public static void main(String[] args) {
    int threads = 1;
    int rounds = 15;
    String only = "";
    for (int i = 0; i + 1 < args.length; i += 2) {
      switch (args[i]) {
        case "--threads" -> threads = Integer.parseInt(args[i + 1]);
        case "--rounds" -> rounds = Integer.parseInt(args[i + 1]);
        case "--only" -> only = args[i + 1];
        default ->
            throw new IllegalArgumentException(
                "memory report: " + args[i] + " (expected: --threads, --rounds or --only)");
      }
    }
    Parallel.setThreads(threads);
    new MemoryReport(threads, rounds, only).run();
  }

  private boolean wanted(String name) {
    return Arrays.stream(only.split(",", -1)).anyMatch(name::contains);
  }

  private void run() {
    System.out.printf(
        Locale.ROOT,
        "%-34s %10s %8s %8s %10s %8s%n",
        "threads " + threads,
        "us",
        "GB/s",
        "of copy",
        "arraycopy",
        "ORT/us");
    elementwise("small", SMALL);
    elementwise("large", LARGE);
    channels();
    for (Map.Entry<String, ConvGeometry> layer : LayerShapes.depthwise().entrySet()) {
      depthwise(layer.getKey(), layer.getValue());
      ConvGeometry g = layer.getValue();
      int images = LARGE / (g.inputSize() + g.outputSize()) + 1;
      depthwise("large " + layer.getKey() + " x" + images, g.ofImages(images));
    }
    pools();
    moves();
  }

  private void elementwise(String size, int n) {
    float[] x = Inputs.random(new Random(1), n);
    float[] z = Inputs.random(new Random(2), n);
    float[] y = new float[n];
    float[] m = new float[n];
    measure(size + " relu", 2, n, () -> onnx("Relu", x), () -> VectorUnary.relu(x, 0, y, 0, n));
    measure(size + " add", 3, n, null, () -> VectorBinary.same(BinaryOp.ADD, x, 0, z, 0, y, 0, n));
    measure(size + " exp", 2, n, () -> onnx("Exp", x), () -> VectorUnary.exp(x, 0, y, 0, n));
    measure(
        size + " sigmoid",
        2,
        n,
        () -> onnx("Sigmoid", x),
        () -> VectorUnary.sigmoid(x, 0, y, 0, n));
    measure(size + " silu", 2, n, null, () -> VectorUnary.silu(x, 0, y, 0, n));
    measure(size + " tanh", 2, n, () -> onnx("Tanh", x), () -> VectorUnary.tanh(x, 0, y, 0, n));
    measure(size + " erf", 2, n, () -> onnx("Erf", x), () -> VectorUnary.erf(x, 0, y, 0, n));
    measure(size + " gelu", 2, n, null, () -> VectorUnary.gelu(x, 0, y, 0, n));
    measure(size + " gelu tanh", 2, n, null, () -> VectorUnary.geluTanh(x, 0, y, 0, n));
    measure(size + " selu", 2, n, () -> onnx("Selu", x), () -> VectorUnary.selu(x, 0, y, 0, n));
    measure(
        size + " softplus",
        2,
        n,
        () -> onnx("Softplus", x),
        () -> VectorUnary.softplus(x, 0, y, 0, n));
    float[] positive = new float[n];
    VectorUnary.exp(x, 0, positive, 0, n);
    measure(
        size + " log",
        2,
        n,
        () -> onnx("Log", positive),
        () -> VectorUnary.log(positive, 0, y, 0, n));
    measure(size + " mish", 2, n, null, () -> VectorUnary.mish(x, 0, y, 0, n));
    for (float e : new float[] {1.7f, 0.45f, 3, 0.5f, 1.5f, -1, -2}) {
      measure(size + " pow " + e, 2, n, null, () -> VectorUnary.pow(e, positive, 0, y, 0, n));
    }
    VectorUnary.relu(x, 0, m, 0, n);
    measure(size + " pow of half zeros", 2, n, null, () -> VectorUnary.pow(1.7f, m, 0, y, 0, n));
    measure(
        size + " pow of two arrays",
        3,
        n,
        null,
        () -> VectorBinary.same(BinaryOp.POW, positive, 0, x, 0, y, 0, n));
    measure(size + " silu gradient", 3, n, null, () -> VectorUnaryGrad.silu(x, 0, z, 0, y, 0, n));
    measure(size + " gelu gradient", 3, n, null, () -> VectorUnaryGrad.gelu(x, 0, z, 0, y, 0, n));
    measure(
        size + " softplus gradient",
        3,
        n,
        null,
        () -> VectorUnaryGrad.softplus(x, 0, z, 0, y, 0, n));
    measure(size + " mish gradient", 3, n, null, () -> VectorUnaryGrad.mish(x, 0, z, 0, y, 0, n));
    measure(size + " erf gradient", 3, n, null, () -> VectorUnaryGrad.erf(x, 0, z, 0, y, 0, n));
    measure(size + " selu gradient", 3, n, null, () -> VectorUnaryGrad.selu(x, 0, z, 0, y, 0, n));
    measure(size + " log gradient", 3, n, null, () -> VectorUnaryGrad.log(x, 0, z, 0, y, 0, n));
    for (float e : new float[] {1.7f, 3}) {
      measure(
          size + " pow " + e + " gradient",
          3,
          n,
          null,
          () -> VectorUnaryGrad.pow(e, positive, 0, z, 0, y, 0, n));
    }
    measure(size + " sum", 1, n, null, () -> VectorReduce.total(x, 0, n));
    Arrays.fill(m, 0);
    measure(
        size + " adamw",
        7,
        n,
        null,
        () ->
            VectorOptim.adam(
                y, 0, x, 0, m, 0, z, 0, n, 1e-3, 0.9, 0.999, 1e-8, 0.01, true, 10, 1f));
  }

  private OnnxPeer onnx(String op, float[] x) {
    byte[] model =
        new OnnxModel(op)
            .input("x", x.length)
            .node(op, List.of("x"), List.of("y"), Map.of())
            .output("y", x.length)
            .bytes();
    long[] shape = {x.length};
    return new OnnxPeer(model, Map.of("x", x), Map.of("x", shape), "y", shape, threads, true);
  }

  private void channels() {
    int rows = 56 * 56;
    int c = 144;
    int n = rows * c;
    float[] x = Inputs.random(new Random(3), n);
    float[] dy = Inputs.random(new Random(4), n);
    float[] y = new float[n];
    float[] a = Inputs.random(new Random(5), c);
    float[] b = Inputs.random(new Random(6), c);
    float[] s = new float[c];
    float[] t = new float[c];
    float[] r1 = new float[rows];
    float[] r2 = new float[rows];
    String at = " 144@56";
    measure(
        "affine" + at,
        2,
        n,
        null,
        () -> VectorBatchNorm.affine(x, 0, a, 0, b, 0, y, 0, rows, c, Activation.NONE));
    measure(
        "affine silu" + at,
        2,
        n,
        null,
        () -> VectorBatchNorm.affine(x, 0, a, 0, b, 0, y, 0, rows, c, Activation.SILU));
    measure(
        "affine 24@112",
        2,
        112 * 112 * 24,
        null,
        () -> VectorBatchNorm.affine(x, 0, a, 0, b, 0, y, 0, 112 * 112, 24, Activation.NONE));
    measure("moments" + at, 1, n, null, () -> VectorBatchNorm.moments(x, 0, rows, c, s, 0, t, 0));
    measure(
        "batch norm gradient" + at,
        5,
        n,
        null,
        () ->
            VectorBatchNorm.gradient(
                x, 0, dy, 0, a, 0, b, 0, a, 0, y, 0, s, 0, t, 0, rows, c, true));
    measure(
        "squeeze-excite scale" + at,
        2,
        n,
        null,
        () -> VectorBinary.perImage(BinaryOp.MUL, x, 0, a, 0, y, 0, 1, rows, c));
    measure(
        "global average" + at, 1, n, null, () -> VectorPool.globalAverage(x, 0, s, 0, 1, rows, c));
    measure(
        "layer norm" + at,
        2,
        n,
        null,
        () -> VectorLayerNorm.forward(x, 0, a, 0, b, 0, 1e-5, y, 0, r1, 0, r2, 0, rows, c));
    measure(
        "layer norm gradient" + at,
        5,
        n,
        null,
        () -> VectorLayerNorm.gradient(x, 0, dy, 0, r1, 0, r2, 0, a, 0, y, 0, s, 0, t, 0, rows, c));
    int attention = 64 * 2 * 49;
    measure(
        "softmax 6272x49",
        2,
        attention * 49,
        () -> onnxSoftmax(x, attention, 49),
        () -> VectorSoftmax.softmax(x, 0, y, 0, attention, 49));
  }

  private OnnxPeer onnxSoftmax(float[] x, int rows, int c) {
    byte[] model =
        new OnnxModel("softmax")
            .input("x", rows, c)
            .node("Softmax", List.of("x"), List.of("y"), Map.of())
            .output("y", rows, c)
            .bytes();
    long[] shape = {rows, c};
    float[] values = Arrays.copyOf(x, rows * c);
    return new OnnxPeer(model, Map.of("x", values), Map.of("x", shape), "y", shape, threads, true);
  }

  private void depthwise(String name, ConvGeometry g) {
    if (!wanted(name)) {
      return;
    }
    Random random = new Random(7);
    float[] x = Inputs.random(random, g.inputSize());
    float[] w = Inputs.random(random, g.weightSize());
    float[] dy = Inputs.random(random, g.outputSize());
    float[] y = new float[g.outputSize()];
    float[] dx = new float[g.inputSize()];
    float[] dw = new float[g.weightSize()];
    float[] packed = DepthwiseConv2d.pack(w, 0, g);
    int moved = g.inputSize() + g.outputSize();
    measure(
        name,
        1,
        moved,
        () ->
            OnnxPeer.conv(
                g,
                Inputs.channelsFirst(x, g.n(), g.h() * g.w(), g.c()),
                Inputs.weightsChannelsFirst(g, w),
                threads,
                true),
        () -> DepthwiseConv2d.forwardPacked(x, 0, packed, null, 0, y, 0, g, Activation.NONE));
    measure(
        name + " dx", 1, moved, null, () -> DepthwiseConv2d.inputGradient(dy, 0, w, 0, dx, 0, g));
    measure(
        name + " dw", 1, moved, null, () -> DepthwiseConv2d.weightGradient(x, 0, dy, 0, dw, 0, g));
  }

  private void pools() {
    PoolGeometry g = PoolGeometry.square(1, 112, 112, 64, 3, 2, 1, false);
    float[] x = Inputs.random(new Random(8), g.inputSize());
    float[] dy = Inputs.random(new Random(9), g.outputSize());
    float[] y = new float[g.outputSize()];
    float[] dx = new float[g.inputSize()];
    int moved = g.inputSize() + g.outputSize();
    measure("max pool 3x3/2 64@112", 1, moved, null, () -> VectorPool.max(x, 0, y, 0, g));
    measure(
        "max pool gradient",
        1,
        moved + g.inputSize(),
        null,
        () -> VectorPool.maxGradient(x, 0, dy, 0, dx, 0, g));
    PoolGeometry half = PoolGeometry.square(1, 56, 56, 256, 2, 2, 0, false);
    measure(
        "average pool 2x2 256@56",
        1,
        half.inputSize() + half.outputSize(),
        null,
        () -> VectorPool.average(x, 0, y, 0, half, false));
  }

  private void moves() {
    int n = 1 << 22;
    float[] x = Inputs.random(new Random(10), n);
    float[] y = new float[n];
    measure(
        "transpose 2048x2048", 2, n, null, () -> VectorMove.transpose(x, 0, y, 0, 1, 2048, 2048));
    measure(
        "transpose 144x3136",
        2,
        144 * 3136,
        null,
        () -> VectorMove.transpose(x, 0, y, 0, 1, 144, 3136));
    int[] heads = {64, 49, 3, 32};
    measure(
        "permute heads 64x49x3x32",
        2,
        64 * 49 * 3 * 32,
        null,
        () -> VectorMove.permute(x, 0, heads, new int[] {0, 2, 1, 3}, y, 0));
    measure(
        "resize x2 bilinear 64@56",
        1,
        5 * 56 * 56 * 64,
        null,
        () -> VectorResize.resize(x, 0, y, 0, 1, 56, 56, 64, 112, 112, Resize.Mode.BILINEAR));
    measure(
        "resize x2 bilinear 4@512",
        1,
        5 * 512 * 512 * 4 / 4,
        null,
        () -> VectorResize.resize(x, 0, y, 0, 1, 256, 256, 4, 512, 512, Resize.Mode.BILINEAR));
  }

  /**
   * Times the copies, ours and the peer in turns; {@code arrays} arrays of {@code n} floats are
   * moved.
   */
  private void measure(String name, int arrays, int n, Supplier<OnnxPeer> onnx, Runnable ours) {
    if (!wanted(name)) {
      return;
    }
    OnnxPeer peer = onnx == null ? null : onnx.get();
    int half = (int) ((long) arrays * n / 2);
    float[] from = new float[half];
    float[] to = new float[half];
    List<Runnable> all = new ArrayList<>();
    all.add(() -> CopyLoop.run(from, to));
    all.add(() -> VectorMove.copyRows(from, 0, half, to, 0, half, 1, half));
    all.add(ours);
    if (peer != null) {
      all.add(peer::run);
    }
    int[] repeats = new int[all.size()];
    double[] best = new double[all.size()];
    Arrays.fill(best, Double.POSITIVE_INFINITY);
    for (int i = 0; i < repeats.length; i++) {
      warmUp(all.get(i));
      double once = seconds(all.get(i), 2) / 2;
      repeats[i] = (int) Math.max(1, Math.min(100_000, TURN_SECONDS / once));
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < repeats.length; i++) {
        OnnxPeer.settle(threads);
        best[i] = Math.min(best[i], seconds(all.get(i), repeats[i]) / repeats[i]);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-34s %10.1f %8.1f %8.2f %10.2f %8s%n",
        name,
        best[2] * 1e6,
        4.0 * arrays * n / best[2] / 1e9,
        best[0] / best[2],
        best[1] / best[2],
        peer == null ? "" : "%.2f".formatted(best[3] / best[2]));
    if (peer != null) {
      peer.close();
    }
  }

  /**
   * Until nothing has become faster for a while, a hundred calls at least, for a call that is not
   * compiled yet may take a thousand times as long: what the compiler takes depends on what else
   * the machine does.
   */
  private void warmUp(Runnable work) {
    long start = now();
    long improved = start;
    long best = LONGEST_WARM_UP;
    long now = start;
    while (now - start < LONGEST_WARM_UP && now - improved < Math.max(WARM_UP, 100 * best)) {
      long before = now();
      work.run();
      now = now();
      if (now - before < 0.95 * best) {
        best = now - before;
        improved = now;
      }
    }
  }

  /**
   * With one thread its time on the processor counts, so that other processes count only by what
   * they do to the caches.
   */
  private double seconds(Runnable work, int repeats) {
    long start = now();
    for (int i = 0; i < repeats; i++) {
      work.run();
    }
    return (now() - start) / 1e9;
  }

  private long now() {
    return threads == 1 ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
  }
}
