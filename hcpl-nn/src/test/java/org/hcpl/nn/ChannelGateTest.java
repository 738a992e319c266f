package org.hcpl.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.testing.GradCheck;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The example of docs/adding.md. */
class ChannelGateTest {
  /** {@code x * sigmoid(scale * x + shift)}, a scale and a shift a channel. */
  public static final class ChannelGate extends Module {
    private final Parameter scale;
    private final Parameter shift;

    public ChannelGate(int channels) {
      scale = parameter("scale", Layout.PLAIN, channels);
      shift = parameter("shift", Layout.PLAIN, channels);
    }

    @Override
    protected void reset(Rng rng) {
      Init.normal(rng, scale, 0.02);
      shift.fill(0);
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.mul(x.mul(scale.value()).add(shift.value()).sigmoid());
    }
  }

  @Test
  void theExampleWorks() {
    ChannelGate gate = new ChannelGate(3);
    gate.initialise(Rng.of(1));
    Tensor x = Rng.of(2).uniform(Shape.of(4, 3), -1, 1);
    GradCheck.check("channelGate", in -> gate.apply(in.get(0)), x);
    gate.apply(x).sum().backward();
    assertThat(gate.parameters()).allSatisfy(p -> assertThat(p.grad()).isNotNull());
  }

  @Test
  void theDocumentShowsThisCode() throws IOException {
    Path document = Path.of("../docs/adding.md");
    Path source = Path.of("src/test/java/org/hcpl/nn/ChannelGateTest.java");
    Assumptions.assumeTrue(Files.exists(document), "docs/adding.md is not beside the module");
    Matcher example =
        Pattern.compile("```java\n(/\\*\\*.*?class ChannelGate.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(document));
    assertThat(example.find()).isTrue();
    assertThat(words(Files.readString(source)).replace("public static final", "public final"))
        .contains(words(example.group(1)));
  }

  private static String words(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
