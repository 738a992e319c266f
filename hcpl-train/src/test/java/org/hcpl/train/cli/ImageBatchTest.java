package org.hcpl.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import org.hcpl.models.image.ImageException;
import org.junit.jupiter.api.Test;

class ImageBatchTest {
  private static String problem(String id, String message) {
    return ImageBatch.problem(id, new ImageException(message));
  }

  @Test
  void everyProblemNamesItsImageOnce() {
    String file = "in" + File.separator + "1_red.png: is empty";
    assertThat(problem("1", file)).isEqualTo(file);
    assertThat(problem("1", "1: no cells")).isEqualTo("1: no cells");
    assertThat(problem("1", "in: image 1 lacks its red channel"))
        .isEqualTo("in: image 1 lacks its red channel");
    assertThat(problem("1", "resize: 1 channel (expected: 4)"))
        .isEqualTo("1: resize: 1 channel (expected: 4)");
    assertThat(problem("a", "instance: no mask")).isEqualTo("a: instance: no mask");
  }
}
