package org.hcpl.scatter;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Discrete Fourier transforms {@code X[k] = sum_i x[i] exp(-2 pi i k / n)} of many signals at once,
 * which lie side by side: {@code [n, batch]}.
 *
 * <p>Stockham's self-sorting form with mixed radices. The batch is the first stride of the
 * recursion, so every inner loop runs over contiguous values, which the compiler turns into
 * vectors. Radices 4 and 2 have butterflies, other primes p a plain sum of p terms: padded images
 * have lengths such as 40, 56 or 264, whose odd factors are small.
 */
final class Fourier {
  private static final Map<Integer, Fourier> PLANS = new ConcurrentHashMap<>();

  private final int length;
  private final double[] cos;
  private final double[] sin;

  private Fourier(int length) {
    this.length = length;
    this.cos = new double[length];
    this.sin = new double[length];
    for (int k = 0; k < length; k++) {
      double angle = -2 * Math.PI * k / length;
      cos[k] = Math.cos(angle);
      sin[k] = Math.sin(angle);
    }
  }

  /** The transform of that length. */
  static Fourier of(int length) {
    return PLANS.computeIfAbsent(length, Fourier::new);
  }

  /**
   * The transforms; swapping the two parts, of what goes in and of what comes out, gives the
   * inverse times {@code length}.
   *
   * @param re real parts, not written to
   * @param im imaginary parts, not written to
   * @param batch how many signals
   * @return the two parts, which are the arguments if the length is 1
   */
  double[][] transform(double[] re, double[] im, int batch) {
    double[][] from = {re, im};
    double[][] spare = null;
    int rest = length;
    int stride = batch;
    while (rest > 1) {
      double[][] to = spare != null ? spare : new double[2][re.length];
      int radix = radix(rest);
      switch (radix) {
        case 4 -> four(from, to, rest, stride);
        case 2 -> two(from, to, rest, stride);
        default -> any(radix, from, to, rest, stride);
      }
      spare = from[0] == re ? null : from;
      from = to;
      rest /= radix;
      stride *= radix;
    }
    return from;
  }

  private static int radix(int n) {
    if (n % 4 == 0) {
      return 4;
    }
    for (int p = 2; p * p <= n; p++) {
      if (n % p == 0) {
        return p;
      }
    }
    return n;
  }

  private void two(double[][] from, double[][] to, int n, int stride) {
    double[] re = from[0];
    double[] im = from[1];
    double[] outRe = to[0];
    double[] outIm = to[1];
    int half = n / 2;
    for (int p = 0; p < half; p++) {
      double wr = cos[p * (length / n)];
      double wi = sin[p * (length / n)];
      int a = p * stride;
      int b = a + half * stride;
      int y = 2 * a;
      for (int q = 0; q < stride; q++) {
        double dr = re[a + q] - re[b + q];
        double di = im[a + q] - im[b + q];
        outRe[y + q] = re[a + q] + re[b + q];
        outIm[y + q] = im[a + q] + im[b + q];
        outRe[y + stride + q] = dr * wr - di * wi;
        outIm[y + stride + q] = dr * wi + di * wr;
      }
    }
  }

  private void four(double[][] from, double[][] to, int n, int stride) {
    double[] re = from[0];
    double[] im = from[1];
    double[] outRe = to[0];
    double[] outIm = to[1];
    int step = n / 4 * stride;
    for (int p = 0; p < n / 4; p++) {
      int turn = p * (length / n);
      double wr1 = cos[turn];
      double wi1 = sin[turn];
      double wr2 = cos[2 * turn];
      double wi2 = sin[2 * turn];
      double wr3 = cos[3 * turn];
      double wi3 = sin[3 * turn];
      int x0 = p * stride;
      int x1 = x0 + step;
      int x2 = x1 + step;
      int x3 = x2 + step;
      int y0 = 4 * x0;
      int y1 = y0 + stride;
      int y2 = y1 + stride;
      int y3 = y2 + stride;
      for (int q = 0; q < stride; q++) {
        double ar = re[x0 + q] + re[x2 + q];
        double ai = im[x0 + q] + im[x2 + q];
        double br = re[x0 + q] - re[x2 + q];
        double bi = im[x0 + q] - im[x2 + q];
        double cr = re[x1 + q] + re[x3 + q];
        double ci = im[x1 + q] + im[x3 + q];
        // -i times the difference.
        double dr = im[x1 + q] - im[x3 + q];
        double di = re[x3 + q] - re[x1 + q];
        outRe[y0 + q] = ar + cr;
        outIm[y0 + q] = ai + ci;
        outRe[y1 + q] = (br + dr) * wr1 - (bi + di) * wi1;
        outIm[y1 + q] = (br + dr) * wi1 + (bi + di) * wr1;
        outRe[y2 + q] = (ar - cr) * wr2 - (ai - ci) * wi2;
        outIm[y2 + q] = (ar - cr) * wi2 + (ai - ci) * wr2;
        outRe[y3 + q] = (br - dr) * wr3 - (bi - di) * wi3;
        outIm[y3 + q] = (br - dr) * wi3 + (bi - di) * wr3;
      }
    }
  }

  private void any(int radix, double[][] from, double[][] to, int n, int stride) {
    double[] re = from[0];
    double[] im = from[1];
    double[] outRe = to[0];
    double[] outIm = to[1];
    int part = n / radix;
    for (int p = 0; p < part; p++) {
      for (int k = 0; k < radix; k++) {
        int y = (p * radix + k) * stride;
        for (int i = 0; i < radix; i++) {
          // Root number p k of n, times root number i k of the radix.
          int turn =
              (int) (((long) p * k * (length / n) + (long) i * k * (length / radix)) % length);
          double wr = cos[turn];
          double wi = sin[turn];
          int x = (p + part * i) * stride;
          if (i == 0) {
            for (int q = 0; q < stride; q++) {
              outRe[y + q] = re[x + q] * wr - im[x + q] * wi;
              outIm[y + q] = re[x + q] * wi + im[x + q] * wr;
            }
          } else {
            for (int q = 0; q < stride; q++) {
              outRe[y + q] += re[x + q] * wr - im[x + q] * wi;
              outIm[y + q] += re[x + q] * wi + im[x + q] * wr;
            }
          }
        }
      }
    }
  }
}
