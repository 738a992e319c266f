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
import org.openjdk.jmh.annotations.Warmup;

/** One step of training; the report on training steps sets it beside libtorch. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
public class TrainingStepBench {
  @Param("efficientnet_b0")
  private String model;

  @Param("16")
  private int batch;

  @Param("128")
  private int size;

  @Param("1")
  private int threads;

  private TrainingStep step;

  @Setup
  public void prepare() {
    Parallel.setThreads(threads);
    step = new TrainingStep(model, batch, size);
  }

  @Benchmark
  public double hcpl() {
    return step.run();
  }
}
