package org.hcpl.models.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.hcpl.models.Models;
import org.hcpl.tensor.testing.GoldenFiles;
import org.hcpl.tensor.testing.GoldenModel;
import org.hcpl.tensor.testing.GoldenRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole networks against timm's numbers. Large sizes and members are left to the command. */
class ModelParityTest {
  /** Multiply-adds that a test may cost. */
  private static final long LARGEST = 850_000_000L;

  static Stream<Path> runs() {
    return GoldenFiles.modelKeys().stream()
        .filter(ModelParityTest::registered)
        .flatMap(key -> GoldenFiles.runs(key).stream())
        .filter(ModelParityTest::small);
  }

  static Stream<Path> architectures() {
    return GoldenFiles.modelKeys().stream()
        .filter(ModelParityTest::registered)
        .map(GoldenFiles::arch)
        .filter(file -> GoldenModel.read(file).macs().values().stream().allMatch(n -> n < LARGEST));
  }

  private static boolean registered(String key) {
    return Models.contains(GoldenModel.read(GoldenFiles.arch(key)).registryName());
  }

  private static boolean small(Path file) {
    GoldenRun run = GoldenRun.read(file);
    int[] shape = run.input().shape();
    Long macs = GoldenModel.read(GoldenFiles.arch(run.key())).macs().get(shape[2] + "x" + shape[3]);
    return macs != null && macs < LARGEST;
  }

  @ParameterizedTest
  @MethodSource("runs")
  void outputsAgree(Path file) {
    ParityReport report = ModelParity.check(file);
    assertThat(report.pass()).as(report.toString()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void architectureAgrees(Path file) {
    ParityReport report = ModelParity.check(file);
    assertThat(report.pass()).as(report.toString()).isTrue();
  }

  @Test
  void aTrainingStepAgrees() {
    List<Path> files = GoldenFiles.trainings("efficientnet_b0");
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      ParityReport report = ModelParity.check(file);
      assertThat(report.pass()).as(report.toString()).isTrue();
    }
  }

  @Test
  void anUnknownModelFailsInOneLine(@TempDir Path folder) throws IOException {
    Path file =
        changed(folder, "\"timm_name\":\"efficientnet_b0\"", "\"timm_name\":\"mystery_net\"");
    ParityReport report = ModelParity.check(file);
    assertThat(report.pass()).isFalse();
    assertThat(report.toString())
        .startsWith("FAIL efficientnet_b0.arch.json")
        .contains("model mystery_net is not in the registry")
        .doesNotContain("\n");
  }

  @Test
  void aWrongNameAWrongShapeAndAWrongCountFail(@TempDir Path folder) throws IOException {
    assertThat(ModelParity.check(changed(folder, "\"bn1.bias\"", "\"bn1.offset\"")).toString())
        .startsWith("FAIL")
        .contains("bn1.bias (expected: bn1.offset)");
    assertThat(ModelParity.check(changed(folder, "[32,4,3,3]", "[32,4,5,5]")).toString())
        .startsWith("FAIL")
        .contains("conv_stem.weight has shape [32, 4, 3, 3] (expected: [32, 4, 5, 5])");
  }

  @Test
  void aWrongNumberFails(@TempDir Path folder) throws IOException {
    Path run =
        GoldenFiles.runs("efficientnet_b0").stream()
            .filter(ModelParityTest::small)
            .findFirst()
            .orElseThrow();
    double logit = GoldenRun.read(run).logits()[0][0];
    String text = Files.readString(run);
    Path file = folder.resolve(run.getFileName());
    Files.writeString(
        file, text.replaceFirst(Double.toString(logit), Double.toString(logit + 1e-3)));
    ParityReport report = ModelParity.check(file);
    assertThat(report.pass()).isFalse();
    assertThat(report.toString()).contains("FAIL").contains("logits 0.00");
  }

  @Test
  void whatIsNoModelFails(@TempDir Path folder) throws IOException {
    Path text = Files.writeString(folder.resolve("notes.json"), "not JSON");
    assertThat(ModelParity.check(text).toString()).startsWith("FAIL notes.json");
    assertThat(ModelParity.check(folder.resolve("absent.json")).pass()).isFalse();
    assertThat(ModelParity.check(GoldenFiles.layers()).toString())
        .contains("holds no numbers of a network");
  }

  private static Path changed(Path folder, String from, String to) throws IOException {
    Path source = GoldenFiles.arch("efficientnet_b0");
    String text = Files.readString(source);
    assertThat(text).contains(from);
    return Files.writeString(folder.resolve(source.getFileName()), text.replace(from, to));
  }
}
