package org.hcpl.train.report;

import static org.hcpl.tensor.io.Words.count;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.hcpl.models.ModelFile;

/**
 * Gathers predictions image by image, in any order and in bounded memory, and makes a page of them
 * that a biologist can look through.
 */
public final class PredictionReport {
  /** Side of the picture of a cell, in pixels. */
  public static final int THUMBNAIL = 150;

  /** Longer side of the picture of an image, in pixels. */
  public static final int PICTURE = 900;

  /** Pictures of a class's clearest cells. */
  private static final int EXAMPLES = 8;

  private final ModelFile.Description model;
  private final int pictures;
  private final int[] cellsWithClass;
  private final List<ClearestCells> clearest = new ArrayList<>();
  private final TreeMap<String, ImagePart> images = new TreeMap<>();
  private int imageCount;
  private int cellCount;

  /**
   * A cell and what the network says of it.
   *
   * @param probabilities one a class, as the tables have them
   */
  public record Cell(int number, double[] probabilities) {}

  /** Pictures of one image. */
  public interface ImagePictures {
    /** A cell, {@link #THUMBNAIL} pixels a side. */
    BufferedImage cell(int number);

    /** The image with outlines, or as it is where there are no cells. */
    BufferedImage image();
  }

  private static final class ImagePart {
    final int cells;
    final Map<String, Double> top;
    BufferedImage picture;

    ImagePart(int cells, Map<String, Double> top) {
      this.cells = cells;
      this.top = top;
    }
  }

  /**
   * An empty report.
   *
   * @param pictures images that are shown in full, the first by their ids; the others count in the
   *     figures
   */
  public PredictionReport(ModelFile.Description model, int pictures) {
    this.model = model;
    this.pictures = pictures;
    this.cellsWithClass = new int[model.classes().size()];
    for (int c = 0; c < cellsWithClass.length; c++) {
      clearest.add(new ClearestCells(EXAMPLES));
    }
  }

  /**
   * Takes in an image with its cells.
   *
   * @param now its pictures, or null to ask for them in {@link #writeTo}
   */
  public void addCells(String id, List<Cell> cells, ImagePictures now) {
    double[] mean = new double[cellsWithClass.length];
    for (Cell cell : cells) {
      for (int c = 0; c < mean.length; c++) {
        double p = cell.probabilities()[c];
        mean[c] += p / cells.size();
        if (p >= model.threshold(c)) {
          cellsWithClass[c]++;
          clearest.get(c).offer(p, id, cell.number(), now);
        }
      }
    }
    cellCount += cells.size();
    add(id, cells.size(), mean, now);
  }

  /** Takes in an image whose network looks at the whole of it; see {@link #addCells}. */
  public void addImage(String id, double[] probabilities, ImagePictures now) {
    for (int c = 0; c < cellsWithClass.length; c++) {
      cellsWithClass[c] += probabilities[c] >= model.threshold(c) ? 1 : 0;
    }
    add(id, 0, probabilities, now);
  }

  private void add(String id, int cells, double[] probabilities, ImagePictures now) {
    imageCount++;
    if (images.size() >= pictures && (pictures < 1 || images.lastKey().compareTo(id) < 0)) {
      return;
    }
    ImagePart part = new ImagePart(cells, top(probabilities, 4));
    part.picture = now == null ? null : Pictures.scaled(now.image(), PICTURE);
    images.put(id, part);
    if (images.size() > pictures) {
      images.pollLastEntry();
    }
  }

  private Map<String, Double> top(double[] values, int count) {
    Map<String, Double> top = new LinkedHashMap<>();
    IntStream.range(0, values.length)
        .boxed()
        .sorted((a, b) -> Double.compare(values[b], values[a]))
        .limit(count)
        .forEach(c -> top.put(model.classes().get(c), values[c]));
    return top;
  }

  /**
   * Adds the predictions to a page.
   *
   * @param seconds that finding and classifying took
   * @param later pictures of an image that was added without them
   */
  public void writeTo(HtmlReport page, double seconds, Function<String, ImagePictures> later) {
    draw(later);
    boolean cells = cellCount > 0;
    Map<String, String> tiles = new LinkedHashMap<>();
    tiles.put("images", Integer.toString(imageCount));
    if (cells) {
      tiles.put("cells", Integer.toString(cellCount));
      tiles.put(
          "milliseconds a cell, all steps",
          String.format(Locale.ROOT, "%.0f", 1000 * seconds / cellCount));
    }
    tiles.put("network", model.model());
    page.tiles(tiles);
    page.heading(cells ? "Where the protein is" : "What the images show");
    page.paragraph(
        cells
            ? "Share of the cells in which each place is found: the probability is at or above the threshold that training chose for it."
            : "Share of the images in which each place is found: the probability is at or above its threshold.");
    Map<String, Double> shares = new LinkedHashMap<>();
    int of = Math.max(1, cells ? cellCount : imageCount);
    IntStream.range(0, cellsWithClass.length)
        .boxed()
        .filter(c -> cellsWithClass[c] > 0)
        .sorted((a, b) -> cellsWithClass[b] - cellsWithClass[a])
        .forEach(c -> shares.put(model.classes().get(c), (double) cellsWithClass[c] / of));
    page.bars(shares);
    if (cells) {
      page.heading("The clearest cells of each place");
      page.paragraph(
          "Protein in green, nucleus in blue, microtubules in red; the surroundings of the cell are dark. Each channel is stretched for the eye.");
      for (int c = 0; c < clearest.size(); c++) {
        List<ClearestCells.Example> examples = clearest.get(c).sorted();
        if (!examples.isEmpty()) {
          page.smallHeading(model.classes().get(c));
          page.gallery(
              examples.stream()
                  .map(each -> new HtmlReport.Thumbnail(each.picture(), caption(each)))
                  .toList());
        }
      }
    }
    page.heading(
        images.size() < imageCount ? "The first " + count(images.size(), "image") : "The images");
    page.paragraph(
        cells
            ? "Microtubules in red, protein in green, nucleus in blue, endoplasmic reticulum in yellow, each stretched for the eye. Cells are outlined in white, those that the border cuts in grey, and have their numbers of cells.csv; nuclei are outlined in light blue."
            : "Microtubules in red, protein in green, nucleus in blue, endoplasmic reticulum in yellow, each stretched for the eye.");
    images.forEach(
        (id, image) -> {
          page.smallHeading(id);
          page.bars(image.top);
          page.picture(
              image.picture,
              cells
                  ? count(image.cells, "cell") + "; above, the mean probabilities over them"
                  : "above, the most likely places");
        });
  }

  /** Draws the pictures that are missing, of one image after the other. */
  private void draw(Function<String, ImagePictures> later) {
    Map<String, List<ClearestCells.Example>> missing = new TreeMap<>();
    for (ClearestCells each : clearest) {
      for (ClearestCells.Example example : each.sorted()) {
        if (example.picture() == null) {
          missing.computeIfAbsent(example.image(), id -> new ArrayList<>()).add(example);
        }
      }
    }
    missing.forEach(
        (id, examples) -> {
          ImagePictures drawn = later.apply(id);
          examples.forEach(example -> example.draw(drawn));
        });
    images.forEach(
        (id, image) -> {
          if (image.picture == null) {
            image.picture = Pictures.scaled(later.apply(id).image(), PICTURE);
          }
        });
  }

  private static String caption(ClearestCells.Example example) {
    return String.format(
        Locale.ROOT,
        "%.0f%%, %s cell %d",
        100 * example.probability(),
        shortened(example.image()),
        example.cell());
  }

  private static String shortened(String id) {
    return id.length() <= 12 ? id : id.substring(0, 8) + "...";
  }
}
