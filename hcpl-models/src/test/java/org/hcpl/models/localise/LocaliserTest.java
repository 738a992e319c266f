package org.hcpl.models.localise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hcpl.models.ModelException;
import org.hcpl.models.ModelFile;
import org.hcpl.models.Models;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;
import org.hcpl.models.segment.Segmentation;
import org.hcpl.nn.Module;
import org.hcpl.nn.StateDict;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocaliserTest {
  private static final List<String> CLASSES = List.of("here", "there", "nowhere");
  private static final int SIZE = 96;

  /** Three square cells, the last one cut by the border. */
  private static final LabelImage CELLS = LabelImage.of(SIZE, SIZE);

  static {
    square(10, 10, 20, 1);
    square(50, 12, 30, 2);
    square(70, 76, 20, 3);
  }

  private static void square(int top, int left, int side, int label) {
    for (int y = top; y < top + side; y++) {
      for (int x = left; x < left + side; x++) {
        CELLS.labels()[y * SIZE + x] = label;
      }
    }
  }

  private static HpaImage image() {
    List<Plane> planes = new ArrayList<>();
    for (int c = 0; c < 4; c++) {
      Tensor values = Rng.of(7).split(c).uniform(Shape.of(SIZE * SIZE), 0, 1);
      planes.add(new Plane(SIZE, SIZE, values.toArray()));
    }
    return new HpaImage("example", planes, Double.NaN);
  }

  private static ModelFile.Description description(String model) {
    return new ModelFile.Description(
        model, 4, CLASSES, 32, false, Contrast.AS_IS, List.of(), Map.of("made by", "a test"));
  }

  private static Path saved(String model, Path folder) {
    Module network = Models.create(model, 4, CLASSES.size());
    network.initialise(Rng.of(11));
    Path file = folder.resolve("model.safetensors");
    ModelFile.save(file, description(model), network);
    return file;
  }

  private static Localisation localise(Path file) {
    return Localiser.open(file)
        .segmenter(image -> Segmentation.of(CELLS, CELLS, 20))
        .localise(image());
  }

  @Test
  void aProbabilityThatIsNoNumberIsAnErrorOfTheImage() {
    float[] bad = {0.5f, Float.NaN};
    CellBox box = CellBox.of(CELLS).get(0);
    assertThatThrownBy(
            () ->
                new Localisation(
                    "id", CLASSES, CELLS, null, List.of(new LocalisedCell(box, bad)), null))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("id: the network says NaN (expected: probabilities)");
    assertThatThrownBy(() -> new Localisation("id", CLASSES, null, null, List.of(), bad))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("help: ");
  }

  @Test
  void givesEachCellItsProbabilities(@TempDir Path folder) {
    Path file = saved("cla:efficientnet_b0@tiny", folder);
    Localisation found = localise(file);
    assertThat(found.id()).isEqualTo("example");
    assertThat(found.classes()).isEqualTo(CLASSES);
    assertThat(found.image()).isNull();
    assertThat(found.cellMask()).isSameAs(CELLS);
    assertThat(found.cells()).hasSize(3);
    LocalisedCell second = found.cells().get(1);
    assertThat(second.box()).isEqualTo(new CellBox(2, 50, 12, 80, 42, 900, false));
    assertThat(found.cells().get(2).box().touchesBorder()).isTrue();
    float[] crop = CellCrops.cut(image().planes(), CELLS, second.box(), 32);
    Module network = ModelFile.load(file).network();
    try (Grad.Mode mode = Grad.off()) {
      float[] alone = network.apply(Tensor.of(crop, 1, 32, 32, 4)).sigmoid().toArray();
      for (int c = 0; c < alone.length; c++) {
        assertThat((double) second.probabilities()[c]).isCloseTo(alone[c], within(1e-5));
      }
    }
  }

  @Test
  void fusesTheStreamsOfADsa(@TempDir Path folder) {
    Path file = saved("dsa:densenet121@tiny", folder);
    Localisation product = localise(file);
    ModelFile.Loaded model = ModelFile.load(file);
    Localiser gated =
        Localiser.of(
            new ModelFile.Loaded(
                model.description().correlations(new double[] {0.9, 0.1, 0.33}), model.network()));
    Localisation apart =
        gated.segmenter(image -> Segmentation.of(CELLS, CELLS, 20)).localise(image());
    assertThat(product.image()).hasSize(3);
    for (int i = 0; i < 3; i++) {
      float[] all = product.cells().get(i).probabilities();
      float[] some = apart.cells().get(i).probabilities();
      assertThat(some[0]).isEqualTo(all[0]);
      assertThat((double) (some[1] * product.image()[1])).isCloseTo(all[1], within(1e-6));
      assertThat(some[2]).isEqualTo(all[2]);
    }
  }

  @Test
  void looksAtWholeImagesWhereTheNetworkDoes(@TempDir Path folder) {
    Localiser localiser = Localiser.open(saved("gapnet_pl@tiny", folder));
    assertThat(localiser.wholeImages()).isTrue();
    Localisation found = localiser.localise(image());
    assertThat(found.cells()).isEmpty();
    assertThat(found.cellMask()).isNull();
    assertThat(found.image()).hasSize(3);
  }

  @Test
  void anImageWithoutCellsGivesNone(@TempDir Path folder) {
    LabelImage none = LabelImage.of(SIZE, SIZE);
    Localisation found =
        Localiser.open(saved("dsa:efficientnet_b0@tiny", folder))
            .segmenter(image -> Segmentation.of(none, none, Double.NaN))
            .localise(image());
    assertThat(found.cells()).isEmpty();
  }

  @Test
  void windowsCoverAnImageEvenly() {
    assertThat(ImageProbabilities.starts(1024, 1024)).containsExactly(0);
    assertThat(ImageProbabilities.starts(512, 1024)).containsExactly(0);
    assertThat(ImageProbabilities.starts(2048, 1024)).containsExactly(0, 1024);
    assertThat(ImageProbabilities.starts(2049, 1024)).containsExactly(0, 512, 1025);
  }

  @Test
  void filesThatAreNoModelSaySo(@TempDir Path folder) throws Exception {
    Path text = Files.writeString(folder.resolve("notes.txt"), "not a model");
    assertThatThrownBy(() -> Localiser.open(text))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("notes.txt")
        .hasMessageContaining("not a model file");
    assertThatThrownBy(() -> Localiser.open(folder.resolve("absent.safetensors")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no such file");
    Module network = Models.create("efficientnet_b0@tiny", 4, 3);
    Path bare = folder.resolve("weights.safetensors");
    StateDict.save(network, bare, Map.of());
    assertThatThrownBy(() -> Localiser.open(bare))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("weights without a description");
    Path other = folder.resolve("other.safetensors");
    ModelFile.save(other, description("densenet121@tiny"), network);
    assertThatThrownBy(() -> Localiser.open(other))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("its weights are not those of densenet121@tiny");
  }

  @Test
  void aDescriptionThatDoesNotFitIsAnError() {
    assertThatThrownBy(() -> description("cla:efficientnet_b0").thresholds(new double[] {0.5}))
        .hasMessageContaining("1 threshold for 3 classes");
    assertThatThrownBy(() -> description("dsa:efficientnet_b0").correlations(new double[] {0.5}))
        .hasMessageContaining("1 correlation for 3 classes");
  }
}
