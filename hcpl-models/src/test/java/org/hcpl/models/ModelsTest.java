package org.hcpl.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.hcpl.models.localise.Cla;
import org.hcpl.models.localise.Dsa;
import org.hcpl.nn.Module;
import org.hcpl.nn.Parameter;
import org.hcpl.nn.StateDict;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every registered model must do, for all names in the registry and localisers on them. */
class ModelsTest {
  private static final ModelOptions OPTIONS = ModelOptions.of(4, 3);
  private static final Shape IMAGES = Shape.of(2, 40, 36, 4);

  static Stream<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (ModelSpec spec : Models.all()) {
      names.add(spec.name());
      if (spec.level() == ModelSpec.Level.CELL) {
        names.add(Cla.PREFIX + spec.name());
        names.add(Dsa.PREFIX + spec.name());
      }
    }
    return names.stream();
  }

  static Stream<ModelSpec> published() {
    return Models.all().stream().filter(spec -> spec.published() != null);
  }

  private static Module tiny(String name) {
    Module network = Models.tiny(name, OPTIONS);
    network.initialise(Rng.of(3));
    return network;
  }

  private static Tensor images() {
    return Rng.of(5).uniform(IMAGES, 0, 1);
  }

  @ParameterizedTest
  @MethodSource("published")
  void hasThePublishedNumberOfParameters(ModelSpec spec) {
    ModelSpec.Published published = spec.published();
    Module network = Models.create(spec.name(), published.inputChannels(), published.classes());
    assertThat(network.parameterCount()).isEqualTo(published.parameters());
  }

  @ParameterizedTest
  @MethodSource("names")
  void givesFiniteLogitsThatDependOnTheImageAlone(String name) {
    Module network = tiny(name);
    network.eval();
    try (Grad.Mode mode = Grad.off()) {
      Tensor images = images();
      Tensor logits = network.apply(images);
      assertThat(logits.shape()).isEqualTo(Shape.of(2, 3));
      assertThat(finite(logits)).isTrue();
      assertThat(network.apply(images).toArray()).isEqualTo(logits.toArray());
      float[] alone = network.apply(images.slice(0, 1, 1)).toArray();
      for (int c = 0; c < alone.length; c++) {
        // Batches may be summed in other blocks: a few roundings of a value near 1.
        assertThat((double) alone[c])
            .isCloseTo(logits.at(1, c), org.assertj.core.data.Offset.offset(1e-4));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void givesEveryParameterAGradient(String name) {
    Module network = tiny(name);
    network.train();
    Tensor loss = network.apply(images()).square().sum();
    if (network instanceof Dsa dsa) {
      Dsa.Streams streams = dsa.streams(images(), org.hcpl.models.localise.Bags.of(2));
      loss = streams.images().square().sum().add(streams.cells().square().sum());
    }
    loss.backward();
    for (Map.Entry<String, Parameter> entry : network.namedParameters().entrySet()) {
      assertThat(entry.getValue().grad()).as(entry.getKey()).isNotNull();
      assertThat(finite(entry.getValue().grad())).as(entry.getKey()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void isTheSameAfterSavingAndLoading(String name, @TempDir Path folder) {
    Module network = tiny(name);
    Path file = folder.resolve("weights.safetensors");
    StateDict.save(network, file, Map.of());
    Module again = Models.create(name + "@tiny", OPTIONS);
    StateDict.load(again, file, StateDict.Mode.STRICT);
    network.eval();
    again.eval();
    try (Grad.Mode mode = Grad.off()) {
      Tensor images = images();
      assertThat(again.apply(images).toArray()).isEqualTo(network.apply(images).toArray());
    }
  }

  @Test
  void withoutClassesABackboneEndsWithItsDescriptor() {
    for (ModelSpec spec : Models.all()) {
      if (spec.level() == ModelSpec.Level.CELL) {
        Module network = spec.tiny().apply(ModelOptions.of(4, 0));
        network.initialise(Rng.of(1));
        network.eval();
        int features = Models.backbone(spec.name(), network).featureChannels();
        assertThat(network.apply(images()).shape()).isEqualTo(Shape.of(2, features));
      }
    }
  }

  @Test
  void anUnknownNameIsAnErrorThatListsTheNames() {
    assertThatThrownBy(() -> Models.create("efficientnet_b9", 4, 19))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model efficientnet_b9 is not in the registry")
        .hasMessageContaining("efficientnet_b0");
    assertThat(Models.contains("cla:efficientnet_b9")).isFalse();
    assertThat(Models.contains("cla:efficientnet_b0@tiny")).isTrue();
  }

  @Test
  void hyphensMayStandForUnderscores() {
    assertThat(Models.spec("gapnet-pl").name()).isEqualTo("gapnet_pl");
    assertThat(Models.spec("cla:efficientnet-b0@tiny").name())
        .isEqualTo(Models.spec("cla:efficientnet_b0@tiny").name());
  }

  @Test
  void aLocaliserOnWhatIsNoBackboneIsAnError() {
    assertThatThrownBy(() -> Models.create("cla:gapnet_pl", 4, 19))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("gapnet_pl is no backbone of cells");
    assertThatThrownBy(() -> Models.create("dsa:cla:efficientnet_b0", 4, 19))
        .isInstanceOf(ModelException.class);
    assertThatThrownBy(() -> Models.create("cla:efficientnet_b0", 4, 0))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("classes >= 1");
  }

  @Test
  void optionsOutOfRangeAreErrors() {
    assertThatThrownBy(() -> ModelOptions.of(0, 3)).hasMessageContaining("inputChannels 0");
    assertThatThrownBy(() -> OPTIONS.dropRate(1)).hasMessageContaining("dropRate 1.0");
    assertThatThrownBy(() -> OPTIONS.dropPathRate(-0.1)).hasMessageContaining("dropPathRate -0.1");
  }

  @Test
  void settingsThatAModelDoesNotTakeAreErrors() {
    ModelOptions small = OPTIONS.settings(Map.of("window_size", 3.0));
    assertThat(Models.create("swin_tiny_patch4_window7_224@tiny", small)).isNotNull();
    assertThatThrownBy(() -> Models.create("efficientnet_b0", small))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("efficientnet_b0 takes no setting window_size");
    assertThatThrownBy(
            () ->
                Models.create(
                    "swin_tiny_patch4_window7_224", OPTIONS.settings(Map.of("window_size", 2.5))))
        .hasMessageContaining("window_size 2.5");
  }

  private static boolean finite(Tensor tensor) {
    for (float value : tensor.toArray()) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  @Test
  void registeringANameTwiceIsAnError() {
    ModelSpec spec = Models.spec(List.copyOf(Models.names()).get(0));
    assertThatThrownBy(() -> Models.register(spec))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("registered already");
  }
}
