package org.hcpl.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.Plane;
import org.hcpl.models.localise.Contrast;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SingleCellsTest {
  private static final int SIDE = 16;
  private final List<String> warnings = new ArrayList<>();

  /** A ramp from {@code dark} upwards, and a mask without the first row. */
  private static void cell(Path folder, String id, float dark) {
    float[] values = new float[SIDE * SIDE];
    float[] mask = new float[SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = dark + 0.4f * i / values.length;
      mask[i] = i < SIDE ? 0 : 1;
    }
    ImageFiles.writePlane(new Plane(SIDE, SIDE, values), folder.resolve(id + ".png"));
    ImageFiles.writePlane(new Plane(SIDE, SIDE, mask), folder.resolve(id + "_mask.png"));
  }

  private CellStore read(Path folder, String table, Contrast contrast) throws IOException {
    for (int i = 0; i < 4; i++) {
      cell(folder, "c" + i, 0.1f + 0.1f * i);
    }
    Path labels = Files.writeString(folder.resolve("labels.csv"), table);
    return SingleCells.read(folder, labels, null, SIDE, contrast, warnings::add);
  }

  @Test
  void cellsOfAnImageStandTogether(@TempDir Path folder) throws IOException {
    CellStore store =
        read(folder, "ID,Label,Image\nc0,a,x\nc1,b,y\nc2,a,y\nc3,b,x\n", Contrast.AS_IS);
    assertThat(warnings).isEmpty();
    assertThat(store.images()).containsExactly("x", "y");
    assertThat(store.bags()).containsExactly(new int[] {0, 1}, new int[] {2, 3});
    assertThat(store.number(1)).isEqualTo(2);
    assertThat(store.target(1)).containsExactly(0, 1); // c3
    assertThat(store.target(3)).containsExactly(1, 0); // c2
  }

  @Test
  void withoutImagesEachCellIsItsOwn(@TempDir Path folder) throws IOException {
    CellStore store = read(folder, "ID,Label\nc0,a\nc1,b\nc2,a\n", Contrast.AS_IS);
    assertThat(store.images()).containsExactly("c0", "c1", "c2");
  }

  @Test
  void normalisedCellsAreStoredWithBothSignsAndAnExactZero(@TempDir Path folder)
      throws IOException {
    CellStore store = read(folder, "ID,Label\nc0,a\nc3,b\n", Contrast.NORMALISE);
    float[] first = new float[SIDE * SIDE];
    float[] second = new float[SIDE * SIDE];
    store.read(0, first, 0);
    store.read(1, second, 0);
    double step = (Contrast.NORMALISE.highest() - Contrast.NORMALISE.lowest()) / 255.0;
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      assertThat(i >= SIDE || first[i] == 0).isTrue();
      // A file's grey level is a thirtieth of the deviation here, and a store's a little more.
      assertThat(first[i]).isCloseTo(second[i], within((float) (2 * step)));
      sum += first[i];
    }
    assertThat(sum / (SIDE * (SIDE - 1))).isCloseTo(0, within(step));
    assertThat(first[SIDE]).isLessThan(-1);
    assertThat(first[SIDE * SIDE - 1]).isGreaterThan(1);
  }

  @Test
  void tablesOfOtherProgramsAreRead(@TempDir Path folder) throws IOException {
    CellStore store =
        read(
            folder,
            "\uFEFFId,Target,\r\nc0,\"a, b\",x\r\nc1,c,\r\nc2,c,\r\nc3,c,\r\n",
            Contrast.AS_IS);
    assertThat(store.classes()).containsExactly("a, b", "c");
    assertThat(warnings).isEmpty();
  }

  @Test
  void cellsWithoutALabelAreSaid(@TempDir Path folder) throws IOException {
    read(folder, "ID,Label\nc0,a\nc2,b\nc9,b\n", Contrast.AS_IS);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .startsWith("left out 2 of 4 cells, without a label in ")
        .contains("[c1, c3]");
  }

  @Test
  void eachBadTableHasItsMessage(@TempDir Path folder) {
    Map<String, String> messages =
        Map.of(
            "ID,Label\n\"c0,a\n", "labels.csv: cannot be read: ",
            "ID,Label\nc0\n", "labels.csv:2: 1 column (expected: 2",
            "ID,Label,Image\nc0,a\n", "labels.csv:2: 2 columns (expected: 3",
            "ID,Label\nc0,\n", "labels.csv:2: no label",
            "ID,Label\nc0,a\nc0,b\n", "labels.csv:3: cell c0 is in the table already",
            "ID;Label\nc0;a\n", "separated by commas",
            "ID,Label\nz,a\n", "names none of the 4 images");
    messages.forEach(
        (table, message) ->
            assertThatThrownBy(() -> read(folder, table, Contrast.AS_IS))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(message));
  }

  @Test
  void aCellThatIsNoCellIsLeftOut(@TempDir Path folder) throws IOException {
    ImageFiles.writePlane(Plane.of(1, 60_000), folder.resolve("c9.png"));
    CellStore store = read(folder, "ID,Label\nc0,a\nc9,b\nc1,b\nc2,b\nc3,b\n", Contrast.AS_IS);
    assertThat(store.size()).isEqualTo(4);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("c9.png: 60000x1 pixels (expected: one cell", "help: ");
  }

  @Test
  void twoFilesOfOneCellAreRefused(@TempDir Path folder) throws IOException {
    ImageFiles.writePlane(Plane.of(8, 8), folder.resolve("c1.PNG"));
    assertThatThrownBy(() -> read(folder, "ID,Label\nc0,a\nc1,b\n", Contrast.AS_IS))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("two files for cell c1: c1.PNG, c1.png\nhelp: ");
  }

  @Test
  void aPngMaskLiesBesideAFileOfAnotherEnding(@TempDir Path folder) throws IOException {
    cell(folder, "c0", 0.5f);
    Files.move(folder.resolve("c0.png"), folder.resolve("c0.PNG"));
    float[] pixels = SingleCells.pixels(folder.resolve("c0.PNG"), SIDE, Contrast.AS_IS);
    assertThat(pixels[0]).isZero();
    assertThat(pixels[SIDE]).isPositive();
  }
}
