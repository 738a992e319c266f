package org.hcpl.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.hcpl.tensor.cpu.Activation;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.cpu.vector.DepthwiseConv2d;
import org.hcpl.tensor.op.ConvGeometry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One depthwise convolution and its gradients beside ONNX Runtime and a copy of input plus output.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "--add-modules=jdk.incubator.vector")
public class DepthwiseBench {
  /** A name of {@link LayerShapes#depthwise}. */
  @Param({
    "b0 dw 3x3 32@112",
    "b0 dw 3x3/2 96@112",
    "b0 dw 3x3 144@56",
    "b0 dw 5x5/2 144@56",
    "b0 dw 5x5 240@28",
    "b0 dw 3x3 480@14",
    "b0 dw 5x5 672@14",
    "b0 dw 5x5 1152@7"
  })
  public String layer;

  @Param("1")
  public int threads;

  private ConvGeometry geometry;
  private float[] x;
  private float[] y;
  private float[] weights;
  private float[] packed;
  private float[] dx;
  private float[] dw;
  private float[] from;
  private float[] to;
  private OnnxPeer peer;

  @Setup
  public void setUp() {
    geometry = LayerShapes.depthwise().get(layer);
    if (geometry == null) {
      throw new IllegalArgumentException("depthwise bench: no layer " + layer);
    }
    Random random = new Random(1);
    x = Inputs.random(random, geometry.inputSize());
    weights = Inputs.random(random, geometry.weightSize());
    y = new float[geometry.outputSize()];
    dx = new float[geometry.inputSize()];
    dw = new float[geometry.weightSize()];
    from = new float[(geometry.inputSize() + geometry.outputSize()) / 2];
    to = new float[from.length];
    Parallel.setThreads(threads);
    packed = DepthwiseConv2d.pack(weights, 0, geometry);
    int pixels = geometry.h() * geometry.w();
    peer =
        OnnxPeer.conv(
            geometry,
            Inputs.channelsFirst(x, geometry.n(), pixels, geometry.c()),
            Inputs.weightsChannelsFirst(geometry, weights),
            threads,
            true);
  }

  @TearDown
  public void tearDown() {
    peer.close();
  }

  /** This library. */
  @Benchmark
  public float[] hcpl() {
    DepthwiseConv2d.forwardPacked(x, 0, packed, null, 0, y, 0, geometry, Activation.NONE);
    return y;
  }

  /** This library with the activation of EfficientNet. */
  @Benchmark
  public float[] hcplSilu() {
    DepthwiseConv2d.forwardPacked(x, 0, packed, null, 0, y, 0, geometry, Activation.SILU);
    return y;
  }

  @Benchmark
  public float[] inputGradient() {
    DepthwiseConv2d.inputGradient(y, 0, weights, 0, dx, 0, geometry);
    return dx;
  }

  @Benchmark
  public float[] weightGradient() {
    DepthwiseConv2d.weightGradient(x, 0, y, 0, dw, 0, geometry);
    return dw;
  }

  /** ONNX Runtime. */
  @Benchmark
  public OnnxPeer onnxRuntime() {
    peer.run();
    return peer;
  }

  /** As many bytes as input and output have, copied by loads and stores. */
  @Benchmark
  public float[] copy() {
    CopyLoop.run(from, to);
    return to;
  }
}
