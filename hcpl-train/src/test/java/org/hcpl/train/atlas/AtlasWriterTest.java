package org.hcpl.train.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.localise.ClassList;
import org.hcpl.models.localise.LabelTable;
import org.hcpl.train.metric.ContestMetric;
import org.hcpl.train.metric.Submission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtlasWriterTest {
  @TempDir Path folder;

  private static final SyntheticAtlas ATLAS =
      new SyntheticAtlas(AtlasOptions.of(4, 0xABCL).withSize(96).withCells(2, 3));

  @Test
  void writesWhatTheReadersRead() throws IOException {
    Path out = folder.resolve("atlas");
    new AtlasWriter(ATLAS, 2, done -> {}).write(out);
    ImageFolder images = ImageFolder.channels(out.resolve("images"));
    LabelTable labels = LabelTable.read(out.resolve("labels.csv"), ClassList.HPA_2021);
    assertThat(labels.labels()).hasSize(4);
    assertThat(Files.readAllLines(out.resolve("cells.csv"))).startsWith("ID,Cell,Label");
    for (int i = 0; i < 4; i++) {
      SyntheticImage made = ATLAS.image(i);
      String id = ATLAS.id(i);
      assertThat(id).isEqualTo("synthetic-abc-0000" + i);
      HpaImage read = images.read(id);
      for (Channel channel : Channel.values()) {
        assertThat(read.plane(channel).values()).isEqualTo(made.image().plane(channel).values());
      }
      assertThat(labels.of(id)).isEqualTo(made.labels());
      assertThat(ImageFiles.readLabels(out.resolve("masks/" + id + "_cellmask.png")).labels())
          .isEqualTo(made.cells().labels());
      assertThat(ImageFiles.readLabels(out.resolve("masks/" + id + "_nucleimask.png")).labels())
          .isEqualTo(made.nuclei().labels());
      String line = id + ",1," + ClassList.HPA_2021.format(made.cellLabels().get(0));
      assertThat(Files.readAllLines(out.resolve("cells.csv"))).contains(line);
    }
    Path submission = folder.resolve("submission.csv");
    try (Submission.Writer writer = Submission.Writer.submission(submission)) {
      for (int i = 0; i < 4; i++) {
        writer.write(ATLAS.image(i).truth());
      }
    }
    assertThat(ContestMetric.evaluate(out.resolve("truth.csv"), submission).meanAveragePrecision())
        .isEqualTo(1);
    var description = new ObjectMapper().readTree(out.resolve("atlas.json").toFile());
    assertThat(description.at("/options/seed").asLong()).isEqualTo(0xABC);
    assertThat(description.at("/options/imbalance").isNumber()).isTrue();
  }

  @Test
  void splitsIntoTwoAtlases() throws IOException {
    SyntheticAtlas atlas =
        new SyntheticAtlas(
            AtlasOptions.of(6, 1).withSize(64).withCells(1, 1).withClasses(List.of(0, 16)));
    new AtlasWriter(atlas, 1, done -> {}).writeSplit(folder, 0.3);
    LabelTable train = LabelTable.read(folder.resolve("train/labels.csv"), ClassList.HPA_2021);
    LabelTable test = LabelTable.read(folder.resolve("test/labels.csv"), ClassList.HPA_2021);
    assertThat(train.labels()).hasSize(4);
    assertThat(test.labels()).hasSize(2);
    assertThat(train.labels().keySet()).doesNotContainAnyElementsOf(test.labels().keySet());
    AtlasWriter writer = new AtlasWriter(atlas, 1, done -> {});
    assertThatThrownBy(() -> writer.writeSplit(folder.resolve("no"), 0.9))
        .hasMessageContaining("splits 6 images into 0 and 6", "help: make more images");
    // With another share, images of the one would lie among those of the other.
    for (double other : new double[] {0, 0.5}) {
      assertThatThrownBy(() -> writer.writeSplit(folder, other))
          .isInstanceOf(AtlasException.class)
          .hasMessageContaining("is not empty");
    }
    assertThat(LabelTable.read(folder.resolve("train/labels.csv"), ClassList.HPA_2021).labels())
        .isEqualTo(train.labels());
    writer.writeSplit(folder, 0.3);
    Path alone = folder.resolve("alone");
    writer.writeSplit(alone, 0);
    assertThat(LabelTable.read(alone.resolve("train/labels.csv"), ClassList.HPA_2021).labels())
        .hasSize(6);
    assertThat(alone.resolve("test")).doesNotExist();
  }

  @Test
  void writesAgainButNeverOverSomethingElse() throws IOException {
    Files.writeString(folder.resolve("mine.txt"), "x");
    AtlasWriter writer = new AtlasWriter(ATLAS, 1, done -> {});
    assertThatThrownBy(() -> writer.write(folder))
        .isInstanceOf(AtlasException.class)
        .hasMessageContaining("is not empty")
        .hasMessageContaining("help: choose another folder");
    Path out = folder.resolve("atlas");
    writer.write(out);
    byte[] first = Files.readAllBytes(out.resolve("truth.csv"));
    writer.write(out);
    assertThat(Files.readAllBytes(out.resolve("truth.csv"))).isEqualTo(first);
    SyntheticAtlas other = new SyntheticAtlas(ATLAS.options().withNoise(2));
    assertThatThrownBy(() -> new AtlasWriter(other, 1, done -> {}).write(out))
        .hasMessageContaining("is not empty");
    assertThatThrownBy(() -> new AtlasWriter(other, 0, done -> {}))
        .hasMessageContaining("0 threads");
    assertThatThrownBy(() -> writer.write(folder.resolve("mine.txt/x")))
        .isInstanceOf(AtlasException.class)
        .hasMessageContaining("cannot be written");
  }
}
