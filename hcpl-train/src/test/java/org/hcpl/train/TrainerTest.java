package org.hcpl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.hcpl.models.ModelException;
import org.hcpl.models.ModelFile;
import org.hcpl.models.Models;
import org.hcpl.models.localise.ClassList;
import org.hcpl.models.localise.Contrast;
import org.hcpl.models.localise.CorrelationGate;
import org.hcpl.models.localise.Dsa;
import org.hcpl.nn.Module;
import org.hcpl.nn.Parameter;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.io.NamedArray;
import org.hcpl.tensor.io.Safetensors;
import org.hcpl.train.data.Augmentation;
import org.hcpl.train.data.CellStore;
import org.hcpl.train.metric.Classification;
import org.hcpl.train.metric.LabelledScores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  private static final TrainingOptions OPTIONS =
      TrainingOptions.DEFAULT
          .epochs(3)
          .batchSize(8)
          .cellsPerBag(4)
          .learningRate(3e-3)
          .averageDecay(0.8)
          .augmentation(Augmentation.STANDARD);

  /** Two classes: a bright square in the first or in the second channel. */
  private static CellStore squares(int images, int cellsPerImage, long seed) {
    CellStore store = new CellStore(16, 2, List.of("first", "second"));
    Rng rng = Rng.of(seed);
    for (int image = 0; image < images; image++) {
      int label = rng.nextInt(2);
      for (int cell = 1; cell <= cellsPerImage; cell++) {
        float[] pixels = new float[16 * 16 * 2];
        int y0 = 3 + rng.nextInt(5);
        int x0 = 3 + rng.nextInt(5);
        for (int y = y0; y < y0 + 5; y++) {
          for (int x = x0; x < x0 + 5; x++) {
            pixels[(y * 16 + x) * 2 + label] = 0.8f;
          }
        }
        store.add("image" + image, cell, pixels, new float[] {1 - label, label});
      }
    }
    return store;
  }

  private static Module network(String kind) {
    Module network = Models.create(kind + ":efficientnet_b0@tiny", 2, 2);
    network.initialise(Rng.of(5));
    return network;
  }

  private static double accuracy(Module network, CellStore cells) {
    float[][] p = Scoring.probabilities(network, cells, true);
    int right = 0;
    for (int i = 0; i < p.length; i++) {
      right += (p[i][1] > p[i][0]) == (cells.target(i)[1] > 0.5f) ? 1 : 0;
    }
    return (double) right / p.length;
  }

  private static List<float[]> weights(Module network) {
    List<float[]> weights = new ArrayList<>();
    for (Parameter parameter : network.parameters()) {
      weights.add(parameter.value().toArray());
    }
    network.namedBuffers().values().forEach(buffer -> weights.add(buffer.toArray()));
    return weights;
  }

  @Test
  void learnsWhatCanBeLearnt() {
    CellStore train = squares(40, 2, 1);
    CellStore test = squares(20, 2, 2);
    Module network = network("cla");
    List<Trainer.Epoch> history =
        new Trainer(
                OPTIONS.epochs(14).learningRate(5e-3).augmentation(Augmentation.NONE.flip(true)),
                Objective.oneClass(0),
                false,
                n -> accuracy(n, test),
                Trainer.Progress.SILENT)
            .fit(network, train, null);
    assertThat(history).hasSize(14);
    assertThat(accuracy(network, test)).isGreaterThanOrEqualTo(0.95);
    assertThat(network.isTraining()).isFalse();
  }

  @Test
  void anInterruptedRunEndsInTheSameBits(@TempDir Path folder) {
    CellStore train = squares(24, 2, 1);
    Module straight = network("cla");
    trainer(Trainer.Progress.SILENT).fit(straight, train, null);
    Module interrupted = network("cla");
    Trainer.Progress killer =
        new Trainer.Progress() {
          @Override
          public void step(int epoch, int step, int steps, double loss) {
            if (epoch == 1 && step == 4) {
              throw new IllegalStateException("power cut");
            }
          }
        };
    assertThatThrownBy(() -> trainer(killer).fit(interrupted, train, folder))
        .hasMessage("power cut");
    Module resumed = network("cla");
    List<Trainer.Epoch> history = trainer(Trainer.Progress.SILENT).fit(resumed, train, folder);
    assertThat(history).hasSize(3);
    assertThat(weights(resumed)).usingRecursiveComparison().isEqualTo(weights(straight));
  }

  private static Trainer trainer(Trainer.Progress progress) {
    // A checkpoint after every step, so that the run goes on in the middle of an epoch.
    TrainingOptions often = OPTIONS.checkpointMinutes(1e-9);
    return new Trainer(often, Objective.anyClasses(new float[] {1, 1}, 2), false, null, progress);
  }

  @Test
  void aScoreThatIsNotANumberIsNeverTheBest() {
    CellStore train = squares(12, 1, 1);
    double[] scores = {Double.NaN, 0.5, Double.NaN, 0.4, Double.NaN};
    List<List<float[]>> seen = new ArrayList<>();
    Module network = network("cla");
    List<Trainer.Epoch> history =
        new Trainer(
                OPTIONS.epochs(scores.length).averageDecay(0).patience(4),
                Objective.oneClass(0),
                false,
                trained -> {
                  seen.add(weights(trained));
                  return scores[seen.size() - 1];
                },
                Trainer.Progress.SILENT)
            .fit(network, train, null);
    assertThat(history).hasSize(scores.length);
    assertThat(weights(network)).usingRecursiveComparison().isEqualTo(seen.get(1));
    assertThat(weights(network)).usingRecursiveComparison().isNotEqualTo(seen.get(4));
  }

  @Test
  void whatCannotBeTrainedOrDescribedIsRefusedFirst(@TempDir Path folder) {
    CellStore none = new CellStore(16, 2, List.of("first", "second"));
    assertThatThrownBy(() -> trainer(Trainer.Progress.SILENT).fit(network("cla"), none, folder))
        .isInstanceOf(TensorException.class)
        .hasMessage("training: no cells to learn from (expected: at least one)");
    CellStore five = new CellStore(16, 5, List.of("first", "second"));
    five.add("image", 1, new float[16 * 16 * 5], new float[] {0, 1});
    CellTraining training =
        new CellTraining(
            "cla:efficientnet_b0@tiny", true, Contrast.AS_IS, OPTIONS, Trainer.Progress.SILENT);
    assertThatThrownBy(() -> training.run(five, null, folder.resolve("five"), Map.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("5 input channels (expected: 1..4)");
    CellStore stretched = new CellStore(16, 2, List.of("first", "second"), Contrast.STRETCH);
    assertThatThrownBy(() -> training.run(stretched, null, folder.resolve("five"), Map.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("cells of contrast STRETCH (expected: AS_IS");
    assertThat(folder.resolve("five")).doesNotExist();
  }

  @Test
  void aStoreAloneIsEnoughForAModelFile(@TempDir Path folder) {
    CellTraining.Outcome outcome =
        new CellTraining(
                "cla:efficientnet_b0@tiny",
                true,
                Contrast.AS_IS,
                OPTIONS.epochs(1),
                Trainer.Progress.SILENT)
            .run(squares(4, 2, 1), null, folder.resolve("made"), Map.of("data", "squares"));
    ModelFile.Loaded loaded = ModelFile.load(outcome.file());
    assertThat(loaded.description()).isEqualTo(outcome.description());
    assertThat(loaded.description().provenance())
        .containsEntry("data", "squares")
        .containsEntry("trainingCells", "8");
    assertThat(weights(loaded.network()))
        .usingRecursiveComparison()
        .isEqualTo(weights(outcome.network()));
  }

  @Test
  void optionsChangeOneThingAtATime() {
    TrainingOptions options = TrainingOptions.DEFAULT.clipNorm(2).checkpointMinutes(0.5);
    assertThat(options.clipNorm()).isEqualTo(2);
    assertThat(options.checkpointMinutes()).isEqualTo(0.5);
    assertThat(options.clipNorm(5).checkpointMinutes(5)).isEqualTo(TrainingOptions.DEFAULT);
    assertThatThrownBy(() -> options.clipNorm(-1)).hasMessageContaining("clipNorm -1.0");
  }

  @Test
  void trainsBothStreamsOnBagsOfAnySize() {
    CellStore train = squares(12, 5, 3);
    Dsa network = (Dsa) network("dsa");
    new Trainer(
            OPTIONS,
            Objective.dualStream(1, 0.2, new float[] {1, 1}, 0),
            true,
            null,
            Trainer.Progress.SILENT)
        .fit(network, train, null);
    float[][] fused = Scoring.probabilities(network, train, Dsa.Stream.FUSED);
    float[][] cell = Scoring.probabilities(network, train, Dsa.Stream.CELL);
    float[][] image = Scoring.probabilities(network, train, Dsa.Stream.IMAGE);
    for (int i = 0; i < fused.length; i++) {
      assertThat(fused[i][0])
          .isCloseTo(cell[i][0] * image[i][0], org.assertj.core.data.Offset.offset(1e-6f));
    }
  }

  @Test
  void thresholdsAndScoreAreOfTheStreamsAsPredictionsFuseThem(@TempDir Path folder) {
    List<String> classes = List.of("a", "b", "c", "d", "e", "f");
    CellStore train = new CellStore(16, 2, classes);
    CellStore validation = new CellStore(16, 2, classes);
    Rng rng = Rng.of(4);
    for (int image = 0; image < 40; image++) {
      float[] labels = new float[6];
      for (int c = 0; c < 6; c++) {
        labels[c] = rng.nextInt(2);
      }
      for (int cell = 1; cell <= 3; cell++) {
        float[] pixels = new float[16 * 16 * 2];
        for (int i = 0; i < pixels.length; i++) {
          pixels[i] = rng.nextInt(256) / 255f;
        }
        (image % 2 == 0 ? train : validation).add("image" + image, cell, pixels, labels);
      }
    }
    CellTraining.Outcome outcome =
        new CellTraining(
                "dsa:efficientnet_b0@tiny",
                false,
                Contrast.AS_IS,
                OPTIONS.epochs(1),
                Trainer.Progress.SILENT)
            .headFit(false)
            .run(train, validation, folder, Map.of());
    CorrelationGate gate = outcome.description().gate();
    assertThat(IntStream.range(0, 6).allMatch(gate::isOpen)).isFalse();
    LabelledScores fused = fused((Dsa) outcome.network(), train, gate);
    assertThat(outcome.description().thresholds())
        .containsExactly(
            Arrays.stream(Classification.chooseThresholds(fused)).boxed().toArray(Double[]::new));
    LabelledScores ofValidation = fused((Dsa) outcome.network(), validation, gate);
    assertThat(outcome.score())
        .isEqualTo(Classification.of(ofValidation, 0.5).meanAveragePrecision());
  }

  private static LabelledScores fused(Dsa network, CellStore cells, CorrelationGate gate) {
    float[][] image = Scoring.probabilities(network, cells, Dsa.Stream.IMAGE);
    float[][] cell = Scoring.probabilities(network, cells, Dsa.Stream.CELL);
    float[][] fused = new float[cells.size()][];
    boolean[][] truth = new boolean[cells.size()][cells.classes().size()];
    for (int i = 0; i < fused.length; i++) {
      fused[i] = gate.fuse(image[i], cell[i]);
      for (int c = 0; c < truth[i].length; c++) {
        truth[i][c] = cells.target(i)[c] > 0.5f;
      }
    }
    return new LabelledScores(new ClassList("test", cells.classes()), fused, truth);
  }

  @Test
  void aNetworkThatSaysNoNumbersIsAnError() {
    CellStore cells = squares(2, 2, 1);
    for (String kind : List.of("cla", "dsa")) {
      Module network = network(kind);
      network.parameters().forEach(parameter -> parameter.fill(Float.MAX_VALUE));
      assertThatThrownBy(
              () -> {
                if (network instanceof Dsa dsa) {
                  Scoring.probabilities(dsa, cells, Dsa.Stream.CELL);
                } else {
                  Scoring.probabilities(network, cells, true);
                }
              })
          .isInstanceOf(TensorException.class)
          .hasMessageContaining("scoring: the network says NaN")
          .hasMessageContaining("help: ");
    }
  }

  @Test
  void bothLinearLayersAreFittedToTheDescriptors() {
    CellStore train = squares(30, 4, 3);
    Dsa network = (Dsa) network("dsa");
    HeadFit.fit(network, train);
    float[][] cell = Scoring.probabilities(network, train, Dsa.Stream.CELL);
    float[][] image = Scoring.probabilities(network, train, Dsa.Stream.IMAGE);
    // At the optimum the mean of the predictions is the share of the class.
    for (int c = 0; c < 2; c++) {
      double ofCells = 0;
      double ofImages = 0;
      for (int i = 0; i < train.size(); i++) {
        ofCells += cell[i][c] / train.size();
        ofImages += image[i][c] / train.size();
      }
      assertThat(ofCells).isCloseTo(train.frequencies()[c], within(1e-3));
      assertThat(ofImages).isCloseTo(train.frequencies()[c], within(1e-3));
    }
    // Random features tell these squares apart already.
    assertThat(accuracy(network, train)).isGreaterThan(0.95);
    float[] before = network.namedParameters().get("fc1.weight").value().toArray();
    HeadFit.fit(network, train);
    assertThat(network.namedParameters().get("fc1.weight").value().toArray()).isEqualTo(before);
  }

  @Test
  void theFolderIsMadeBeforeTheFirstStep(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    Trainer.Progress none =
        new Trainer.Progress() {
          @Override
          public void step(int epoch, int step, int steps, double loss) {
            throw new AssertionError("trained before it was known where to");
          }
        };
    Trainer trainer =
        new Trainer(TrainingOptions.DEFAULT.epochs(1), Objective.oneClass(0), false, null, none);
    assertThatThrownBy(() -> trainer.fit(network("cla"), squares(4, 2, 1), file.resolve("run")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("run: cannot be made");
    new Trainer(
            TrainingOptions.DEFAULT.epochs(1),
            Objective.oneClass(0),
            false,
            null,
            Trainer.Progress.SILENT)
        .fit(network("cla"), squares(4, 2, 1), folder.resolve("a/b"));
    assertThat(folder.resolve("a/b/checkpoint.safetensors")).exists();
  }

  @Test
  void aCheckpointOfAnotherRunIsRefused(@TempDir Path folder) throws Exception {
    trainer(Trainer.Progress.SILENT).fit(network("cla"), squares(8, 1, 1), folder);
    assertThatThrownBy(
            () -> trainer(Trainer.Progress.SILENT).fit(network("cla"), squares(9, 1, 1), folder))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("checkpoint of another run")
        .hasMessageContaining("help: choose another output folder");
    Path file = folder.resolve("checkpoint.safetensors");
    Safetensors whole = Safetensors.open(file);
    List<NamedArray> arrays = whole.readAll();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    isDamaged(file);
    for (int kept : new int[] {0, arrays.size() / 10, arrays.size() / 2, arrays.size() - 1}) {
      Safetensors.write(file, arrays.subList(0, kept), whole.metadata());
      isDamaged(file);
    }
    List<NamedArray> other = new ArrayList<>(arrays);
    other.set(0, new NamedArray("network.other", new int[] {1}, new float[1]));
    Safetensors.write(file, other, whole.metadata());
    isDamaged(file);
    Map<String, String> incomplete = new HashMap<>(whole.metadata());
    incomplete.remove("history");
    Safetensors.write(file, arrays, incomplete);
    isDamaged(file);
  }

  private static void isDamaged(Path checkpoint) {
    assertThatThrownBy(
            () ->
                trainer(Trainer.Progress.SILENT)
                    .fit(network("cla"), squares(8, 1, 1), checkpoint.getParent()))
        .isInstanceOf(TensorException.class)
        .hasMessageStartingWith(checkpoint + ": damaged checkpoint: ")
        .hasMessageContaining("help: delete it to start anew");
  }
}
