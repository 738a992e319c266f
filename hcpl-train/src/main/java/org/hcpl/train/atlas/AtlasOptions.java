package org.hcpl.train.atlas;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.hcpl.models.localise.ClassList;

/**
 * What a {@link SyntheticAtlas} is made of. Equal options make equal atlases, bit for bit.
 *
 * @param images how many
 * @param size height and width in pixels
 * @param minCells fewest cells that are aimed at in an image
 * @param maxCells most cells; there are fewer where no room is left
 * @param classes labels of {@link ClassList#HPA_2021} that occur, sorted
 * @param maxLabels most patterns of one image
 * @param moreLabels probability of each further pattern after the first
 * @param absence share of the cells in which one of their image's patterns is absent
 * @param imbalance how uneven the classes are: weights are the 2021 contest's class frequencies to
 *     this power; 0 all equally often, 1 as uneven as there
 * @param noise strength of photon and read noise; 0 none, 1 that of a good confocal image
 * @param blurPixels standard deviation of the microscope's blur
 * @param pixelSizeMicrometres edge of a pixel; 0.32 is a contest image shown at 512 pixels. Smaller
 *     pixels make larger cells
 * @param seed of all that is random
 */
public record AtlasOptions(
    int images,
    int size,
    int minCells,
    int maxCells,
    List<Integer> classes,
    int maxLabels,
    double moreLabels,
    double absence,
    double imbalance,
    double noise,
    double blurPixels,
    double pixelSizeMicrometres,
    long seed) {
  public AtlasOptions {
    require(images >= 1 && images <= 1_000_000, "images", images, "1 to 1000000");
    require(size >= 64 && size <= 4096, "size", size, "64 to 4096 pixels");
    require(minCells >= 1 && minCells <= maxCells, "minCells", minCells, "1 to maxCells");
    require(maxCells <= 1000, "maxCells", maxCells, "at most 1000");
    classes = List.copyOf(new TreeSet<>(classes));
    require(!classes.isEmpty(), "classes", classes, "at least one label");
    for (int label : classes) {
      require(label >= 0 && label < ClassList.HPA_2021.size(), "class", label, "0 to 18");
    }
    require(maxLabels >= 1, "maxLabels", maxLabels, "at least 1");
    require(moreLabels >= 0 && moreLabels <= 1, "moreLabels", moreLabels, "0 to 1");
    require(absence >= 0 && absence <= 1, "absence", absence, "0 to 1");
    require(imbalance >= 0 && imbalance <= 2, "imbalance", imbalance, "0 to 2");
    require(noise >= 0 && noise <= 10, "noise", noise, "0 to 10");
    require(blurPixels >= 0 && blurPixels <= 20, "blurPixels", blurPixels, "0 to 20");
    require(
        pixelSizeMicrometres >= 0.05 && pixelSizeMicrometres <= 2,
        "pixelSizeMicrometres",
        pixelSizeMicrometres,
        "0.05 to 2");
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new AtlasException(
          "synthetic atlas: " + name + " is " + value + " (expected: " + expected + ")");
    }
  }

  /** Images of 512 x 512 pixels with 8 to 16 cells, all 19 classes equally often. */
  public static AtlasOptions of(int images, long seed) {
    List<Integer> all = IntStream.range(0, ClassList.HPA_2021.size()).boxed().toList();
    return new AtlasOptions(images, 512, 8, 16, all, 3, 0.35, 0.15, 0, 1, 0.7, 0.32, seed);
  }

  /**
   * The same with other images' size and, so that cells stay as dense, the number of cells scaled
   * by the area.
   */
  public AtlasOptions withSize(int pixels) {
    double area = (double) pixels * pixels / ((double) size * size);
    int least = (int) Math.max(1, Math.round(minCells * area));
    return new AtlasOptions(
        images,
        pixels,
        least,
        (int) Math.max(least, Math.round(maxCells * area)),
        classes,
        maxLabels,
        moreLabels,
        absence,
        imbalance,
        noise,
        blurPixels,
        pixelSizeMicrometres,
        seed);
  }

  public AtlasOptions withCells(int least, int most) {
    return new AtlasOptions(
        images,
        size,
        least,
        most,
        classes,
        maxLabels,
        moreLabels,
        absence,
        imbalance,
        noise,
        blurPixels,
        pixelSizeMicrometres,
        seed);
  }

  public AtlasOptions withClasses(List<Integer> labels) {
    return new AtlasOptions(
        images,
        size,
        minCells,
        maxCells,
        labels,
        maxLabels,
        moreLabels,
        absence,
        imbalance,
        noise,
        blurPixels,
        pixelSizeMicrometres,
        seed);
  }

  /** How many patterns an image has: at most so many, each after the first with a probability. */
  public AtlasOptions withLabels(int most, double more) {
    return new AtlasOptions(
        images,
        size,
        minCells,
        maxCells,
        classes,
        most,
        more,
        absence,
        imbalance,
        noise,
        blurPixels,
        pixelSizeMicrometres,
        seed);
  }

  public AtlasOptions withAbsence(double share) {
    return new AtlasOptions(
        images,
        size,
        minCells,
        maxCells,
        classes,
        maxLabels,
        moreLabels,
        share,
        imbalance,
        noise,
        blurPixels,
        pixelSizeMicrometres,
        seed);
  }

  public AtlasOptions withImbalance(double power) {
    return new AtlasOptions(
        images,
        size,
        minCells,
        maxCells,
        classes,
        maxLabels,
        moreLabels,
        absence,
        power,
        noise,
        blurPixels,
        pixelSizeMicrometres,
        seed);
  }

  public AtlasOptions withNoise(double strength) {
    return new AtlasOptions(
        images,
        size,
        minCells,
        maxCells,
        classes,
        maxLabels,
        moreLabels,
        absence,
        imbalance,
        strength,
        blurPixels,
        pixelSizeMicrometres,
        seed);
  }

  public AtlasOptions withBlur(double sigmaPixels) {
    return new AtlasOptions(
        images,
        size,
        minCells,
        maxCells,
        classes,
        maxLabels,
        moreLabels,
        absence,
        imbalance,
        noise,
        sigmaPixels,
        pixelSizeMicrometres,
        seed);
  }

  public AtlasOptions withPixelSize(double micrometres) {
    return new AtlasOptions(
        images,
        size,
        minCells,
        maxCells,
        classes,
        maxLabels,
        moreLabels,
        absence,
        imbalance,
        noise,
        blurPixels,
        micrometres,
        seed);
  }
}
