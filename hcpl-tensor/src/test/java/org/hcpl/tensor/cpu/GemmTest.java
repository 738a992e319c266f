package org.hcpl.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.hcpl.tensor.TensorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GemmTest {
  /** Error against double at most this many times the naive float loop's. */
  private static final double FACTOR = 2;

  private final int threads = Parallel.threads();

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(threads);
  }

  @ParameterizedTest
  @MethodSource("org.hcpl.tensor.cpu.Kernels#all")
  void agreesWithTheNaiveLoop(MicroKernel kernel) {
    int[] sizes = {1, 2, 3, 5, 7, 11, 13, 16, 17, 31, 33, 49};
    Random random = new Random(1);
    for (int m : sizes) {
      for (int n : sizes) {
        int k = sizes[random.nextInt(sizes.length)];
        check(kernel, random, m, n, k, random.nextBoolean(), random.nextBoolean());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.hcpl.tensor.cpu.Kernels#all")
  void agreesOnSizesPastOneBlock(MicroKernel kernel) {
    Random random = new Random(2);
    Parallel.setThreads(3);
    for (int[] size :
        new int[][] {
          {700, 24, 33},
          {49, 300, 1100},
          {65, 513, 257},
          {3, 70, 5000},
          {4, 1030, 321},
          {29, 1, 700}
        }) {
      for (int trans = 0; trans < 4; trans++) {
        check(kernel, random, size[0], size[1], size[2], (trans & 1) != 0, (trans & 2) != 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.hcpl.tensor.cpu.Kernels#all")
  void rowsWhoseDistanceIsAPageAreRead(MicroKernel kernel) {
    Random random = new Random(3);
    float[] a = Naive.random(random, 20 * 1024);
    float[] b = Naive.random(random, 1000 * 600);
    float[] c = new float[20 * 600];
    Naive.Sums sums = Naive.gemm(false, false, 20, 600, 1000, a, 0, 1024, b, 0, 600);
    Gemm.run(kernel, false, false, 20, 600, 1000, a, 0, 1024, b, 0, 600, c, 0, 600, false, null);
    sums.check("gemm with lda 1024", c, 0, FACTOR);
  }

  private static void check(
      MicroKernel kernel, Random random, int m, int n, int k, boolean transA, boolean transB) {
    int aOff = random.nextInt(4);
    int bOff = random.nextInt(4);
    int cOff = random.nextInt(4);
    int lda = (transA ? m : k) + random.nextInt(3);
    int ldb = (transB ? n > 0 ? k : 0 : n) + random.nextInt(3);
    int ldc = n + random.nextInt(3);
    float[] a = Naive.random(random, aOff + (transA ? k : m) * lda);
    float[] b = Naive.random(random, bOff + (transB ? n : k) * ldb);
    float[] before = Naive.random(random, cOff + m * ldc + 3);
    Naive.Sums sums = Naive.gemm(transA, transB, m, n, k, a, aOff, lda, b, bOff, ldb);
    String what =
        "m %d, n %d, k %d, transA %s, transB %s, %s"
            .formatted(m, n, k, transA, transB, kernel.getClass().getSimpleName());

    float[] c = before.clone();
    Gemm.run(
        kernel, transA, transB, m, n, k, a, aOff, lda, b, bOff, ldb, c, cOff, ldc, false, null);
    sums.check(what, dense(c, cOff, m, n, ldc), 0, FACTOR);
    assertUntouched(what, before, c, cOff, m, n, ldc);

    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        sums.exact()[i * n + j] += before[cOff + i * ldc + j];
        sums.naive()[i * n + j] += before[cOff + i * ldc + j];
      }
    }
    c = before.clone();
    Gemm.run(kernel, transA, transB, m, n, k, a, aOff, lda, b, bOff, ldb, c, cOff, ldc, true, null);
    sums.check(what + ", accumulated", dense(c, cOff, m, n, ldc), 0, FACTOR);
    assertUntouched(what, before, c, cOff, m, n, ldc);
  }

  private static float[] dense(float[] c, int cOff, int m, int n, int ldc) {
    float[] values = new float[m * n];
    for (int i = 0; i < m; i++) {
      System.arraycopy(c, cOff + i * ldc, values, i * n, n);
    }
    return values;
  }

  private static void assertUntouched(
      String what, float[] before, float[] after, int cOff, int m, int n, int ldc) {
    float[] restored = after.clone();
    for (int i = 0; i < m; i++) {
      System.arraycopy(before, cOff + i * ldc, restored, cOff + i * ldc, n);
    }
    assertThat(restored).as(what + ": outside of C").isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("org.hcpl.tensor.cpu.Kernels#all")
  void theEpilogueAddsBiasAndResidualThenActivates(MicroKernel kernel) {
    Random random = new Random(4);
    for (int m : new int[] {2, 23}) {
      for (boolean accumulate : new boolean[] {false, true}) {
        for (Activation activation : Activation.values()) {
          int n = 45;
          int k = 300;
          float[] a = Naive.random(random, m * k);
          float[] b = Naive.random(random, k * n);
          float[] bias = Naive.random(random, n + 1);
          float[] residual = Naive.random(random, 2 + m * (n + 5));
          float[] c = Naive.random(random, m * n);
          Naive.Sums sums = Naive.gemm(false, false, m, n, k, a, 0, k, b, 0, n);
          double[] expected = sums.exact();
          for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
              double x = expected[i * n + j] + bias[1 + j] + residual[2 + i * (n + 5) + j];
              x += accumulate ? c[i * n + j] : 0;
              expected[i * n + j] =
                  switch (activation) {
                    case NONE -> x;
                    case RELU -> Math.max(0, x);
                    case SILU -> x / (1 + Math.exp(-x));
                  };
            }
          }
          Epilogue epilogue = Epilogue.of(bias, 1, activation).withResidual(residual, 2, n + 5);
          Gemm.run(kernel, false, false, m, n, k, a, 0, k, b, 0, n, c, 0, n, accumulate, epilogue);
          for (int i = 0; i < m * n; i++) {
            // 300 products of size one: sums of about 17, so this is some 10 units in the last
            // place.
            assertThat((double) c[i])
                .as(activation + " at " + i)
                .isCloseTo(expected[i], within(1e-4));
          }
        }
      }
    }
  }

  /** Results over 3 MiB leave through a copy of some rows; 45 and 144 columns, panels not full. */
  @ParameterizedTest
  @MethodSource("org.hcpl.tensor.cpu.Kernels#all")
  void aResultLargerThanTheCachesIsTheSame(MicroKernel kernel) {
    Parallel.setThreads(2);
    for (int n : new int[] {45, 144}) {
      Random random = new Random(n);
      int m = 800_000 / n + 5;
      int k = 3;
      float[] a = Naive.random(random, m * k);
      float[] b = Naive.random(random, k * n);
      float[] bias = Naive.random(random, n);
      float[] residual = Naive.random(random, m * n);
      float[] c = Naive.random(random, m * n);
      double[] expected = Naive.gemm(false, false, m, n, k, a, 0, k, b, 0, n).exact();
      Epilogue epilogue = Epilogue.of(bias, 0, Activation.RELU).withResidual(residual, 0, n);
      Gemm.run(kernel, false, false, m, n, k, a, 0, k, b, 0, n, c, 0, n, false, epilogue);
      for (int i = 0; i < m * n; i++) {
        double value = Math.max(0, expected[i] + bias[i % n] + residual[i]);
        if (Math.abs(c[i] - value) > 1e-5) {
          assertThat((double) c[i]).as("at %d of n %d", i, n).isCloseTo(value, within(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.hcpl.tensor.cpu.Kernels#all")
  void siluHoldsOverTheWholeRangeOfFloat(MicroKernel kernel) {
    float[] x = {
      0f,
      -0f,
      1e-30f,
      -1e-30f,
      0.3f,
      -0.3f,
      5f,
      -5f,
      20f,
      -20f,
      80f,
      -80f,
      87.9f,
      -87.9f,
      88.8f,
      -88.8f,
      1e4f,
      -1e4f,
      3e38f,
      -3e38f,
      Float.POSITIVE_INFINITY,
      Float.NaN
    };
    float[] c = x.clone();
    kernel.finish(c, 0, c.length, null, 0, Activation.SILU);
    for (int i = 0; i < x.length; i++) {
      double expected = x[i] / (1 + Math.exp(-(double) x[i]));
      if (Double.isNaN(expected)) {
        assertThat(c[i]).isNaN();
      } else {
        double tolerance = Math.max(4 * Math.ulp((float) Math.abs(expected)), 1e-36);
        if (Double.isInfinite(expected)) {
          assertThat((double) c[i]).isEqualTo(expected);
        } else {
          assertThat((double) c[i]).as("silu(%s)", x[i]).isCloseTo(expected, within(tolerance));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.hcpl.tensor.cpu.Kernels#all")
  void emptySizesAreFine(MicroKernel kernel) {
    float[] c = {1, 2, 3, 4, 5, 6, 7, 8};
    float[] none = new float[0];
    Gemm.run(kernel, false, false, 0, 4, 3, none, 0, 3, new float[12], 0, 4, c, 0, 4, false, null);
    Gemm.run(kernel, false, false, 2, 0, 3, new float[6], 0, 3, none, 0, 0, c, 0, 0, false, null);
    assertThat(c).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    Gemm.run(kernel, false, false, 4, 2, 0, none, 0, 0, none, 0, 2, c, 0, 2, true, null);
    assertThat(c).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    Epilogue bias = Epilogue.bias(new float[] {1, 2}, 0);
    Gemm.run(kernel, false, false, 4, 2, 0, none, 0, 0, none, 0, 2, c, 0, 2, false, bias);
    assertThat(c).containsExactly(1, 2, 1, 2, 1, 2, 1, 2);
  }

  @Test
  void packedWeightsGiveTheSameBits() {
    Random random = new Random(5);
    int m = 37;
    int n = 75;
    int k = 400;
    float[] a = Naive.random(random, m * k);
    float[] b = Naive.random(random, n * k);
    float[] direct = new float[m * n];
    float[] packed = new float[m * n];
    Gemm.run(false, true, m, n, k, a, 0, k, b, 0, k, direct, 0, n, false, null);
    PackedB weights = PackedB.of(true, k, n, b, 0, k);
    Arrays.fill(b, Float.NaN);
    Gemm.run(false, m, a, 0, k, weights, packed, 0, n, false, null);
    assertThat(packed).isEqualTo(direct);
  }

  @Test
  void theNumberOfThreadsDoesNotChangeTheBits() {
    Random random = new Random(6);
    float[] a = Naive.random(random, 150 * 700);
    float[] b = Naive.random(random, 700 * 130);
    float[] first = null;
    for (int count : new int[] {1, 2, 3, 5}) {
      Parallel.setThreads(count);
      float[] c = new float[150 * 130];
      Gemm.run(150, 130, 700, a, b, c);
      first = first == null ? c : first;
      assertThat(c).as("%d threads", count).isEqualTo(first);
    }
  }

  @Test
  void infinityAndNanComeThrough() {
    float[] a = {Float.POSITIVE_INFINITY, 1, 0, Float.NaN, 1, 1, 1, 1};
    float[] c = new float[4];
    Gemm.run(4, 1, 2, a, new float[] {1, 1}, c);
    assertThat(c).containsExactly(Float.POSITIVE_INFINITY, Float.NaN, 2, 2);
  }

  @Test
  void aMatrixThatLeavesItsArrayIsRefusedWithItsSizes() {
    float[] small = new float[5];
    assertThatThrownBy(() -> Gemm.run(2, 3, 2, new float[4], small, new float[6]))
        .isInstanceOf(TensorException.class)
        .hasMessage(
            "gemm: b [2, 3] with leading dimension 3 at 0 of 5 floats (expected: leading dimension"
                + " >= columns, and the last value inside)");
    assertThatThrownBy(() -> Gemm.run(2, 3, 2, new float[4], new float[6], small))
        .hasMessageContaining("c [2, 3]");
  }
}
