package org.hcpl.train.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.hcpl.models.image.LabelImage;

class MaskProperties {
  /** Blobby labels 0..3: each pixel takes its neighbour's label or a new one. */
  private static LabelImage image(Random random, int height, int width) {
    LabelImage image = LabelImage.of(height, width);
    for (int i = 0; i < height * width; i++) {
      boolean copy = i > 0 && random.nextInt(4) > 0;
      image.labels()[i] = copy ? image.labels()[i - 1] : random.nextInt(4);
    }
    return image;
  }

  @Property(tries = 300)
  void agreesWithPixels(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 17) int height,
      @ForAll @IntRange(min = 1, max = 17) int width) {
    Random random = new Random(seed);
    LabelImage a = image(random, height, width);
    LabelImage b = image(random, height, width);
    for (int i = 1; i < 4; i++) {
      Mask mask = Mask.of(a, i);
      Mask other = Mask.of(b, i);
      int area = 0;
      int both = 0;
      int either = 0;
      for (int p = 0; p < height * width; p++) {
        boolean inA = a.labels()[p] == i;
        boolean inB = b.labels()[p] == i;
        area += inA ? 1 : 0;
        both += inA && inB ? 1 : 0;
        either += inA || inB ? 1 : 0;
      }
      assertThat(mask.area()).isEqualTo(area);
      assertThat(mask.intersection(other)).isEqualTo(both).isEqualTo(other.intersection(mask));
      assertThat(mask.iou(other)).isEqualTo(either == 0 ? 0 : (double) both / either);
      assertThat(Mask.ofRuns(height, width, mask.runs())).isEqualTo(mask).hasSameHashCodeAs(mask);
      assertThat(MaskCodec.decode(MaskCodec.encode(mask), height, width)).isEqualTo(mask);
    }
    LabelImage painted = LabelImage.of(height, width);
    Mask.ofAll(a).forEach((label, mask) -> mask.paint(painted, label));
    assertThat(painted.labels()).isEqualTo(a.labels());
  }

  @Property(tries = 100)
  void largeRunsSurviveTheCodec(@ForAll long seed) {
    Random random = new Random(seed);
    int height = 1 + random.nextInt(4000);
    int width = 1 + random.nextInt(4000);
    int left = height * width;
    int[] runs = new int[2 * random.nextInt(50) + 1];
    for (int i = 0; i < runs.length - 1; i++) {
      runs[i] = random.nextInt(1 + left / (1 + random.nextInt(20)));
      left -= runs[i];
    }
    runs[runs.length - 1] = left;
    Mask mask = Mask.ofRuns(height, width, runs);
    assertThat(MaskCodec.decode(MaskCodec.encode(mask), height, width)).isEqualTo(mask);
  }

  @Example
  void emptyRunsAreJoined() {
    Mask mask = Mask.ofRuns(2, 3, new int[] {0, 2, 0, 1, 3, 0});
    assertThat(mask).isEqualTo(Mask.ofRuns(2, 3, new int[] {0, 3, 3}));
    assertThat(mask.runs()).containsExactly(0, 3, 3);
    assertThat(Mask.ofRuns(2, 3, new int[] {0, 6}).runs()).containsExactly(0, 6);
    assertThat(Mask.ofRuns(2, 3, new int[] {6}).runs()).containsExactly(6);
  }

  @Example
  void badRunsAndSizesAreNamed() {
    assertThatThrownBy(() -> Mask.ofRuns(2, 3, new int[] {9, -3}))
        .isInstanceOf(MetricException.class)
        .hasMessage("mask: run 1 is -3 (expected: 0 or more)");
    assertThatThrownBy(() -> Mask.ofRuns(2, 3, new int[] {3, 2}))
        .hasMessageStartingWith("mask: the runs add up to 5 pixels (expected: height * width = 2");
    Mask mask = Mask.ofRuns(2, 3, new int[] {6});
    assertThatThrownBy(() -> mask.iou(Mask.ofRuns(3, 2, new int[] {6})))
        .hasMessageStartingWith("mask: sizes differ: 2 x 3 and 3 x 2");
    assertThatThrownBy(() -> mask.paint(LabelImage.of(3, 2), 1))
        .hasMessageStartingWith("mask: sizes differ: mask 2 x 3, image 3 x 2");
  }
}
