package org.hcpl.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The gate is decided once a virtual machine, so each case runs in one of its own. */
class VectorSupportTest {
  private static final String ADD = "--add-modules=jdk.incubator.vector";

  /** Prints the decision. */
  static final class Probe {
    public static void main(String[] args) {
      float[] c = new float[1];
      Gemm.run(1, 1, 2, new float[] {2, 3}, new float[] {5, 7}, c);
      System.out.println(
          VectorSupport.available() + " " + VectorSupport.reason().orElse("") + " -> " + c[0]);
    }
  }

  private static String probe(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void withoutTheModuleOneWarningNamesTheFlag() throws Exception {
    String output = probe();
    assertThat(output).contains("false").contains("-> 31.0");
    assertThat(output.lines().filter(line -> line.contains("WARN")))
        .singleElement()
        .asString()
        .contains("--add-modules jdk.incubator.vector");
  }

  @Test
  void theKillSwitchIsSilent() throws Exception {
    assertThat(probe(ADD, "-Dhcpl.vector=off"))
        .contains("false turned off by -Dhcpl.vector=off -> 31.0")
        .doesNotContain("WARN org.hcpl");
  }

  @Test
  void withoutTheOptimisingCompilerThePlainKernelsRun() throws Exception {
    assertThat(probe(ADD, "-XX:TieredStopAtLevel=1")).contains("false").contains("C2");
  }

  @Test
  void forcedItRunsOnAnyLength() throws Exception {
    assertThat(probe(ADD, "-Dhcpl.vector=force")).contains("true  -> 31.0");
  }
}
