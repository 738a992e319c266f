package org.hcpl.tensor;

import java.nio.charset.StandardCharsets;

/**
 * Counter-based random numbers: number i of a stream is a function of (key, i) alone, so streams
 * are reproducible, splittable and resumable from two longs. The function is SplitMix64's finaliser
 * (Steele, Lea, Flood 2014) over key and counter. Not thread-safe: split a stream for every thread.
 */
public final class Rng {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final long key;
  private long counter;

  private Rng(long key, long counter) {
    this.key = key;
    this.counter = counter;
  }

  /** The stream of a seed; the same numbers on every machine. */
  public static Rng of(long seed) {
    return new Rng(mix(seed + GAMMA), 0);
  }

  /** A stream from what {@link #key()} and {@link #counter()} gave. */
  public static Rng resume(long key, long counter) {
    return new Rng(key, counter);
  }

  /** What tells this stream from others; with {@link #counter()} all of its state. */
  public long key() {
    return key;
  }

  /** How many numbers were drawn. */
  public long counter() {
    return counter;
  }

  /** An independent stream by name; does not advance this one. */
  public Rng split(String name) {
    long h = key;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      h = mix(h ^ (b & 0xff)) + GAMMA;
    }
    return new Rng(mix(h), 0);
  }

  /** An independent stream by number; does not advance this one. */
  public Rng split(long number) {
    return new Rng(mix(mix(key ^ 0x5851F42D4C957F2DL) + mix(number + GAMMA)), 0);
  }

  /** Uniform over all 64-bit numbers. */
  public long nextLong() {
    return mix(key + GAMMA * ++counter);
  }

  /** Uniform in [0, 1), 53 bits. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** Uniform in 0..bound-1. */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new TensorException("rng: bound " + bound + " (expected: > 0)");
    }
    return (int) Math.multiplyHigh(nextLong() >>> 1, 2L * bound);
  }

  /** Standard normal, by the Box-Muller transform. */
  public double nextGaussian() {
    double radius = Math.sqrt(-2 * Math.log(1 - nextDouble()));
    return radius * Math.cos(2 * Math.PI * nextDouble());
  }

  /** Values uniform in [low, high), rounded to float32, by which one may be {@code high}. */
  public Tensor uniform(Shape shape, double low, double high) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (low + (high - low) * nextDouble());
    }
    return Tensor.of(values, shape);
  }

  /** Independent normal values. */
  public Tensor normal(Shape shape, double mean, double standardDeviation) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + standardDeviation * nextGaussian());
    }
    return Tensor.of(values, shape);
  }

  /** Normal values, drawn again where they lie more than two standard deviations from 0. */
  public Tensor truncatedNormal(Shape shape, double standardDeviation) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      double value;
      do {
        value = nextGaussian();
      } while (Math.abs(value) > 2);
      values[i] = (float) (standardDeviation * value);
    }
    return Tensor.of(values, shape);
  }

  /** 1 with the given probability, else 0. */
  public Tensor bernoulli(Shape shape, double probability) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = nextDouble() < probability ? 1 : 0;
    }
    return Tensor.of(values, shape);
  }

  /** The numbers 0..count-1 in random order. */
  public int[] permutation(int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
