package org.hcpl.scatter.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.hcpl.tensor.testing.GoldenFiles;
import org.hcpl.tensor.testing.GoldenKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters and outputs agree with kymatio's definition. */
final class ScatteringParityTest {
  static List<Path> files() {
    return GoldenFiles.scatterings().stream()
        .filter(file -> !file.getFileName().toString().equals("times.json"))
        .filter(file -> GoldenKind.of(file) == GoldenKind.SCATTERING)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void agrees(Path file) {
    assertThat(ScatteringParity.check(file))
        .matches(ScatteringParity.Report::passed, "within the tolerances");
  }
}
