package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.hcpl.tensor.cpu.VectorSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class VectorOuterTest {
  @TestFactory
  Stream<DynamicTest> agreesWithDoubleSums() {
    int[][] sizes = {
      {1, 1, 1},
      {5, 7, 3},
      {63, 6, 64},
      {700, 13, 65},
      {129, 24, 144},
      {3000, 18, 37},
      {2500, 31, 130}
    };
    return Stream.of(sizes)
        .map(
            s ->
                DynamicTest.dynamicTest(
                    s[0] + " rows to " + s[1] + "x" + s[2], () -> check(s[0], s[1], s[2])));
  }

  private static void check(int k, int m, int n) {
    Assumptions.assumeTrue(VectorSupport.available(), "no Vector API");
    Random random = new Random(k);
    int lda = m + 3;
    int ldb = n + 1;
    float[] a = values(random, 2 + k * lda);
    float[] b = values(random, 1 + k * ldb);
    for (int p = 0; p < k; p++) {
      b[1 + p * ldb + n] = Float.NaN;
    }
    float[] c = values(random, m * n + 4);
    float before = c[m * n + 3];
    VectorOuter.run(k, m, a, 2, lda, n, b, 1, ldb, c, 3);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        double size = 0;
        for (int p = 0; p < k; p++) {
          double term = (double) a[2 + p * lda + i] * b[1 + p * ldb + j];
          sum += term;
          size += term * term;
        }
        // Random walk of the rounding of every addition, with a margin of two.
        double tolerance = 2 * 0x1p-23 * (1 + Math.sqrt(size) * Math.log(k + 2) * 2);
        assertThat((double) c[3 + i * n + j]).isCloseTo(sum, within(tolerance));
      }
    }
    assertThat(c[m * n + 3]).isEqualTo(before);
  }

  private static org.assertj.core.data.Offset<Double> within(double tolerance) {
    return org.assertj.core.data.Offset.offset(tolerance);
  }

  private static float[] values(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
