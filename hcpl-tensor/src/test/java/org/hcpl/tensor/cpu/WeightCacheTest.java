package org.hcpl.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ConvOptions;
import org.junit.jupiter.api.Test;

class WeightCacheTest {
  private static final ConvOptions OPTIONS = ConvOptions.DEFAULT.padding(1);

  @Test
  void convolutionsFollowWeightsThatChangeInPlace() {
    Tensor x = Rng.of(1).uniform(Shape.of(2, 9, 11, 5), -1, 1);
    Tensor weight = Rng.of(2).uniform(Shape.of(17, 3, 3, 5), -1, 1);
    try (Grad.Mode mode = Grad.off()) {
      for (int run = 0; run < 8; run++) {
        if (run >= 4) {
          float[] values = weight.toArray();
          values[100 * (run - 4) + 3] += 0.5f;
          weight.copyFrom(values);
        }
        compare(x.conv2d(weight, null, OPTIONS), x, weight);
        compare(x.conv2d(weight, null, OPTIONS), x, weight);
      }
    }
  }

  @Test
  void linearLayersFollowWeightsThatChangeInPlace() {
    Tensor x = Rng.of(1).uniform(Shape.of(40, 13), -1, 1);
    Tensor weight = Rng.of(2).uniform(Shape.of(21, 13), -1, 1);
    try (Grad.Mode mode = Grad.off()) {
      for (int run = 0; run < 6; run++) {
        if (run == 3) {
          weight.assign(weight.mul(-1));
        }
        float[] fast = x.linear(weight, null).toArray();
        float[] exact =
            x.to(Backends.reference()).linear(weight.to(Backends.reference()), null).toArray();
        assertThat(fast).usingComparatorWithPrecision(1e-5f).containsExactly(exact);
      }
    }
  }

  private static void compare(Tensor y, Tensor x, Tensor weight) {
    Tensor exact =
        x.to(Backends.reference()).conv2d(weight.to(Backends.reference()), null, OPTIONS);
    // 45 terms up to 1 in size; one wrong weight is wrong by up to 0.5.
    assertThat(y.toArray()).usingComparatorWithPrecision(1e-4f).containsExactly(exact.toArray());
  }
}
