package org.hcpl.train.atlas;

import java.util.Arrays;

/** Gaussian smoothing. */
final class Blur {
  private Blur() {}

  /** Smooths a square that repeats, {@code [size, size]}; a new array. */
  static float[] wrapped(float[] values, int size, double sigma) {
    float[] kernel = kernel(Math.min(sigma, size / 7.0));
    float[] rows = new float[values.length];
    float[] out = new float[values.length];
    int radius = kernel.length / 2;
    float[] padded = new float[size + 2 * radius];
    for (int y = 0; y < size; y++) {
      for (int i = 0; i < padded.length; i++) {
        padded[i] = values[y * size + Math.floorMod(i - radius, size)];
      }
      convolve(padded, kernel, rows, y * size, size);
    }
    for (int y = 0; y < size; y++) {
      for (int k = 0; k < kernel.length; k++) {
        add(rows, Math.floorMod(y + k - radius, size) * size, kernel[k], out, y * size, size);
      }
    }
    return out;
  }

  /** Smooths an image in place, {@code [height, width]}, with its border continued. */
  static void clamped(float[] values, int height, int width, double sigma) {
    if (sigma <= 0) {
      return;
    }
    float[] kernel = kernel(sigma);
    int radius = kernel.length / 2;
    float[] rows = new float[values.length];
    float[] padded = new float[width + 2 * radius];
    for (int y = 0; y < height; y++) {
      for (int i = 0; i < padded.length; i++) {
        padded[i] = values[y * width + Math.max(0, Math.min(width - 1, i - radius))];
      }
      convolve(padded, kernel, rows, y * width, width);
    }
    Arrays.fill(values, 0);
    for (int y = 0; y < height; y++) {
      for (int k = 0; k < kernel.length; k++) {
        int from = Math.max(0, Math.min(height - 1, y + k - radius));
        add(rows, from * width, kernel[k], values, y * width, width);
      }
    }
  }

  private static void convolve(float[] padded, float[] kernel, float[] out, int at, int length) {
    for (int k = 0; k < kernel.length; k++) {
      add(padded, k, kernel[k], out, at, length);
    }
  }

  private static void add(float[] from, int start, float weight, float[] to, int at, int length) {
    for (int i = 0; i < length; i++) {
      to[at + i] += weight * from[start + i];
    }
  }

  private static float[] kernel(double sigma) {
    int radius = Math.max(1, (int) StrictMath.ceil(3 * sigma));
    float[] kernel = new float[2 * radius + 1];
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
      sum += StrictMath.exp(-i * i / (2 * sigma * sigma));
    }
    for (int i = -radius; i <= radius; i++) {
      kernel[i + radius] = (float) (StrictMath.exp(-i * i / (2 * sigma * sigma)) / sum);
    }
    return kernel;
  }
}
