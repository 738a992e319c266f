package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VectorMoveTest {
  @Test
  void transposes() {
    for (int[] s :
        new int[][] {{1, 1, 1}, {2, 3, 5}, {1, 33, 70}, {3, 64, 32}, {1, 4, 5000}, {0, 2, 2}}) {
      int n = s[0] * s[1] * s[2];
      float[] x = Reference.normal(1, n + 1);
      float[] y = new float[n + 2];
      VectorMove.transpose(x, 1, y, 2, s[0], s[1], s[2]);
      for (int i = 0; i < n; i++) {
        int b = i / (s[1] * s[2]);
        int r = i / s[2] % s[1];
        assertThat(y[2 + (b * s[2] + i % s[2]) * s[1] + r]).isEqualTo(x[1 + i]);
      }
    }
  }

  @Test
  void permutations() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 200; round++) {
      int dims = 1 + random.nextInt(5);
      int[] shape = new int[dims];
      int[] axes = new int[dims];
      int n = 1;
      for (int d = 0; d < dims; d++) {
        shape[d] =
            round == 0 ? 0 : random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(dims < 3 ? 70 : 9);
        n *= shape[d];
        axes[d] = d;
      }
      for (int d = dims - 1; d > 0; d--) {
        int other = random.nextInt(d + 1);
        int swap = axes[d];
        axes[d] = axes[other];
        axes[other] = swap;
      }
      float[] x = Reference.normal(round, n + 2);
      float[] y = new float[n + 1];
      VectorMove.permute(x, 2, shape, axes, y, 1);
      for (int o = 0; o < n; o++) {
        int[] index = new int[dims];
        int rest = o;
        for (int d = dims - 1; d >= 0; d--) {
          index[axes[d]] = rest % shape[axes[d]];
          rest /= shape[axes[d]];
        }
        int at = 0;
        for (int d = 0; d < dims; d++) {
          at = at * shape[d] + index[d];
        }
        assertThat(y[1 + o]).isEqualTo(x[2 + at]);
      }
    }
  }

  @Test
  void rowsAndBorders() {
    float[] x = {1, 2, 3, 4, 5, 6};
    float[] y = new float[10];
    VectorMove.copyRows(x, 1, 3, y, 1, 5, 2, 2);
    assertThat(y).containsExactly(0, 2, 3, 0, 0, 0, 5, 6, 0, 0);
    float[] padded = new float[20];
    VectorMove.pad(x, 0, padded, 0, 1, 2, 3, 1, 1, 1, 2, 0, 9);
    assertThat(padded).containsExactly(9, 9, 9, 9, 9, 9, 9, 1, 2, 3, 9, 9, 4, 5, 6, 9, 9, 9, 9, 9);
    VectorMove.padReflect(x, 0, padded, 0, 1, 2, 3, 1, 1, 1, 2, 0);
    assertThat(padded).containsExactly(6, 5, 4, 5, 6, 3, 2, 1, 2, 3, 6, 5, 4, 5, 6, 3, 2, 1, 2, 3);
    assertThatThrownBy(() -> VectorMove.padReflect(x, 0, padded, 0, 1, 2, 3, 1, 2, 0, 0, 0))
        .hasMessageContaining("border top 2");
  }
}
