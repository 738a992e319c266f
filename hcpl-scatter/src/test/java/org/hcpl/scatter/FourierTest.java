package org.hcpl.scatter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transforms of every kind of length against the defining sum. */
final class FourierTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 10, 12, 13, 16, 18, 20, 33, 40, 49, 56, 72})
  void isTheSum(int n) {
    int batch = 3;
    SplittableRandom random = new SplittableRandom(n);
    double[] re = random.doubles(n * batch, -1, 1).toArray();
    double[] im = random.doubles(n * batch, -1, 1).toArray();
    double[][] out = Fourier.of(n).transform(re, im, batch);
    for (int k = 0; k < n; k++) {
      for (int b = 0; b < batch; b++) {
        double sumRe = 0;
        double sumIm = 0;
        for (int i = 0; i < n; i++) {
          double angle = -2 * Math.PI * i * k / n;
          double c = Math.cos(angle);
          double s = Math.sin(angle);
          sumRe += re[i * batch + b] * c - im[i * batch + b] * s;
          sumIm += re[i * batch + b] * s + im[i * batch + b] * c;
        }
        // The sum's own rounding: n terms, angles up to 2 pi n.
        assertThat(out[0][k * batch + b]).isCloseTo(sumRe, within(1e-14 * n * n));
        assertThat(out[1][k * batch + b]).isCloseTo(sumIm, within(1e-14 * n * n));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 6, 15})
  void theInverseGivesTheImageBack(int rows) {
    int columns = 20;
    double[] values = new SplittableRandom(rows).doubles(rows * columns, -1, 1).toArray();
    Field back = Field.real(rows, columns, values).spectrum().inverse();
    assertThat(back.rows()).isEqualTo(rows);
    for (int i = 0; i < values.length; i++) {
      assertThat(back.re()[i]).isCloseTo(values[i], within(1e-13));
      assertThat(back.im()[i]).isCloseTo(0, within(1e-13));
    }
  }
}
