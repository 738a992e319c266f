package org.hcpl.models.localise;

import static org.hcpl.tensor.io.Words.count;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hcpl.models.ModelException;
import org.hcpl.tensor.Tensor;

/**
 * Which cells of a batch belong to which image: the first {@code size(0)} rows are the cells of
 * image 0, the next those of image 1, and so on. Images may have different numbers of cells.
 */
public final class Bags {
  private final int[] sizes;
  private final int[] starts;
  private final int cells;

  private Bags(int[] sizes) {
    this.sizes = sizes.clone();
    this.starts = new int[sizes.length];
    int sum = 0;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] < 1) {
        throw new ModelException(
            "bags: image "
                + i
                + " has "
                + count(sizes[i], "cell")
                + " (expected: >= 1; help: leave images without cells out)");
      }
      starts[i] = sum;
      sum += sizes[i];
    }
    cells = sum;
  }

  /** The number of cells of each image. */
  public static Bags of(int... sizes) {
    return new Bags(sizes);
  }

  /** {@code images} bags of {@code cells} cells each. */
  public static Bags uniform(int images, int cells) {
    int[] sizes = new int[images];
    Arrays.fill(sizes, cells);
    return new Bags(sizes);
  }

  /** The number of images. */
  public int images() {
    return sizes.length;
  }

  /** The number of cells of all images. */
  public int cells() {
    return cells;
  }

  /** The number of cells of an image. */
  public int size(int image) {
    return sizes[image];
  }

  /** The row of the first cell of an image. */
  public int start(int image) {
    return starts[image];
  }

  /** The image of each row. */
  public int[] imageOfCell() {
    int[] images = new int[cells];
    for (int i = 0; i < sizes.length; i++) {
      Arrays.fill(images, starts[i], starts[i] + sizes[i], i);
    }
    return images;
  }

  /**
   * The maximum over the cells of each image, {@code [cells, D] -> [images, D]}; the gradient goes
   * to the first cell with the maximum.
   */
  public Tensor max(Tensor rows) {
    check(rows);
    int width = rows.dim(1);
    if (Arrays.stream(sizes).allMatch(size -> size == sizes[0])) {
      return rows.reshape(sizes.length, sizes[0], width).max(false, 1);
    }
    List<Tensor> maxima = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      maxima.add(rows.slice(0, starts[i], sizes[i]).max(true, 0));
    }
    return Tensor.concat(0, maxima);
  }

  /** Repeats the row of each image for each of its cells, {@code [images, D] -> [cells, D]}. */
  public Tensor spread(Tensor images) {
    if (images.rank() != 2 || images.dim(0) != sizes.length) {
      throw new ModelException(
          "bags: " + images.shape() + " (expected: [" + sizes.length + ", D], a row an image)");
    }
    return images.gather(0, imageOfCell());
  }

  private void check(Tensor rows) {
    if (rows.rank() != 2 || rows.dim(0) != cells) {
      throw new ModelException(
          "bags: descriptors "
              + rows.shape()
              + " for bags of "
              + Arrays.toString(sizes)
              + " cells"
              + " (expected: ["
              + cells
              + ", D])");
    }
  }

  @Override
  public String toString() {
    return "Bags" + Arrays.toString(sizes);
  }
}
