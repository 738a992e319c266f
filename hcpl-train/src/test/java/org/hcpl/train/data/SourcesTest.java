package org.hcpl.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;
import org.hcpl.models.localise.ClassList;
import org.hcpl.models.localise.Contrast;
import org.hcpl.models.localise.LabelTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where cells to learn from come from; a file that is no good is named and left out. */
class SourcesTest {
  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();

  private static Plane even(int height, int width, float value) {
    Plane plane = Plane.of(height, width);
    Arrays.fill(plane.values(), value);
    return plane;
  }

  private void image(String id, float value) {
    for (Channel channel : Channel.values()) {
      ImageFiles.writePlane(
          even(20, 20, value), folder.resolve(id + "_" + channel.fileName() + ".png"));
    }
  }

  private static LabelTable labels(String... ids) {
    Map<String, List<Integer>> labels = new LinkedHashMap<>();
    for (int i = 0; i < ids.length; i++) {
      labels.put(ids[i], List.of(i, 18));
    }
    return new LabelTable("test", ClassList.HPA_2021, labels);
  }

  /** Two whole cells and one that the border cuts, of 16, 16 and 10 pixels. */
  private static LabelImage cells() {
    LabelImage cells = LabelImage.of(20, 20);
    for (int i = 0; i < 16; i++) {
      cells.labels()[(2 + i / 4) * 20 + 2 + i % 4] = 1;
      cells.labels()[(10 + i / 4) * 20 + 10 + i % 4] = 2;
    }
    for (int i = 0; i < 10; i++) {
      cells.labels()[(5 + i) * 20 + 19] = 3;
    }
    return cells;
  }

  // Images with weak labels

  @Test
  void cellsHaveTheLabelsOfTheirImage() throws IOException {
    image("a", 0.2f);
    image("b", 0.6f);
    Files.delete(folder.resolve("b_red.png"));
    image("c", 1);
    List<String> done = new ArrayList<>();
    CellStore store =
        SegmentedCells.read(
            ImageFolder.channels(folder),
            List.of("a", "b", "c"),
            labels("a", "b", "c"),
            image -> cells(),
            8,
            Contrast.AS_IS,
            20,
            1,
            warnings::add,
            done::add);
    assertThat(done).containsExactly("a", "b", "c");
    assertThat(warnings).singleElement().asString().contains("image b lacks its red channel");
    assertThat(store.images()).containsExactly("a", "c");
    assertThat(store.size()).as("few cells: those at the border, too").isEqualTo(6);
    assertThat(store.target(5)).hasSize(19);
    assertThat(store.target(5)[2] + store.target(5)[18]).isEqualTo(2);
    float[] pixels = new float[store.valuesPerCell()];
    store.read(0, pixels, 0);
    assertThat(pixels[(4 * 8 + 4) * 4]).isEqualTo(51 * (1f / 255));
  }

  @Test
  void noMoreCellsThanAskedForAndTheSameEachTime() {
    image("a", 0.2f);
    List<List<Integer>> numbers = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      CellStore store =
          SegmentedCells.read(
              ImageFolder.channels(folder),
              List.of("a"),
              labels("a"),
              image -> cells(),
              8,
              Contrast.AS_IS,
              2,
              7,
              warnings::add,
              id -> {});
      numbers.add(List.of(store.number(0), store.number(1)));
      assertThat(store.size()).isEqualTo(2);
    }
    assertThat(numbers.get(0)).isEqualTo(numbers.get(1)).isSorted();
  }

  @Test
  void aFaultInOneImageEndsNothing() {
    image("a", 0.2f);
    image("b", 0.2f);
    CellStore store =
        SegmentedCells.read(
            ImageFolder.channels(folder),
            List.of("a", "b"),
            labels("a", "b"),
            image -> {
              if (image.id().equals("a")) {
                throw new ArithmeticException("a fault of the segmenter");
              }
              return cells();
            },
            8,
            Contrast.AS_IS,
            20,
            1,
            warnings::add,
            id -> {});
    assertThat(store.images()).containsExactly("b");
    assertThat(warnings).singleElement().asString().startsWith("a: left out: ").contains("a fault");
  }

  @Test
  void masksMustBeThereAndFit() {
    image("a", 0.2f);
    var image = ImageFolder.channels(folder).read("a");
    var masks = SegmentedCells.fromMasks(folder);
    assertThatThrownBy(() -> masks.apply(image))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("a_cellmask.png: no such file (expected: a label image for each");
    ImageFiles.writeLabels(LabelImage.of(20, 19), folder.resolve("a_cellmask.png"));
    assertThatThrownBy(() -> masks.apply(image))
        .hasMessageContaining("19x20 pixels (expected: 20x20, as image a)");
    ImageFiles.writeLabels(cells(), folder.resolve("a_cellmask.png"));
    assertThat(masks.apply(image).labels()).isEqualTo(cells().labels());
  }

  @Test
  void wholeImagesBecomeOneSquareEach() throws IOException {
    image("a", 0.2f);
    image("b", 0.4f);
    Files.writeString(folder.resolve("a_blue.png"), "no image");
    CellStore store =
        WholeImages.read(
            ImageFolder.channels(folder),
            List.of("a", "b"),
            labels("a", "b"),
            16,
            warnings::add,
            id -> {});
    assertThat(warnings).singleElement().asString().contains("a_blue.png: is neither PNG nor TIFF");
    assertThat(store.images()).containsExactly("b");
    float[] pixels = new float[store.valuesPerCell()];
    store.read(0, pixels, 0);
    assertThat(pixels[(8 * 16 + 8) * 4]).isEqualTo(102 * (1f / 255));
  }

  // One cell a file

  @Test
  void foldersAreClassesAndMasksSayWhatIsCell() throws IOException {
    for (String label : List.of("one", "two")) {
      Path inside = Files.createDirectory(folder.resolve(label));
      ImageFiles.writePlane(even(6, 6, 0.6f), inside.resolve("x.png"));
    }
    Plane mask = Plane.of(6, 6);
    mask.values()[0] = 1;
    ImageFiles.writePlane(mask, folder.resolve("two/x_mask.png"));
    Files.writeString(folder.resolve("two/y.png"), "no image");
    CellStore store = SingleCells.read(folder, null, null, 6, Contrast.AS_IS, warnings::add);
    assertThat(warnings).singleElement().asString().contains("y.png: is neither PNG nor TIFF");
    assertThat(store.classes()).containsExactly("one", "two");
    assertThat(store.images()).containsExactly("one/x", "two/x");
    assertThat(store.target(1)).containsExactly(0, 1);
    float[] pixels = new float[store.valuesPerCell()];
    store.read(1, pixels, 0);
    assertThat(pixels).startsWith(153 * (1f / 255), 0, 0);
  }

  @Test
  void aTableNamesTheClasses() throws IOException {
    ImageFiles.writePlane(even(6, 8, 0.6f), folder.resolve("a.png"));
    Path table = Files.writeString(folder.resolve("t.csv"), "ID,Label\na,speckled\nz,speckled\n");
    List<String> classes = List.of("homogeneous", "speckled");
    CellStore store = SingleCells.read(folder, table, classes, 8, Contrast.AS_IS, warnings::add);
    assertThat(store.target(0)).containsExactly(0, 1);
    Files.writeString(table, "ID,Label\na,striped\n");
    assertThatThrownBy(
            () -> SingleCells.read(folder, table, classes, 8, Contrast.AS_IS, warnings::add))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("unknown class 'striped' (expected one of: [homogeneous, speckled]");
    Files.writeString(table, "Name,Label\na,striped\n");
    assertThatThrownBy(
            () -> SingleCells.read(folder, table, classes, 8, Contrast.AS_IS, warnings::add))
        .hasMessageContaining("t.csv: columns [Name, Label] (expected: ID and Label)");
    Files.writeString(table, "ID,Label\nelsewhere,speckled\n");
    assertThatThrownBy(
            () -> SingleCells.read(folder, table, classes, 8, Contrast.AS_IS, warnings::add))
        .hasMessageContaining("t.csv: names none of the 1 image in");
  }

  @Test
  void foldersWithoutCellsAreErrors() {
    assertThatThrownBy(() -> SingleCells.read(folder, null, null, 8, Contrast.AS_IS, warnings::add))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("no folders with PNG or TIFF files");
  }
}
