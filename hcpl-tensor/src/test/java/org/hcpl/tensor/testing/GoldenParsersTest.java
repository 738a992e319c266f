package org.hcpl.tensor.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reference file of the repository parses, and what it says agrees with itself. */
class GoldenParsersTest {
  @Test
  void layerCasesHaveGradientsOfTheShapeOfTheirInputs() {
    GoldenLayers layers = GoldenLayers.read(GoldenFiles.layers());
    assertThat(layers.cases()).hasSize(124);
    assertThat(layers.ops())
        .hasSize(34)
        .contains("conv2d", "weibull", "scaled_std_conv2d", "optimizer");
    for (GoldenLayers.Case c : layers.cases()) {
      c.grads()
          .forEach(
              (key, grad) ->
                  assertThat(grad.shape()).as(c + " " + key).isEqualTo(c.input(key).shape()));
      c.gradOutputs()
          .forEach(
              (key, g) -> assertThat(g.shape()).as(c + " " + key).isEqualTo(c.output(key).shape()));
    }
  }

  @Test
  void layerCasesGiveTheirParameters() {
    GoldenLayers layers = GoldenLayers.read(GoldenFiles.layers());
    GoldenLayers.Case conv = layers.cases("conv2d").getFirst();
    assertThat(conv.intsParam("kernel")).containsExactly(3, 3);
    assertThat(conv.intParam("groups")).isEqualTo(1);
    assertThat(conv.flagParam("bias")).isTrue();
    assertThat(conv.input("x").channelsLast().shape()).containsExactly(2, 5, 6, 2);
    assertThat(conv.input("x").channelsLast().values()[1]).isEqualTo(conv.input("x").values()[30]);

    GoldenLayers.Case pool = layers.cases("maxpool2d").getFirst();
    assertThat(pool.intsParam("kernel")).containsExactly(3);

    GoldenLayers.Case gate = layers.cases("squeeze_excite").getFirst();
    assertThat(gate.parameters().keySet())
        .containsExactly(
            "conv_reduce.weight", "conv_reduce.bias", "conv_expand.weight", "conv_expand.bias");
    assertThat(layers.cases("split_attention").get(1).buffers().keySet())
        .hasSize(4)
        .contains("bn0.running_mean");

    GoldenLayers.Case adam = layers.cases("optimizer").get(3);
    assertThat(adam.textParam("kind")).isEqualTo("adam");
    assertThat(adam.numbersParam("betas")).containsExactly(0.9, 0.999);
    assertThat(adam.inputRows("grads")).hasDimensions(5, 6);
    assertThat(adam.outputRows("p_after_each_step")[0][0]).isEqualTo(0.73400000084);
    assertThat(adam.hasParam("weight_decay")).isFalse();

    assertThat(layers.cases("schedule").getFirst().outputNumbers("lr_per_epoch")).hasSize(11);
    assertThat(layers.cases("eca_kernel_size").getFirst().outputTable()).containsEntry(2048, 7);
    GoldenLayers.Case clip = layers.cases("clip_grad_norm").getFirst();
    assertThat(clip.outputNumber("total_norm")).isEqualTo(1.63243774766);
    assertThat(clip.inputArrays("grads")).hasSize(3);
    assertThat(clip.outputArrays("grads").get(1).shape()).containsExactly(4);

    GoldenLayers.Case window = layers.cases("window_attention").get(1);
    assertThat(window.extras().get("mask").shape()).containsExactly(2, 4, 4);
    assertThat(window.extraIntegers("relative_position_index")).hasSize(16);
  }

  static List<String> models() {
    return GoldenFiles.modelKeys();
  }

  @ParameterizedTest
  @MethodSource("models")
  void architecturesCountAndFillAsTheySay(String key) {
    GoldenModel model = GoldenModel.read(GoldenFiles.arch(key));
    assertThat(model.key()).isEqualTo(key);
    assertThat(model.inputChannels()).isEqualTo(4);
    long trainable =
        model.entries().stream()
            .filter(GoldenModel.Entry::isTrainable)
            .mapToLong(GoldenModel.Entry::elements)
            .sum();
    assertThat(trainable).isEqualTo(model.parameters());
    assertThat(model.entries().stream().mapToLong(GoldenModel.Entry::elements).sum())
        .isEqualTo(model.stateElements());
    long count = 0;
    double sum = 0;
    double absSum = 0;
    for (float[] values : model.fillAll().values()) {
      count += values.length;
      for (float value : values) {
        sum += value;
        absSum += Math.abs(value);
      }
    }
    assertThat(count).isEqualTo(model.fill().values());
    // The file has 9 significant digits of the sum and 12 of the sum of magnitudes.
    assertThat(sum).isCloseTo(model.fill().sum(), within(5e-9 * Math.abs(model.fill().sum())));
    assertThat(absSum).isCloseTo(model.fill().absSum(), within(5e-12 * model.fill().absSum()));
  }

  @ParameterizedTest
  @MethodSource("models")
  void runsBelongToTheirArchitecture(String key) {
    List<String> modules =
        GoldenModel.read(GoldenFiles.arch(key)).modules().stream()
            .map(GoldenModel.ModuleInfo::name)
            .toList();
    assertThat(GoldenFiles.runs(key)).isNotEmpty();
    for (Path file : GoldenFiles.runs(key)) {
      GoldenRun run = GoldenRun.read(file);
      int[] shape = run.input().shape();
      assertThat(file.getFileName()).hasToString(key + "." + shape[2] + "x" + shape[3] + ".json");
      assertThat(run.logits()).hasDimensions(2, 19);
      double worst = 0;
      for (int i = 0; i < 2; i++) {
        for (int c = 0; c < 19; c++) {
          worst = Math.max(worst, Math.abs(run.logits()[i][c] - run.logits32()[i][c]));
        }
      }
      assertThat(worst).isCloseTo(run.float32Error(), within(0.01 * run.float32Error() + 1e-8));
      // Probes are taken at containers, too; the architecture lists the leaves.
      assertThat(run.probes())
          .isNotEmpty()
          .allSatisfy(
              p ->
                  assertThat(modules)
                      .as(p.module())
                      .anyMatch(m -> (m + ".").startsWith(p.module() + ".")));
    }
  }

  @Test
  void factsAreNumbersTextsOrPairs() {
    GoldenModel.ModuleInfo stem =
        GoldenModel.read(GoldenFiles.arch("tf_efficientnet_b0")).modules().getFirst();
    assertThat(stem.facts()).containsEntry("k", 3.0).containsEntry("p", "SAME");
  }

  @Test
  void trainingStepsBelongToTheirArchitecture() {
    for (String key : List.of("efficientnet_b0", "densenet121")) {
      GoldenModel model = GoldenModel.read(GoldenFiles.arch(key));
      GoldenTrain train = GoldenTrain.read(GoldenFiles.trainings(key).getFirst());
      List<String> names =
          model.entries().stream()
              .filter(GoldenModel.Entry::isTrainable)
              .map(GoldenModel.Entry::name)
              .toList();
      assertThat(train.grads())
          .extracting(GoldenTrain.GradSample::name)
          .containsExactlyElementsOf(names);
      assertThat(train.losses()).hasSize(4);
      assertThat(train.losses()[0]).isEqualTo(train.loss());
      double square = train.grads().stream().mapToDouble(g -> g.l2() * g.l2()).sum();
      assertThat(Math.sqrt(square))
          .isCloseTo(train.gradGlobalNorm(), within(1e-7 * train.gradGlobalNorm()));
      assertThat(train.targets()).hasSize(4 * 19).contains(1).contains(0);
      assertThat(train.batchNorms()).isNotEmpty();
      assertThat(train.loss()).isCloseTo(loss(train), within(1e-10));
    }
  }

  private static double loss(GoldenTrain train) {
    double sum = 0;
    for (int i = 0; i < train.targets().length; i++) {
      double x = train.logits()[i / 19][i % 19];
      sum += Math.max(x, 0) - x * train.targets()[i] + Math.log1p(Math.exp(-Math.abs(x)));
    }
    return sum / train.targets().length;
  }

  @Test
  void scatteringCasesHaveAllTheirChannels() {
    assertThat(GoldenFiles.scatterings()).hasSize(5);
    for (Path file : GoldenFiles.scatterings()) {
      GoldenScattering s = GoldenScattering.read(file);
      int first = s.scales() * s.angles();
      int second = s.angles() * s.angles() * s.scales() * (s.scales() - 1) / 2;
      int channels = 1 + first + (s.maxOrder() == 2 ? second : 0);
      assertThat(s.channels()).as(file.toString()).hasSize(channels);
      assertThat(s.outputShape())
          .containsExactly(
              s.input().shape()[0], channels, s.height() >> s.scales(), s.width() >> s.scales());
      assertThat(s.input().values())
          .hasSize(Arrays.stream(s.input().shape()).reduce(1, (a, b) -> a * b));
      assertThat(s.filters()).extracting(GoldenScattering.Filter::kind).contains("psi", "phi");
    }
  }

  @Test
  void kindsAreToldByContent() {
    assertThat(GoldenKind.of(GoldenFiles.layers())).isEqualTo(GoldenKind.LAYERS);
    assertThat(GoldenKind.of(GoldenFiles.arch("densenet121"))).isEqualTo(GoldenKind.ARCHITECTURE);
    assertThat(GoldenKind.of(GoldenFiles.runs("densenet121").getFirst())).isEqualTo(GoldenKind.RUN);
    assertThat(GoldenKind.of(GoldenFiles.trainings("densenet121").getFirst()))
        .isEqualTo(GoldenKind.TRAINING);
    assertThat(GoldenKind.of(GoldenFiles.scatterings().getFirst()))
        .isEqualTo(GoldenKind.SCATTERING);
    assertThat(GoldenKind.of(GoldenFiles.root().resolve("generator.json")))
        .isEqualTo(GoldenKind.GENERATOR);
  }

  @Test
  void badFilesAreNamedWithTheirProblem(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("x.json");
    assertThatThrownBy(() -> GoldenRun.read(file))
        .isInstanceOf(GoldenFileException.class)
        .hasMessageContaining("x.json");
    Files.writeString(file, "{\"model\": ");
    assertThatThrownBy(() -> GoldenRun.read(file))
        .isInstanceOf(GoldenFileException.class)
        .hasMessageContaining("not JSON");
    Files.writeString(file, "{\"model\": \"m\"}");
    assertThatThrownBy(() -> GoldenRun.read(file))
        .isInstanceOf(GoldenFileException.class)
        .hasMessageContaining("no field 'timm_name'")
        .hasMessageContaining("help: expected a file of a model's outputs");
    Files.writeString(file, "");
    assertThatThrownBy(() -> GoldenKind.of(file)).isInstanceOf(GoldenFileException.class);
    Files.writeString(file, "[1, 2]");
    assertThatThrownBy(() -> GoldenLayers.read(file)).isInstanceOf(GoldenFileException.class);
  }
}
