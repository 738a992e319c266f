package org.hcpl.models.localise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.hcpl.tensor.testing.RealData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelTableTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    Path file = folder.resolve("train.csv");
    Files.writeString(file, text);
    return file;
  }

  private LabelTable read(String text) throws IOException {
    return LabelTable.read(file(text), ClassList.HPA_2021);
  }

  @Test
  void readsTheTablesOfBothContests() throws IOException {
    LabelTable table = read("ID,Label\nb,8|5|0\na,14\n");
    assertThat(table.labels().keySet()).containsExactly("b", "a");
    assertThat(table.of("b")).containsExactly(0, 5, 8);
    assertThat(table.missing(List.of("a", "z"))).containsExactly("z");
    assertThat(table.counts()).startsWith(1, 0, 0, 0, 0, 1).hasSize(19);

    LabelTable old =
        LabelTable.read(
            file(
                "\uFEFFId,Target,Names\r\na,16 0,\"Cytokinetic bridge, Nucleoplasm\"\r\nb,15,x\r\n"),
            ClassList.HPA_2018);
    assertThat(old.of("a")).containsExactly(0, 16);
    assertThat(old.to2021().labels().toString()).isEqualTo("{a=[0]}");
    assertThatThrownBy(() -> table.to2021()).hasMessageContaining("expected: hpa2018");
  }

  @Test
  void eachBadTableHasItsMessage() throws IOException {
    Path none = folder.resolve("none.csv");
    assertThatThrownBy(() -> LabelTable.read(none, ClassList.HPA_2021))
        .isInstanceOf(LabelException.class)
        .hasMessageStartingWith(none + ": no such file");
    assertThatThrownBy(() -> read("")).hasMessageContaining("train.csv: no images");
    assertThatThrownBy(() -> read("ID,Label\n")).hasMessageContaining("train.csv: no images");
    assertThatThrownBy(() -> read("a,0\nb,1\n"))
        .hasMessageContaining("train.csv:1: no column id in the header [a, 0]");
    assertThatThrownBy(() -> read("ID,Label\na\n")).hasMessageContaining("train.csv:2: 1 column (");
    assertThatThrownBy(() -> read("ID,Label\n,0\n"))
        .hasMessageContaining("train.csv:2: empty image id");
    assertThatThrownBy(() -> read("ID,Label\na,0\n\na,1\n"))
        .hasMessageContaining("train.csv:4: image a is in the table already");
    assertThatThrownBy(() -> read("ID,Label\na,0\nb,77\n"))
        .hasMessageContaining("train.csv:3: label '77' is not one of hpa2021's 19 classes");
    assertThatThrownBy(() -> read("ID,Label\na,\n")).hasMessageContaining("train.csv:2: no label");
    assertThatThrownBy(() -> read("ID,Label\n\"a,0\n"))
        .isInstanceOf(LabelException.class)
        .hasMessageContaining("cannot be read as a table")
        .hasMessageContaining("help: ")
        .hasMessageNotContaining("Exception");
    assertThatThrownBy(() -> read("ID;Label\na;0\n"))
        .hasMessageContaining("help: the columns must be separated by commas");
    assertThatThrownBy(() -> LabelTable.read(folder, ClassList.HPA_2021))
        .hasMessageStartingWith(folder + ": is a folder (expected: ");
    LabelTable table = read("ID,Label\na,0\n");
    assertThatThrownBy(() -> table.of("z")).hasMessageContaining("no line for image z");
  }

  private static Path real(String path) {
    Optional<Path> found = RealData.find(path);
    assumeTrue(found.isPresent(), "real data not here: " + path);
    return found.get();
  }

  @Test
  void theMapFrom2018AgreesWithImagesThatBothContestsLabelled() {
    LabelTable old = LabelTable.read(real("hpa2018/train_all.csv"), ClassList.HPA_2018);
    LabelTable now = LabelTable.read(real("hpa2021/train.csv"), ClassList.HPA_2021);
    assertThat(old.labels()).hasSize(31_072);
    assertThat(now.labels()).hasSize(21_806);
    LabelTable mapped = old.to2021();
    int both = 0;
    int same = 0;
    for (String id : now.labels().keySet()) {
      if (mapped.labels().containsKey(id)) {
        both++;
        same += mapped.of(id).equals(now.of(id)) ? 1 : 0;
      }
    }
    // Labels were revised between the contests, but for few of the images.
    assertThat(both).isGreaterThan(15_000);
    assertThat((double) same / both).isGreaterThan(0.9);
    assertThat(LabelTable.read(real("hpa2018/labels.csv"), ClassList.HPA_2018).labels())
        .hasSize(70);
  }
}
