package org.hcpl.models.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.hcpl.models.ModelFile;
import org.hcpl.models.Models;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.Plane;
import org.hcpl.models.localise.ClassList;
import org.hcpl.models.localise.Contrast;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Rng;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocaliseExampleTest {
  private static final int SIZE = 160;
  private static final int[][] CENTRES = {{50, 45}, {110, 115}};

  @TempDir Path folder;

  @Test
  void localisesTheCellsOfAnImage() throws IOException {
    String name = "cla:efficientnet_b0@tiny";
    List<String> classes = ClassList.HPA_2021.names();
    Module network = Models.create(name, 4, classes.size());
    network.initialise(Rng.of(1));
    Path model = folder.resolve("model.safetensors");
    ModelFile.save(
        model,
        new ModelFile.Description(name, 4, classes, 32, false, Contrast.AS_IS, List.of(), Map.of()),
        network);
    for (Channel channel : Channel.values()) {
      ImageFiles.writePlane(
          discs(channel == Channel.BLUE ? 14 : 28),
          folder.resolve("two_" + channel.fileName() + ".png"));
    }
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream console = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      LocaliseExample.main(new String[] {model.toString(), folder.toString(), "two"});
    } finally {
      System.setOut(console);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(line).matches("cell [12], [0-9]+ pixels: .+ [01][.,][0-9]{2}"));
  }

  /** Two discs, bright on dark, with a soft edge. */
  private static Plane discs(double radius) {
    Plane plane = Plane.of(SIZE, SIZE);
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        double value = 0.04;
        for (int[] centre : CENTRES) {
          double distance = Math.hypot(y - centre[0], x - centre[1]);
          value = Math.max(value, 0.04 + 0.6 / (1 + Math.exp(distance - radius)));
        }
        plane.values()[y * SIZE + x] = (float) value;
      }
    }
    return plane;
  }

  /** README shows this very file, from the imports on. */
  @Test
  void readmeShowsTheExample() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("hcpl-models/pom.xml"))) {
      root = root.getParent();
    }
    String source =
        Files.readString(
            root.resolve(
                "hcpl-models/src/test/java/org/hcpl/models/examples/LocaliseExample.java"));
    String shown = source.substring(source.indexOf("import "));
    assertThat(Files.readString(root.resolve("README.md"))).contains("```java\n" + shown + "```\n");
  }
}
