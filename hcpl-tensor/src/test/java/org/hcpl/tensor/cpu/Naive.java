package org.hcpl.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.hcpl.tensor.op.ConvGeometry;

/** The obvious loops, in double (the truth) and in float (what rounding is allowed to cost). */
final class Naive {
  private Naive() {}

  static float[] random(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Results and their rounding: the exact sums, and the same sums taken naively in float. */
  record Sums(double[] exact, float[] naive) {
    static Sums of(int size) {
      return new Sums(new double[size], new float[size]);
    }

    /**
     * Error at most {@code factor} that of the naive float loop, plus one rounding of the result.
     */
    void check(String what, float[] actual, int offset, double factor) {
      double naiveError = 0;
      double largest = 0;
      double error = 0;
      int worst = 0;
      for (int i = 0; i < exact.length; i++) {
        naiveError = Math.max(naiveError, Math.abs(naive[i] - exact[i]));
        largest = Math.max(largest, Math.abs(exact[i]));
        double here = Math.abs(actual[offset + i] - exact[i]);
        if (!(here <= error)) {
          error = here;
          worst = i;
        }
      }
      assertThat(error)
          .as("%s: largest error, at %d (naive float loop: %g)", what, worst, naiveError)
          .isLessThanOrEqualTo(factor * naiveError + Math.ulp((float) largest));
    }
  }

  static Sums gemm(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int lda,
      float[] b,
      int bOff,
      int ldb) {
    Sums sums = Sums.of(m * n);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double exact = 0;
        float naive = 0;
        for (int p = 0; p < k; p++) {
          float x = a[aOff + (transA ? p * lda + i : i * lda + p)];
          float y = b[bOff + (transB ? j * ldb + p : p * ldb + j)];
          exact += (double) x * y;
          naive += x * y;
        }
        sums.exact[i * n + j] = exact;
        sums.naive[i * n + j] = naive;
      }
    }
    return sums;
  }

  private interface Term {
    void at(int y, int x, int w);
  }

  /** Calls back with the places in output, input and weights of every term there is. */
  private static void terms(ConvGeometry g, Term term) {
    for (int i = 0; i < g.n(); i++) {
      for (int oy = 0; oy < g.outH(); oy++) {
        for (int ox = 0; ox < g.outW(); ox++) {
          for (int o = 0; o < g.outC(); o++) {
            for (int ky = 0; ky < g.kH(); ky++) {
              for (int kx = 0; kx < g.kW(); kx++) {
                int iy = oy * g.strideH() - g.padTop() + ky * g.dilationH();
                int ix = ox * g.strideW() - g.padLeft() + kx * g.dilationW();
                if (iy < 0 || iy >= g.h() || ix < 0 || ix >= g.w()) {
                  continue;
                }
                for (int j = 0; j < g.groupC(); j++) {
                  int group = o / g.groupOutC();
                  term.at(
                      ((i * g.outH() + oy) * g.outW() + ox) * g.outC() + o,
                      ((i * g.h() + iy) * g.w() + ix) * g.c() + group * g.groupC() + j,
                      ((o * g.kH() + ky) * g.kW() + kx) * g.groupC() + j);
                }
              }
            }
          }
        }
      }
    }
  }

  static Sums forward(ConvGeometry g, float[] x, float[] w) {
    Sums sums = Sums.of(g.outputSize());
    terms(
        g,
        (yi, xi, wi) -> {
          sums.exact[yi] += (double) x[xi] * w[wi];
          sums.naive[yi] += x[xi] * w[wi];
        });
    return sums;
  }

  static Sums inputGradient(ConvGeometry g, float[] dy, float[] w) {
    Sums sums = Sums.of(g.inputSize());
    terms(
        g,
        (yi, xi, wi) -> {
          sums.exact[xi] += (double) dy[yi] * w[wi];
          sums.naive[xi] += dy[yi] * w[wi];
        });
    return sums;
  }

  static Sums weightGradient(ConvGeometry g, float[] x, float[] dy) {
    Sums sums = Sums.of(g.weightSize());
    terms(
        g,
        (yi, xi, wi) -> {
          sums.exact[wi] += (double) dy[yi] * x[xi];
          sums.naive[wi] += dy[yi] * x[xi];
        });
    return sums;
  }
}
