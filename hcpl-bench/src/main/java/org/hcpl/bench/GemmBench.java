package org.hcpl.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.hcpl.tensor.cpu.Gemm;
import org.hcpl.tensor.cpu.Parallel;
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

/** {@code C [m, n] = A [m, k] B [k, n]} beside ONNX Runtime's MatMul and the register peak. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "--add-modules=jdk.incubator.vector")
public class GemmBench {
  /** {@code m x n x k}. */
  @Param({
    "512x512x512",
    "768x768x768",
    "1024x1024x1024",
    "2048x2048x2048",
    "197x3072x768",
    "49x49x32",
    "1x1000x2048"
  })
  public String shape;

  @Param("1")
  public int threads;

  private int m;
  private int n;
  private int k;
  private float[] a;
  private float[] b;
  private float[] c;
  private OnnxPeer peer;

  @Setup
  public void setUp() {
    String[] sizes = shape.split("x");
    m = Integer.parseInt(sizes[0]);
    n = Integer.parseInt(sizes[1]);
    k = Integer.parseInt(sizes[2]);
    Random random = new Random(1);
    a = Inputs.random(random, m * k);
    b = Inputs.random(random, k * n);
    c = new float[m * n];
    Parallel.setThreads(threads);
    peer = OnnxPeer.gemm(m, n, k, a, b, threads);
  }

  @TearDown
  public void tearDown() {
    peer.close();
  }

  /** This library. */
  @Benchmark
  public float[] hcpl() {
    Gemm.run(m, n, k, a, b, c);
    return c;
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
