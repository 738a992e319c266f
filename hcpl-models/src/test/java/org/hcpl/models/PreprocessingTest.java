package org.hcpl.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.Plane;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
  private static HpaImage image(int height, int width) {
    List<Plane> planes = new ArrayList<>();
    for (int c = 0; c < 4; c++) {
      float[] values = new float[height * width];
      for (int i = 0; i < values.length; i++) {
        values[i] = c == 3 ? 0 : ((i * 31 + c * 17) % 256) / 255f;
      }
      planes.add(new Plane(height, width, values));
    }
    return new HpaImage("x", planes, Double.NaN);
  }

  @Test
  void takesTheChannelsInItsOrder() {
    HpaImage image = image(4, 4);
    List<Plane> planes =
        new Preprocessing(List.of(Channel.BLUE, Channel.GREEN), Preprocessing.Scaling.UNIT, false)
            .planes(image);
    assertThat(planes).containsExactly(image.plane(Channel.BLUE), image.plane(Channel.GREEN));
  }

  @Test
  void standardisesByMeanAndUnbiasedDeviation() {
    for (Preprocessing.Scaling scaling :
        List.of(Preprocessing.Scaling.STANDARDISED, Preprocessing.Scaling.STANDARDISED_FLOAT32)) {
      List<Plane> planes =
          new Preprocessing(List.of(Channel.values()), scaling, false).planes(image(20, 30));
      double sum = 0;
      double squares = 0;
      for (float value : planes.get(1).values()) {
        sum += value;
        squares += (double) value * value;
      }
      assertThat(sum / 600).isCloseTo(0, within(1e-4));
      assertThat(squares / 599).isCloseTo(1, within(1e-4));
      assertThat(planes.get(3).values()).containsOnly(0f);
    }
  }

  @Test
  void sumsInFloat32LoseDigitsOfLargeImages() {
    HpaImage image = image(1024, 1024);
    float exact = first(image, Preprocessing.Scaling.STANDARDISED);
    float rounded = first(image, Preprocessing.Scaling.STANDARDISED_FLOAT32);
    assertThat(Math.abs(exact - rounded)).isBetween(1e-5f, 1e-1f);
  }

  private static float first(HpaImage image, Preprocessing.Scaling scaling) {
    return new Preprocessing(List.of(Channel.GREEN), scaling, false).planes(image).get(0).at(0, 0);
  }

  @Test
  void wrongNumbersOfChannelsAreErrors() {
    assertThat(Preprocessing.usual(4)).isEqualTo(Preprocessing.HPA);
    assertThat(Preprocessing.usual(1).channels()).containsExactly(Channel.GREEN);
    assertThatThrownBy(() -> Preprocessing.usual(7))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("7 input channels");
    assertThatThrownBy(() -> new Preprocessing(List.of(), Preprocessing.Scaling.UNIT, false))
        .hasMessageContaining("at least one channel");
  }
}
