package org.hcpl.bench;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.hcpl.models.export.OnnxModel;
import org.hcpl.tensor.cpu.Activation;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.cpu.vector.VectorBatchNorm;
import org.hcpl.tensor.cpu.vector.VectorMove;
import org.hcpl.tensor.cpu.vector.VectorUnary;
import org.hcpl.tensor.cpu.vector.VectorUnaryGrad;
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
 * One elementwise function beside a copy of the same array and, where it has the operation, ONNX
 * Runtime.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "--add-modules=jdk.incubator.vector")
public class ElementwiseBench {
  private static final int CHANNELS = 64;

  /** Floats: in the second-level cache, and beyond every cache. */
  @Param({"32768", "16777216"})
  public int size;

  @Param({"Relu", "Sigmoid", "Tanh", "Exp", "Erf"})
  public String function;

  @Param("1")
  public int threads;

  private interface Kernel {
    void run(float[] x, int xo, float[] y, int yo, int n);
  }

  private float[] x;
  private float[] y;
  private float[] scale;
  private Kernel kernel;
  private OnnxPeer peer;

  @Setup
  public void setUp() {
    x = Inputs.random(new Random(1), size);
    y = new float[size];
    scale = Inputs.random(new Random(2), CHANNELS);
    kernel =
        switch (function) {
          case "Relu" -> VectorUnary::relu;
          case "Sigmoid" -> VectorUnary::sigmoid;
          case "Tanh" -> VectorUnary::tanh;
          case "Exp" -> VectorUnary::exp;
          case "Erf" -> VectorUnary::erf;
          default -> throw new IllegalArgumentException("elementwise bench: " + function);
        };
    Parallel.setThreads(threads);
    byte[] model =
        new OnnxModel(function)
            .input("x", size)
            .node(function, List.of("x"), List.of("y"), Map.of())
            .output("y", size)
            .bytes();
    long[] shape = {size};
    peer = new OnnxPeer(model, Map.of("x", x), Map.of("x", shape), "y", shape, threads, true);
  }

  @TearDown
  public void tearDown() {
    peer.close();
  }

  /** This library. */
  @Benchmark
  public float[] hcpl() {
    kernel.run(x, 0, y, 0, size);
    return y;
  }

  /** The gradient of silu: two arrays in, one out. */
  @Benchmark
  public float[] siluGradient() {
    VectorUnaryGrad.silu(x, 0, x, 0, y, 0, size);
    return y;
  }

  /** Folded batch norm and silu over {@code [size / 64, 64]}. */
  @Benchmark
  public float[] affineSilu() {
    VectorBatchNorm.affine(
        x, 0, scale, 0, scale, 0, y, 0, size / CHANNELS, CHANNELS, Activation.SILU);
    return y;
  }

  /** ONNX Runtime. */
  @Benchmark
  public OnnxPeer onnxRuntime() {
    peer.run();
    return peer;
  }

  /** 100 %: the array copied by loads and stores. */
  @Benchmark
  public float[] copy() {
    CopyLoop.run(x, y);
    return y;
  }

  /** The same by {@link System#arraycopy}. */
  @Benchmark
  public float[] arraycopy() {
    VectorMove.copyRows(x, 0, size, y, 0, size, 1, size);
    return y;
  }
}
