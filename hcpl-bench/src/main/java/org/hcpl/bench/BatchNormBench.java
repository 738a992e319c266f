package org.hcpl.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.hcpl.tensor.cpu.Activation;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.cpu.vector.BatchNormBackward;
import org.hcpl.tensor.cpu.vector.VectorBatchNorm;
import org.hcpl.tensor.cpu.vector.VectorMove;
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

/**
 * Batch normalisation in training and its gradient, beside a copy of the same array: shapes of
 * EfficientNet-B0 with 16 images of 128x128.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "--add-modules=jdk.incubator.vector")
public class BatchNormBench {
  private static final double EPS = 1e-5;

  /** Rows by channels. */
  @Param({"65536x32", "16384x144", "1024x672"})
  public String shape;

  @Param({"NONE", "SILU"})
  public Activation activation;

  @Param("1")
  public int threads;

  private int rows;
  private int c;
  private float[] x;
  private float[] y;
  private float[] dy;
  private float[] rstd;
  private final float[][] channels = new float[3][];

  @Setup
  public void setUp() {
    String[] dims = shape.split("x");
    rows = Integer.parseInt(dims[0]);
    c = Integer.parseInt(dims[1]);
    Random random = new Random(1);
    x = Inputs.random(random, rows * c);
    dy = Inputs.random(random, rows * c);
    y = new float[rows * c];
    channels[0] = new float[2 * c];
    channels[1] = Inputs.random(random, c);
    channels[2] = Inputs.random(random, c);
    rstd = new float[c];
    Parallel.setThreads(threads);
    moments();
    VectorBatchNorm.rstd(channels[0], c, EPS, rstd, 0, c);
  }

  /** Mean and variance. */
  @Benchmark
  public float[] moments() {
    VectorBatchNorm.moments(x, 0, rows, c, channels[0], 0, channels[0], c);
    return channels[0];
  }

  /** Normalisation and activation. */
  @Benchmark
  public float[] forward() {
    VectorBatchNorm.normalise(
        x, 0, channels[0], 0, rstd, 0, channels[1], 0, channels[2], 0, y, 0, rows, c, activation);
    return y;
  }

  /** The gradients of gamma and beta. */
  @Benchmark
  public float[] sums() {
    float[] sums = new float[2 * c];
    backward().sums(sums, 0);
    return sums;
  }

  /** The gradient of x, from those. */
  @Benchmark
  public float[] gradient() {
    backward().input(channels[0], 0, y, 0);
    return y;
  }

  private BatchNormBackward backward() {
    return new BatchNormBackward(
        x, 0, dy, 0, rows, c, channels[0], 0, EPS, channels[1], 0, channels[2], 0, activation);
  }

  /** 100 %: the array copied. */
  @Benchmark
  public float[] copy() {
    VectorMove.copyRows(x, 0, rows * c, y, 0, rows * c, 1, rows * c);
    return y;
  }
}
