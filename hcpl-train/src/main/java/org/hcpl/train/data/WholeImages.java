package org.hcpl.train.data;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.image.Prefetch;
import org.hcpl.models.localise.CellCrops;
import org.hcpl.models.localise.LabelTable;

/**
 * Whole images, scaled to one size, with their labels: for networks that look at images, not at
 * cells.
 */
public final class WholeImages {
  private WholeImages() {}

  private record Loaded(String id, float[] values, String problem) {}

  /**
   * Reads images, several at a time; a whole image takes the place of a cell in the store.
   *
   * @param side of the squares in pixels
   * @param warn gets a line for each image that cannot be read
   * @param progress told the id after each image
   */
  public static CellStore read(
      ImageFolder folder,
      List<String> ids,
      LabelTable labels,
      int side,
      Consumer<String> warn,
      Consumer<String> progress) {
    CellStore store = new CellStore(side, 4, labels.classes().names());
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    try (Stream<Loaded> loaded =
        Prefetch.<String, Loaded>ordered(ids, id -> load(folder, id, side), 2 * threads, threads)) {
      loaded.forEach(
          image -> {
            if (image.problem() != null) {
              warn.accept(image.problem());
            } else {
              store.add(
                  image.id(), 0, image.values(), labels.classes().multiHot(labels.of(image.id())));
            }
            progress.accept(image.id());
          });
    }
    return store;
  }

  private static Loaded load(ImageFolder folder, String id, int side) {
    try {
      return new Loaded(id, CellCrops.whole(folder.read(id).planes(), side), null);
    } catch (ImageException e) {
      return new Loaded(id, null, e.getMessage());
    } catch (RuntimeException | OutOfMemoryError e) {
      // One image never ends the reading of many.
      return new Loaded(id, null, id + ": left out: " + e);
    }
  }
}
