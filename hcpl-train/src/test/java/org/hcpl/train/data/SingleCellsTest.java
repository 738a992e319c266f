package org.hcpl.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
}
