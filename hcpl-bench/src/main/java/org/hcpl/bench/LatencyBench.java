package org.hcpl.bench;

import java.util.concurrent.TimeUnit;
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

/** Whole networks on one image, eager, one thread, beside ONNX Runtime on the same definitions. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class LatencyBench {
  @Param({"efficientnet_b0", "efficientnet_b4", "densenet121", "densenet161", "gapnet_pl"})
  private String model;

  @Param("224")
  private int size;

  @Param("1")
  private int threads;

  private Latency latency;

  @Setup
  public void prepare() {
    Parallel.setThreads(threads);
    latency = new Latency(model, size, threads);
  }

  @TearDown
  public void close() {
    latency.close();
  }

  @Benchmark
  public float hcpl() {
    return latency.ours();
  }

  @Benchmark
  public void onnxRuntime() {
    latency.peer();
  }
}
