package org.hcpl.train.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TrainByHandTest {
  @Test
  void learns() {
    double[] losses = TrainByHand.train(6);
    assertThat(losses).doesNotContain(Double.NaN);
    assertThat(losses[5]).as("loss of the last epoch").isLessThan(0.95 * losses[0]);
  }

  @Test
  void staysShort() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("hcpl-train/pom.xml"))) {
      root = root.getParent();
    }
    Path source = root.resolve("hcpl-train/src/test/java/org/hcpl/train/examples/TrainByHand.java");
    try (var lines = Files.lines(source)) {
      assertThat(lines.count()).isLessThanOrEqualTo(60);
    }
  }
}
