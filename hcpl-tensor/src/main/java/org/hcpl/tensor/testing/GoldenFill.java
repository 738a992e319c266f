package org.hcpl.tensor.testing;

import java.nio.charset.StandardCharsets;

/**
 * The generator behind the reference numbers: every weight, input and target is a pure function of
 * a name and an index, so whole networks can be compared without storing a weight.
 *
 * <p>{@code bits(name, i)} is the {@code (i+1)}-th {@code nextLong()} of {@code new
 * SplittableRandom(fnv1a64(name))}; from it {@code u} in [0, 1) and {@code v = 2u - 1} in [-1, 1)
 * take the top 24 bits, so that both are exact in float32.
 */
public final class GoldenFill {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** Inputs carry one constant per cell of a grid of this many rows and columns. */
  private static final int BLOCKS = 8;

  private static final double TARGET_THRESHOLD = 0.7;

  private GoldenFill() {}

  /** The 64-bit FNV-1a hash of the UTF-8 bytes of {@code name}. */
  public static long fnv1a64(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001B3L;
    }
    return hash;
  }

  /** The {@code index}-th 64 bits of the stream {@code name}, {@code index} from 0. */
  public static long bits(String name, long index) {
    return bits(fnv1a64(name), index);
  }

  private static long bits(long seed, long index) {
    long z = seed + (index + 1) * GOLDEN_GAMMA;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The {@code index}-th number of the stream {@code name} in [0, 1). */
  public static double u(String name, long index) {
    return u(fnv1a64(name), index);
  }

  /** The {@code index}-th number of the stream {@code name} in [-1, 1). */
  public static double v(String name, long index) {
    return v(fnv1a64(name), index);
  }

  private static double u(long seed, long index) {
    return (bits(seed, index) >>> 40) * 0x1p-24;
  }

  private static double v(long seed, long index) {
    return 2 * u(seed, index) - 1;
  }

  /**
   * The values of a parameter or buffer: {@code (float) (offset + scale * v(entry, i))}, row-major
   * in the order of PyTorch's state dict (convolutions OIHW).
   *
   * @param entry the state-dict name
   * @param count the number of values
   */
  public static float[] parameter(String entry, int count, double offset, double scale) {
    float[] values = new float[count];
    long seed = fnv1a64(entry);
    for (int i = 0; i < count; i++) {
      values[i] = (float) (offset + scale * v(seed, i));
    }
    return values;
  }

  /**
   * An input {@code [batch, channels, height, width]}, row-major: white noise, a constant per cell
   * of an 8 x 8 grid and a constant per plane, summed in double and rounded once. Values lie in
   * (-2.5, 2.5).
   *
   * @param name the stream, usually {@code "input"}
   */
  public static float[] input(String name, int batch, int channels, int height, int width) {
    int planes = batch * channels;
    float[] values = new float[Math.multiplyExact(planes, Math.multiplyExact(height, width))];
    long noise = fnv1a64(name);
    long block = fnv1a64(name + ".block");
    long plane = fnv1a64(name + ".chan");
    int i = 0;
    for (int p = 0; p < planes; p++) {
      double constant = v(plane, p);
      for (int y = 0; y < height; y++) {
        long row = ((long) p * BLOCKS + BLOCKS * y / height) * BLOCKS;
        for (int x = 0; x < width; x++, i++) {
          values[i] = (float) ((0.5 * v(noise, i) + v(block, row + BLOCKS * x / width)) + constant);
        }
      }
    }
    return values;
  }

  /**
   * {@code count} targets of the stream {@code name}, usually {@code "target"}: 1 where {@code u >=
   * 0.7}, else 0.
   */
  public static float[] targets(String name, int count) {
    float[] values = new float[count];
    long seed = fnv1a64(name);
    for (int i = 0; i < count; i++) {
      values[i] = u(seed, i) >= TARGET_THRESHOLD ? 1 : 0;
    }
    return values;
  }

  /**
   * The flat indices at which a reference file samples an array.
   *
   * @param name the module or parameter
   * @param elements the size of the array
   * @param count how many indices
   */
  public static int[] sampleIndices(String name, int elements, int count) {
    int[] indices = new int[count];
    long seed = fnv1a64("idx:" + name);
    for (int i = 0; i < count; i++) {
      indices[i] = (int) Math.floor(u(seed, i) * elements);
    }
    return indices;
  }
}
