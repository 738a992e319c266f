package org.hcpl.nn;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

class LayoutProperties {
  @Property(tries = 50)
  void diskOrderIsTheTensorPermutedAndComesBack(
      @ForAll @IntRange(min = 1, max = 4) int out,
      @ForAll @IntRange(min = 1, max = 4) int h,
      @ForAll @IntRange(min = 1, max = 4) int w,
      @ForAll @IntRange(min = 1, max = 4) int in) {
    Tensor weight = Rng.of(1).uniform(Shape.of(out, h, w, in), -1, 1);
    float[] disk = Layout.CONV.toDisk(weight.toArray(), weight.shape());
    assertThat(Layout.CONV.toDisk(weight.shape())).isEqualTo(Shape.of(out, in, h, w));
    assertThat(disk).isEqualTo(weight.permute(0, 3, 1, 2).toArray());
    assertThat(Layout.CONV.fromDisk(disk, weight.shape())).isEqualTo(weight.toArray());
  }
}
