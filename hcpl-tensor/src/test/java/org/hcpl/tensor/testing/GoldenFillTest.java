package org.hcpl.tensor.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The generator against its test vectors. */
class GoldenFillTest {
  private static JsonNode vectors;

  @BeforeAll
  static void read() throws IOException {
    vectors = new ObjectMapper().readTree(GoldenFiles.root().resolve("generator.json").toFile());
  }

  @Test
  void hashesBitsAndNumbersAreThoseOfTheVectors() {
    assertThat(vectors.get("vectors")).hasSize(10);
    for (JsonNode row : vectors.get("vectors")) {
      String name = row.get(0).asText();
      assertThat(Long.toUnsignedString(GoldenFill.fnv1a64(name)))
          .as(name)
          .isEqualTo(row.get(1).asText());
      for (int i = 0; i < 4; i++) {
        assertThat(Long.toUnsignedString(GoldenFill.bits(name, i)))
            .as(name)
            .isEqualTo(row.get(2).get(i).asText());
        assertThat(GoldenFill.u(name, i)).as(name).isEqualTo(row.get(3).get(i).asDouble());
        assertThat(GoldenFill.v(name, i)).as(name).isEqualTo(2 * row.get(3).get(i).asDouble() - 1);
      }
    }
  }

  @Test
  void aStreamIsASplittableRandom() {
    SplittableRandom random = new SplittableRandom(GoldenFill.fnv1a64("é"));
    for (int i = 0; i < 1000; i++) {
      assertThat(GoldenFill.bits("é", i)).isEqualTo(random.nextLong());
    }
  }

  @Test
  void inputIsThatOfTheVectors() {
    JsonNode expected = vectors.get("input_64x64");
    float[] input = GoldenFill.input("input", 2, 4, 64, 64);
    for (int i = 0; i < 8; i++) {
      assertThat(input[i]).isEqualTo((float) expected.get("first8").get(i).asDouble());
    }
    for (int i = 0; i < 4; i++) {
      assertThat(input[input.length - 4 + i])
          .isEqualTo((float) expected.get("last4").get(i).asDouble());
    }
    double sum = 0;
    double absSum = 0;
    for (float x : input) {
      sum += x;
      absSum += Math.abs(x);
    }
    assertThat(sum).isCloseTo(expected.get("sum").asDouble(), within(1e-7));
    assertThat(absSum).isCloseTo(expected.get("abs_sum").asDouble(), within(1e-6));
  }

  @Test
  void targetsAreThoseOfTheVectors() {
    float[] targets = GoldenFill.targets("target", 4 * 19);
    for (int i = 0; i < targets.length; i++) {
      assertThat(targets[i]).isEqualTo((float) vectors.get("target_4x19").get(i).asDouble());
    }
  }

  @Test
  void parametersAreThoseOfTheVectors() {
    JsonNode example = vectors.get("example_weights");
    float[] values =
        GoldenFill.parameter(
            example.get("name").asText(),
            4,
            example.get("offset").asDouble(),
            example.get("scale").asDouble());
    for (int i = 0; i < 4; i++) {
      assertThat(values[i]).isEqualTo((float) example.get("first4").get(i).asDouble());
    }
  }

  @Test
  void sampleIndicesAreThoseListedInTheFiles() {
    GoldenRun run = GoldenRun.read(GoldenFiles.runs("efficientnet_b0").getLast());
    for (GoldenRun.Probe probe : run.probes()) {
      int elements = Arrays.stream(probe.shape()).reduce(1, (a, b) -> a * b);
      assertThat(GoldenFill.sampleIndices(probe.module(), elements, 8))
          .as(probe.module())
          .isEqualTo(probe.indices());
    }
  }
}
