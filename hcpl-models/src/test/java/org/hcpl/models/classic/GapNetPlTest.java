package org.hcpl.models.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.hcpl.models.ModelException;
import org.hcpl.models.ModelFile;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.Models;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.image.Plane;
import org.hcpl.models.localise.ClassList;
import org.hcpl.models.localise.Localiser;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.testing.RealData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * GapNet-PL with its authors' weights against the outputs that an independent NumPy implementation
 * gave for real images. Skips where data and weights are absent.
 */
class GapNetPlTest {
  private static final double TOLERANCE = 1e-4;

  private static Path weights() {
    Optional<Path> folder = RealData.find("gapnet_pl/models");
    assumeTrue(folder.isPresent(), "GapNet-PL's published weights are not here");
    return folder.orElseThrow();
  }

  private static List<CSVRecord> references(boolean small) throws IOException {
    try (Reader reader =
        Files.newBufferedReader(RealData.find("gapnet_pl/reference_outputs.csv").orElseThrow())) {
      return CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .get()
          .parse(reader)
          .stream()
          .filter(row -> row.get("crop").equals("none") == small)
          .toList();
    }
  }

  @Test
  void reproducesTheReferenceOutputsOfSmallImages() throws IOException {
    Localiser localiser = Localiser.open(weights());
    Path images = RealData.find("hpa2018/images").orElseThrow();
    ImageFolder folder = ImageFolder.channels(images);
    // Four of the nine: the others are left to the command, which takes them all.
    List<CSVRecord> rows = references(true).subList(0, 4);
    for (CSVRecord row : rows) {
      assertClose(localiser.localise(folder.read(row.get("image"))).image(), row);
    }
  }

  @Test
  void reproducesTheReferenceOutputOfACropOfALargeImage() throws IOException {
    ModelFile.Loaded model = ModelFile.load(weights());
    CSVRecord row = references(false).get(0);
    assertThat(row.get("crop")).contains("(512,512)");
    HpaImage image =
        ImageFolder.channels(RealData.find("hpa2021/images").orElseThrow()).read(row.get("image"));
    List<Plane> planes = model.description().preprocessing().planes(image);
    float[] crop = new float[1024 * 1024 * 4];
    for (int y = 0; y < 1024; y++) {
      for (int x = 0; x < 1024; x++) {
        for (int c = 0; c < 4; c++) {
          crop[(y * 1024 + x) * 4 + c] = planes.get(c).at(512 + y, 512 + x);
        }
      }
    }
    try (Grad.Mode mode = Grad.off()) {
      Tensor logits = model.network().apply(Tensor.of(crop, 1, 1024, 1024, 4));
      assertClose(logits.sigmoid().toArray(), row);
    }
  }

  private static void assertClose(float[] probabilities, CSVRecord row) {
    for (int c = 0; c < probabilities.length; c++) {
      String name = ClassList.CYTO_2017.names().get(c);
      assertThat((double) probabilities[c])
          .as("%s of %s", name, row.get("image"))
          .isCloseTo(Double.parseDouble(row.get(name)), within(TOLERANCE));
    }
  }

  @Test
  void findsTheCheckpointByAnyOfItsFiles(@TempDir Path folder) throws IOException {
    Files.createFile(folder.resolve("net.ckpt.index"));
    Path prefix = folder.resolve("net.ckpt");
    assertThat(GapNetPl.checkpoint(prefix)).contains(prefix);
    assertThat(GapNetPl.checkpoint(folder.resolve("net.ckpt.index"))).contains(prefix);
    assertThat(GapNetPl.checkpoint(folder.resolve("net.ckpt.data-00000-of-00001")))
        .contains(prefix);
    assertThat(GapNetPl.checkpoint(folder)).contains(prefix);
    assertThat(GapNetPl.checkpoint(folder.resolve("model.safetensors"))).isEmpty();
  }

  @Test
  void anotherNetworkDoesNotTakeTheWeights() {
    Path weights = GapNetPl.checkpoint(weights()).orElseThrow();
    GapNetPl twoChannels = (GapNetPl) Models.create(GapNetPl.NAME, ModelOptions.of(2, 13));
    assertThatThrownBy(() -> twoChannels.loadCheckpoint(weights))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("ConvLayer-1/W_conv")
        .hasMessageContaining("[32, 3, 3, 4]")
        .hasMessageContaining("expected: [32, 3, 3, 2]");
  }
}
