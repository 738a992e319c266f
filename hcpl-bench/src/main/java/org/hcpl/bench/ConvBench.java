package org.hcpl.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.hcpl.tensor.cpu.Conv2dForward;
import org.hcpl.tensor.cpu.PackedConv2d;
import org.hcpl.tensor.cpu.Parallel;
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

/** One convolution, weights packed before, beside ONNX Runtime's Conv and the register peak. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "--add-modules=jdk.incubator.vector")
public class ConvBench {
  /** A name of {@link LayerShapes}. */
  @Param({
    "b4 1x1 24-144@112",
    "b4 1x1 192-32@56",
    "b4 1x1 672-112@14",
    "b4 1x1 1632-272@7",
    "r50 1x1 64-256@56",
    "r50 1x1 1024-256@14",
    "d161 1x1 432-192@28",
    "r50 3x3 64-64@56",
    "r50 3x3 256-256@14",
    "r50 3x3/2 128-128@28",
    "d161 3x3 192-48@28",
    "r50 stem 7x7/2 4-64@112"
  })
  public String layer;

  @Param("1")
  public int threads;

  /** Whether ONNX Runtime may convert to blocked layouts and back. */
  @Param("false")
  public boolean layouts;

  private ConvGeometry geometry;
  private float[] x;
  private float[] y;
  private PackedConv2d weights;
  private OnnxPeer peer;

  @Setup
  public void setUp() {
    geometry =
        LayerShapes.all().stream()
            .filter(candidate -> candidate.name().equals(layer))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("conv bench: no layer " + layer))
            .geometry();
    Random random = new Random(1);
    x = Inputs.random(random, geometry.inputSize());
    float[] w = Inputs.random(random, geometry.weightSize());
    y = new float[geometry.outputSize()];
    Parallel.setThreads(threads);
    weights = PackedConv2d.of(geometry, w, 0);
    peer =
        OnnxPeer.conv(
            geometry,
            Inputs.channelsFirst(x, geometry.n(), geometry.h() * geometry.w(), geometry.c()),
            Inputs.weightsChannelsFirst(geometry, w),
            threads,
            layouts);
  }

  @TearDown
  public void tearDown() {
    peer.close();
  }

  /** This library. */
  @Benchmark
  public float[] hcpl() {
    Conv2dForward.run(geometry, x, 0, weights, y, 0, null);
    return y;
  }

  /** ONNX Runtime. */
  @Benchmark
  public OnnxPeer onnxRuntime() {
    peer.run();
    return peer;
  }

  /** 100 %: {@code Peak.operations(9000)} operations of one core. */
  @Benchmark
  public float peak() {
    return Peak.run(9_000);
  }
}
