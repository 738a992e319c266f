package org.hcpl.tensor.cpu;

/**
 * The tile in plain Java: loops over a wide panel that the compiler vectorises by itself. A third
 * to a half as fast as the Vector API; correct everywhere.
 */
final class PlainMicroKernel implements MicroKernel {
  /** Wide enough to pay for the start of a vectorised loop; 4 such rows of B stay in L1. */
  private static final int COLUMNS = 256;

  @Override
  public int rows() {
    return 8;
  }

  @Override
  public int columns() {
    return COLUMNS;
  }

  @Override
  public int panelWidth(int valid) {
    return valid;
  }

  @Override
  public void multiply(
      int k,
      float[] a,
      int[] aRows,
      float[] b,
      int bOffset,
      float[] c,
      int[] cRows,
      int cColumn,
      int first,
      int count,
      int valid,
      boolean accumulate,
      float[] bias,
      int biasOffset,
      float[] edge) {
    for (int i = first; i < first + count; i++) {
      int to = cRows[i] + cColumn;
      if (!accumulate) {
        System.arraycopy(bias, biasOffset, c, to, valid);
      }
    }
    for (int p = 0; p < k; p += 4) {
      int from = bOffset + p * valid;
      for (int i = first; i < first + count; i++) {
        addRows(valid, c, cRows[i] + cColumn, Math.min(4, k - p), a, aRows[i] + p, b, from, valid);
      }
    }
  }

  @Override
  public void addRows(
      int n,
      float[] c,
      int cOffset,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int ldb) {
    int p = 0;
    for (; p + 4 <= k; p += 4) {
      int at = aOffset + p;
      addFour(n, c, cOffset, a[at], a[at + 1], a[at + 2], a[at + 3], b, bOffset + p * ldb, ldb);
    }
    for (; p < k; p++) {
      addOne(n, c, cOffset, a[aOffset + p], b, bOffset + p * ldb);
    }
  }

  /** {@code c[j] += s0 * b[j] + s1 * b[ldb + j] + s2 * b[2 * ldb + j] + s3 * b[3 * ldb + j]}. */
  private static void addFour(
      int n,
      float[] c,
      int cOff,
      float s0,
      float s1,
      float s2,
      float s3,
      float[] b,
      int bOff,
      int ldb) {
    int b1 = bOff + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    for (int j = 0; j < n; j++) {
      c[cOff + j] =
          c[cOff + j] + s0 * b[bOff + j] + s1 * b[b1 + j] + s2 * b[b2 + j] + s3 * b[b3 + j];
    }
  }

  /** {@code c[j] += s * b[j]}. */
  private static void addOne(int n, float[] c, int cOff, float s, float[] b, int bOff) {
    for (int j = 0; j < n; j++) {
      c[cOff + j] += s * b[bOff + j];
    }
  }

  @Override
  public void add(float[] c, int cOffset, float[] values, int valuesOffset, int count) {
    for (int j = 0; j < count; j++) {
      c[cOffset + j] += values[valuesOffset + j];
    }
  }

  @Override
  public void activate(
      Activation activation, float[] from, int fromOffset, float[] to, int toOffset, int count) {
    switch (activation) {
      case NONE -> System.arraycopy(from, fromOffset, to, toOffset, count);
      case RELU -> {
        for (int j = 0; j < count; j++) {
          to[toOffset + j] = Math.max(from[fromOffset + j], 0f);
        }
      }
      case SILU -> {
        for (int j = 0; j < count; j++) {
          float x = from[fromOffset + j];
          to[toOffset + j] = (float) (x / (1.0 + Math.exp(-x)));
        }
      }
    }
  }

  @Override
  public int overrun() {
    return 0;
  }

  @Override
  public void copyWindows(
      float[] from,
      int fromOffset,
      int fromStep,
      float[] to,
      int toOffset,
      int toStep,
      int length,
      int count) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(from, fromOffset + i * fromStep, to, toOffset + i * toStep, length);
    }
  }

  @Override
  public float dot(int k, float[] a, int aOffset, float[] b, int bOffset) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int p = 0;
    for (; p + 8 <= k; p += 8) {
      int i = aOffset + p;
      int j = bOffset + p;
      s0 += a[i] * b[j];
      s1 += a[i + 1] * b[j + 1];
      s2 += a[i + 2] * b[j + 2];
      s3 += a[i + 3] * b[j + 3];
      s4 += a[i + 4] * b[j + 4];
      s5 += a[i + 5] * b[j + 5];
      s6 += a[i + 6] * b[j + 6];
      s7 += a[i + 7] * b[j + 7];
    }
    for (; p < k; p++) {
      s0 += a[aOffset + p] * b[bOffset + p];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }
}
