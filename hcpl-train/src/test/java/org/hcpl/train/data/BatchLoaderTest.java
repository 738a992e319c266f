package org.hcpl.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.hcpl.models.image.ImageException;
import org.hcpl.tensor.Rng;
import org.junit.jupiter.api.Test;

class BatchLoaderTest {
  private static final int SIDE = 4;

  /** Images of 1, 2, 3, ... cells; every pixel of a cell is its place in the store. */
  private static CellStore cells(int images) {
    CellStore store = new CellStore(SIDE, 1, List.of("even", "odd"));
    for (int image = 0; image < images; image++) {
      for (int cell = 1; cell <= image + 1; cell++) {
        float[] pixels = new float[SIDE * SIDE];
        Arrays.fill(pixels, store.size() / 255f);
        store.add("image" + image, cell, pixels, new float[] {(image + 1) % 2, image % 2});
      }
    }
    return store;
  }

  private static List<Batch> all(BatchLoader loader) {
    List<Batch> batches = new ArrayList<>();
    try (loader) {
      loader.forEachRemaining(batches::add);
    }
    return batches;
  }

  private static int[] places(Batch batch) {
    return IntStream.range(0, batch.size())
        .map(i -> Math.round(255 * batch.pixels()[i * SIDE * SIDE]))
        .toArray();
  }

  @Test
  void anEpochSeesEveryCellOnceInAnotherOrderEachTime() {
    CellStore cells = cells(5);
    List<int[]> orders = new ArrayList<>();
    for (int epoch = 0; epoch < 2; epoch++) {
      List<Batch> batches =
          all(BatchLoader.cells(cells, 4, Augmentation.NONE, Rng.of(1).split(epoch), 0));
      assertThat(batches).extracting(Batch::size).containsExactly(4, 4, 4, 3);
      orders.add(batches.stream().flatMapToInt(b -> Arrays.stream(places(b))).toArray());
      assertThat(orders.get(epoch)).hasSize(15).doesNotHaveDuplicates();
    }
    assertThat(orders.get(0)).isNotEqualTo(orders.get(1));
  }

  @Test
  void aLastCellThatWouldBeAloneJoinsTheBatchBefore() {
    CellStore cells = cells(4);
    assertThat(all(BatchLoader.cells(cells, 3, Augmentation.NONE, Rng.of(1), 0)))
        .extracting(Batch::size)
        .containsExactly(3, 3, 4);
    assertThat(all(BatchLoader.cells(cells, 1, Augmentation.NONE, Rng.of(1), 0))).hasSize(10);
  }

  @Test
  void aLastImageOfOneCellJoinsTheBatchBefore() {
    CellStore single = cells(5).subset(image -> image == 0);
    for (int image = 1; image < 5; image++) {
      single.add("single" + image, 1, new float[SIDE * SIDE], new float[] {1, 0});
    }
    assertThat(all(BatchLoader.bags(single, 2, 4, Augmentation.NONE, Rng.of(1), 0)))
        .extracting(Batch::size)
        .containsExactly(2, 3);
    assertThat(all(BatchLoader.bags(single, 1, 4, Augmentation.NONE, Rng.of(1), 0))).hasSize(5);
  }

  @Test
  void targetsBelongToTheirCells() {
    CellStore cells = cells(5);
    for (Batch batch : all(BatchLoader.cells(cells, 4, Augmentation.NONE, Rng.of(2), 0))) {
      int[] places = places(batch);
      for (int i = 0; i < places.length; i++) {
        assertThat(Arrays.copyOfRange(batch.targets(), 2 * i, 2 * i + 2))
            .containsExactly(cells.target(places[i]));
      }
    }
  }

  /** What lets a killed training go on inside of an epoch. */
  @Test
  void anEpochThatGoesOnGivesTheSameBatches() {
    CellStore cells = cells(6);
    for (boolean bags : new boolean[] {false, true}) {
      List<Batch> whole = all(loader(cells, bags, 0));
      List<Batch> rest = all(loader(cells, bags, 2));
      assertThat(rest).hasSize(whole.size() - 2).isNotEmpty();
      for (int i = 0; i < rest.size(); i++) {
        assertThat(rest.get(i).pixels()).containsExactly(whole.get(i + 2).pixels());
        assertThat(rest.get(i).bag()).containsExactly(whole.get(i + 2).bag());
      }
    }
  }

  private static BatchLoader loader(CellStore cells, boolean bags, int from) {
    return bags
        ? BatchLoader.bags(cells, 2, 3, Augmentation.STANDARD, Rng.of(3), from)
        : BatchLoader.cells(cells, 4, Augmentation.STANDARD, Rng.of(3), from);
  }

  @Test
  void bagsHoldSomeCellsOfEachImage() {
    CellStore cells = cells(6);
    TreeMap<Integer, Integer> seen = new TreeMap<>();
    for (Batch batch : all(BatchLoader.bags(cells, 4, 3, Augmentation.NONE, Rng.of(4), 0))) {
      int[] places = places(batch);
      for (int i = 0; i < places.length; i++) {
        assertThat(cells.image(places[i]))
            .isEqualTo(cells.image(places[Arrays.binarySearch(batch.bag(), batch.bag()[i])]));
        seen.merge(cells.image(places[i]), 1, Integer::sum);
      }
      assertThat(batch.bagTargets()).hasSize(2 * batch.bags());
      for (int i = 0; i < places.length; i++) {
        assertThat(batch.bagTargets()[2 * batch.bag()[i]]).isEqualTo(cells.target(places[i])[0]);
      }
    }
    assertThat(seen).containsEntry(0, 1).containsEntry(1, 2).containsEntry(5, 3).hasSize(6);
  }

  @Test
  void afterTheLastBatchThereIsNone() {
    try (BatchLoader loader = BatchLoader.cells(cells(1), 4, Augmentation.NONE, Rng.of(1), 0)) {
      loader.next();
      assertThat(loader.hasNext()).isFalse();
      assertThatThrownBy(loader::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  // The store

  @Test
  void aStoreKeepsEightBitsAndItsImagesTogether() {
    CellStore store = cells(4);
    assertThat(store.size()).isEqualTo(10);
    assertThat(store.bags()).extracting(bag -> bag.length).containsExactly(1, 2, 3, 4);
    assertThatThrownBy(() -> store.add("image1", 3, new float[SIDE * SIDE], two()))
        .isInstanceOf(ImageException.class)
        .hasMessage(
            "image1: a cell of this image comes after those of image image3"
                + " (expected: the cells of an image one after the other)");
    CellStore odd = store.subset(image -> image % 2 == 1);
    assertThat(odd.images()).containsExactly("image1", "image3");
    assertThat(odd.bags()).extracting(bag -> bag.length).containsExactly(2, 4);
    assertThat(odd.number(1)).isEqualTo(2);
    assertThat(odd.frequencies()[0]).isZero();
    assertThat(odd.frequencies()[1]).isCloseTo(1, offset(1e-6));
    float[] pixels = new float[SIDE * SIDE];
    store.add("last", 1, new float[] {-1, 2, 0.5f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, two());
    store.read(10, pixels, 0);
    assertThat(pixels).startsWith(0, 1, 128 * (1f / 255), 0);
  }

  private static float[] two() {
    return new float[] {0, 1};
  }

  @Test
  void aChecksumTellsPixelsAndTargetsApart() {
    assertThat(cells(3).checksum()).isEqualTo(cells(3).checksum());
    CellStore other = cells(3);
    other.setTarget(2, new float[] {0.5f, 1});
    assertThat(other.checksum()).isNotEqualTo(cells(3).checksum());
    assertThat(cells(2).checksum()).isNotEqualTo(cells(3).checksum());
  }

  @Test
  void cellsOfAnotherSizeAreRefused() {
    assertThatThrownBy(() -> cells(1).add("x", 7, new float[3], two()))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("x: cell 7 has 3 values and 2 targets (expected: 16 and 2)");
  }
}
