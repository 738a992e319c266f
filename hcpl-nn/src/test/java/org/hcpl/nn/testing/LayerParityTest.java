package org.hcpl.nn.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hcpl.tensor.Backends;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.testing.GoldenFiles;
import org.hcpl.tensor.testing.GoldenLayers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayerParityTest {
  @TempDir Path folder;

  @AfterEach
  void backToTheFastBackend() {
    Backends.setDefault(Backends.cpu());
  }

  static Stream<GoldenLayers.Case> cases() {
    return GoldenLayers.read(GoldenFiles.layers()).cases().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void everyCaseAgrees(GoldenLayers.Case golden) {
    assertThat(LayerParity.check(golden))
        .isNotEmpty()
        .allSatisfy(comparison -> assertThat(comparison.passed()).as("%s", comparison).isTrue());
  }

  @Test
  void theReferenceBackendAgreesToo() {
    Backends.setDefault(Backends.reference());
    LayerParity.Report report = LayerParity.check(GoldenFiles.layers());
    assertThat(report.failures()).isEmpty();
    assertThat(report.toString()).contains("layers.json: 124 cases").endsWith("PASS");
  }

  /** The tolerance must not be so wide that a real mistake passes. */
  @Test
  void smallMistakesAreFound() throws IOException {
    assertThat(failuresWith("\"eps\":1e-05", "\"eps\":3e-05"))
        .contains("layernorm/last8 y", "batchnorm2d/train y");
    assertThat(failuresWith("\"p\":0.25", "\"p\":0.2501")).contains("drop_path/p0.25 y");
    assertThat(failuresWith("\"label_smoothing\":0.1", "\"label_smoothing\":0.1001"))
        .contains("cross_entropy/label_smoothing0.1 y");
    assertThat(failuresWith("\"betas\":[0.9,0.999]", "\"betas\":[0.9,0.9991]"))
        .contains("optimizer/adam p after step 5");
    assertThat(failuresWith("\"T_max\":10", "\"T_max\":10.0001"))
        .contains("schedule/cosine_T10 lr_per_epoch");
  }

  private Stream<String> failuresWith(String right, String wrong) throws IOException {
    String text = Files.readString(GoldenFiles.layers());
    Matcher matcher =
        Pattern.compile(
                Pattern.quote(right).replace(":", "\\E:\\s*\\Q").replace(",", "\\E,\\s*\\Q"))
            .matcher(text);
    assertThat(matcher.find()).as("the file has %s", right).isTrue();
    Path file = folder.resolve("changed.json");
    Files.writeString(file, matcher.replaceAll(Matcher.quoteReplacement(wrong)));
    LayerParity.Report report = LayerParity.check(file);
    assertThat(report.toString()).contains("FAIL (");
    return report.failures().stream().map(LayerParity.Comparison::array);
  }

  @Test
  void unknownOperationsAreNamed() throws IOException {
    Path file = folder.resolve("unknown.json");
    Files.writeString(file, "{\"cases\": [{\"name\": \"warp/1\", \"op\": \"warp\"}]}");
    assertThatThrownBy(() -> LayerParity.check(file))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("parity: case warp/1 of unknown operation 'warp' (expected one of: ")
        .hasMessageContaining("conv2d");
  }
}
