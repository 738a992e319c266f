package org.hcpl.train.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Prefetch;
import org.hcpl.models.localise.CellBox;
import org.hcpl.models.localise.CellCrops;
import org.hcpl.models.localise.Contrast;
import org.hcpl.models.localise.LabelTable;
import org.hcpl.tensor.Rng;

/**
 * The cells of a folder of images, each with the labels of its image: the weak labels that training
 * begins with.
 */
public final class SegmentedCells {
  /** Cells that the border cuts are used only where fewer whole ones than this were found. */
  private static final int FEW = 4;

  private SegmentedCells() {}

  /** The cells of one image: crops and their numbers, or why there are none. */
  private record Found(String id, List<float[]> crops, List<Integer> numbers, String problem) {}

  /**
   * Reads images, finds their cells and cuts them out, several images at a time.
   *
   * @param folder of images with four channels
   * @param ids which of them
   * @param labels the labels of each
   * @param segmenter image to cell label image
   * @param side of the crops in pixels
   * @param mostPerImage cells kept of an image; a random choice of more
   * @param seed of that choice
   * @param warn gets a line for each image that gives no cells, with the reason
   * @param progress told the id after each image
   */
  public static CellStore read(
      ImageFolder folder,
      List<String> ids,
      LabelTable labels,
      Function<HpaImage, LabelImage> segmenter,
      int side,
      Contrast contrast,
      int mostPerImage,
      long seed,
      Consumer<String> warn,
      Consumer<String> progress) {
    CellStore store = new CellStore(side, 4, labels.classes().names(), contrast);
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    try (Stream<Found> found =
        Prefetch.<String, Found>ordered(
            ids,
            id -> cells(folder, id, segmenter, side, contrast, mostPerImage, seed),
            2 * threads,
            threads)) {
      found.forEach(
          image -> {
            if (image.problem() != null) {
              warn.accept(image.problem());
            }
            float[] target = labels.classes().multiHot(labels.of(image.id()));
            for (int i = 0; i < image.crops().size(); i++) {
              store.add(image.id(), image.numbers().get(i), image.crops().get(i), target.clone());
            }
            progress.accept(image.id());
          });
    }
    return store;
  }

  private static Found cells(
      ImageFolder folder,
      String id,
      Function<HpaImage, LabelImage> segmenter,
      int side,
      Contrast contrast,
      int most,
      long seed) {
    try {
      HpaImage image = folder.read(id);
      LabelImage cells = segmenter.apply(image);
      List<CellBox> boxes = CellBox.of(cells);
      List<CellBox> whole = boxes.stream().filter(box -> !box.touchesBorder()).toList();
      List<CellBox> use = choose(whole.size() >= FEW ? whole : boxes, most, Rng.of(seed).split(id));
      List<float[]> crops = new ArrayList<>();
      List<Integer> numbers = new ArrayList<>();
      for (CellBox box : use) {
        float[] crop = CellCrops.cut(image.planes(), cells, box, side);
        contrast.apply(crop, 0, side * side, 4);
        crops.add(crop);
        numbers.add(box.label());
      }
      return new Found(
          id, crops, numbers, crops.isEmpty() ? id + ": no cell found; left out" : null);
    } catch (ImageException e) {
      return new Found(id, List.of(), List.of(), e.getMessage());
    } catch (RuntimeException | OutOfMemoryError e) {
      // One image never ends the reading of many.
      return new Found(id, List.of(), List.of(), id + ": left out: " + e);
    }
  }

  private static List<CellBox> choose(List<CellBox> boxes, int most, Rng rng) {
    if (boxes.size() <= most) {
      return boxes;
    }
    int[] order = rng.permutation(boxes.size());
    List<CellBox> chosen = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      chosen.add(boxes.get(order[i]));
    }
    chosen.sort((a, b) -> Integer.compare(a.label(), b.label()));
    return chosen;
  }

  /** Cells from {@code <id>_cellmask.png} in a folder, for images that somebody has segmented. */
  public static Function<HpaImage, LabelImage> fromMasks(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new ImageException(
          folder
              + (Files.exists(folder) ? ": is a file" : ": does not exist")
              + " (expected: a folder of label images, <id>_cellmask.png)");
    }
    return image -> {
      Path file = folder.resolve(image.id() + "_cellmask.png");
      if (!Files.exists(file)) {
        throw new ImageException(file + ": no such file (expected: a label image for each image)");
      }
      LabelImage cells = ImageFiles.readLabels(file);
      if (cells.height() != image.height() || cells.width() != image.width()) {
        throw new ImageException(
            file
                + ": "
                + cells.dimensions()
                + " pixels (expected: "
                + image.dimensions()
                + ", as image "
                + image.id()
                + ")");
      }
      return cells;
    };
  }
}
