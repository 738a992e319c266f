package org.hcpl.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.Silu;
import org.hcpl.tensor.spi.HostBuffer;
import org.hcpl.tensor.spi.Span;
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

  @Test
  void normalisedConvolutionsFollowAllThatChangesInPlace() {
    for (int groups : new int[] {1, 6}) {
      ConvOptions options = OPTIONS.groups(groups);
      Tensor x = Rng.of(1).uniform(Shape.of(2, 9, 11, 6), -1, 1);
      List<Tensor> parts =
          List.of(
              Rng.of(2).uniform(Shape.of(6, 3, 3, 6 / groups), -1, 1),
              Rng.of(3).uniform(Shape.of(6), -1, 1),
              Rng.of(4).uniform(Shape.of(6), 0.5, 1),
              Rng.of(5).uniform(Shape.of(6), 0.5, 1),
              Rng.of(6).uniform(Shape.of(6), -1, 1));
      try (Grad.Mode mode = Grad.off()) {
        // Twice without a change, so that there is something kept; then each in turn.
        for (int changed = -2; changed < parts.size(); changed++) {
          if (changed >= 0) {
            Tensor part = parts.get(changed);
            float[] values = part.toArray();
            values[4] += 0.5f;
            part.copyFrom(values);
          }
          compareNormalised(x, parts, options);
          compareNormalised(x, parts, options);
        }
      }
    }
  }

  @Test
  void normalisedConvolutionsTellViewsOfOneBufferApart() {
    Tensor x = Rng.of(1).uniform(Shape.of(2, 9, 11, 6), -1, 1);
    Tensor weight = Rng.of(2).uniform(Shape.of(6, 3, 3, 6), -1, 1);
    Tensor rows = Rng.of(3).uniform(Shape.of(5, 6), 0.5, 1);
    try (Grad.Mode mode = Grad.off()) {
      for (int first = 0; first < 2; first++) {
        List<Tensor> parts = new ArrayList<>(List.of(weight));
        for (int row = first; row < first + 4; row++) {
          parts.add(rows.select(0, row));
        }
        // Kept from the second run on, used from the third.
        for (int run = 0; run < 3; run++) {
          compareNormalised(x, parts, OPTIONS);
        }
      }
    }
  }

  private static void compareNormalised(Tensor x, List<Tensor> parts, ConvOptions options) {
    float[] fast = normalised(x, parts, options).toArray();
    Tensor there = x.to(Backends.reference());
    List<Tensor> partsThere = parts.stream().map(part -> part.to(Backends.reference())).toList();
    assertThat(fast)
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(normalised(there, partsThere, options).toArray());
  }

  private static Tensor normalised(Tensor x, List<Tensor> parts, ConvOptions options) {
    return x.conv2dBatchNorm(
        parts.get(0),
        options,
        parts.get(1),
        parts.get(2),
        parts.get(3),
        parts.get(4),
        1e-5,
        new Silu(),
        null);
  }

  @Test
  void everyWayOfWritingGivesANewVersion() {
    Tensor tensor = Rng.of(1).uniform(Shape.of(4, 5), -1, 1);
    Set<Long> versions = new HashSet<>();
    assertThat(versions.add(version(tensor))).isTrue();
    tensor.toArray();
    tensor.mul(2);
    assertThat(version(tensor)).as("reading keeps it").isIn(versions);
    tensor.copyFrom(new float[20]);
    assertThat(versions.add(version(tensor))).isTrue();
    tensor.assign(tensor.mul(2));
    assertThat(versions.add(version(tensor))).isTrue();
    tensor.reshape(20).slice(0, 3, 4).copyFrom(new float[4]);
    assertThat(versions.add(version(tensor))).as("through a view").isTrue();
    Span.writable(tensor);
    assertThat(versions.add(version(tensor))).isTrue();
    Tensor other = Tensor.of(new float[20], 4, 5);
    assertThat(versions.add(version(other))).as("of another buffer").isTrue();
  }

  private static long version(Tensor tensor) {
    return ((HostBuffer) tensor.buffer()).version();
  }

  private static void compare(Tensor y, Tensor x, Tensor weight) {
    Tensor exact =
        x.to(Backends.reference()).conv2d(weight.to(Backends.reference()), null, OPTIONS);
    // 45 terms up to 1 in size; one wrong weight is wrong by up to 0.5.
    assertThat(y.toArray()).usingComparatorWithPrecision(1e-4f).containsExactly(exact.toArray());
  }
}
