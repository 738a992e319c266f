package org.hcpl.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VectorBinaryTest {
  private static final int[][][] SHAPES = {
    // a, b, result
    {{7}, {7}, {7}},
    {{0}, {0}, {0}},
    {{1}, {1}, {1}},
    {{3, 5}, {1}, {3, 5}},
    {{1}, {3, 5}, {3, 5}},
    {{40, 33}, {33}, {40, 33}},
    {{33}, {40, 33}, {40, 33}},
    {{500, 3}, {3}, {500, 3}},
    {{500, 3}, {500, 1}, {500, 3}},
    {{2, 9, 8, 24}, {2, 1, 1, 24}, {2, 9, 8, 24}},
    {{2, 1, 1, 24}, {2, 9, 8, 24}, {2, 9, 8, 24}},
    {{2, 9, 8, 300}, {2, 1, 1, 300}, {2, 9, 8, 300}},
    {{4, 1, 5}, {3, 1}, {4, 3, 5}},
    {{4, 3, 1}, {1, 5}, {4, 3, 5}},
    {{2, 1, 3, 1, 17}, {1, 5, 3, 4, 1}, {2, 5, 3, 4, 17}},
    {{70000}, {70000}, {70000}},
    {{300, 300}, {300}, {300, 300}},
  };

  private static int size(int[] shape) {
    int n = 1;
    for (int s : shape) {
      n *= s;
    }
    return n;
  }

  private static double truth(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case POW -> Math.pow(a, b);
    };
  }

  @Test
  void everyShapeAndFunction() {
    for (BinaryOp op : BinaryOp.values()) {
      for (int[][] s : SHAPES) {
        float[] a = Reference.normal(1, size(s[0]) + 2);
        float[] b = Reference.normal(2, size(s[1]) + 1);
        if (op == BinaryOp.POW) {
          for (int i = 0; i < a.length; i++) {
            a[i] = i % 9 == 0 ? a[i] : Math.abs(a[i]);
          }
        }
        int[] sa = VectorBinary.strides(s[0], s[2]);
        int[] sb = VectorBinary.strides(s[1], s[2]);
        int n = size(s[2]);
        float[] y = new float[n + 3];
        VectorBinary.broadcast(op, a, 2, sa, b, 1, sb, y, 3, s[2]);
        double[] expected = new double[n];
        for (int i = 0; i < n; i++) {
          int pa = 2;
          int pb = 1;
          int rest = i;
          for (int d = s[2].length - 1; d >= 0; d--) {
            pa += rest % s[2][d] * sa[d];
            pb += rest % s[2][d] * sb[d];
            rest /= s[2][d];
          }
          expected[i] = truth(op, a[pa], b[pb]);
        }
        Close.within(op + java.util.Arrays.toString(s[2]), 3, expected, y, 3);
      }
    }
  }

  @Test
  void oneFactorAnImageAndChannel() {
    float[] a = Reference.normal(3, 6 * 40);
    float[] b = Reference.normal(4, 40);
    float[] z = new float[6 * 40];
    VectorBinary.perImage(BinaryOp.SUB, a, 0, b, 0, z, 0, 2, 6, 20);
    double[] image = new double[240];
    for (int i = 0; i < 240; i++) {
      image[i] = (double) a[i] - b[i / 120 * 20 + i % 20];
    }
    Close.within("perImage", 1, image, z, 0);
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    assertThatThrownBy(() -> VectorBinary.strides(new int[] {2}, new int[] {4, 3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("broadcast: axis 0 of [2] does not fit [4, 3] (expected: equal sizes or 1)");
  }
}
