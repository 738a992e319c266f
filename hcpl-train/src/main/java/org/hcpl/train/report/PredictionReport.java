package org.hcpl.train.report;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.hcpl.models.ModelFile;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.localise.Localisation;
import org.hcpl.models.localise.LocalisedCell;

/**
 * Gathers predictions image by image, in bounded memory, and makes a page of them that a biologist
 * can look through.
 */
public final class PredictionReport {
  /** Pictures of a class's clearest cells. */
  private static final int EXAMPLES = 8;

  private static final int THUMBNAIL = 150;
  private static final int OVERLAY = 900;

  private final ModelFile.Description model;
  private final int overlays;
  private final int[] cellsWithClass;
  private final List<PriorityQueue<Example>> examples = new ArrayList<>();
  private final List<ImagePart> images = new ArrayList<>();
  private int imageCount;
  private int cellCount;

  private record Example(double probability, BufferedImage picture, String caption) {}

  private record ImagePart(String id, BufferedImage overlay, int cells, Map<String, Double> top) {}

  /**
   * An empty report.
   *
   * @param overlays images that are shown in full; the others count in the figures
   */
  public PredictionReport(ModelFile.Description model, int overlays) {
    this.model = model;
    this.overlays = overlays;
    this.cellsWithClass = new int[model.classes().size()];
    for (int c = 0; c < cellsWithClass.length; c++) {
      examples.add(new PriorityQueue<>(Comparator.comparingDouble(Example::probability)));
    }
  }

  /**
   * Takes in an image.
   *
   * @param overlay the image with outlines, or as it is where there are no cells
   */
  public void add(HpaImage image, Localisation found, BufferedImage overlay) {
    imageCount++;
    cellCount += found.cells().size();
    double[] sum = new double[cellsWithClass.length];
    for (LocalisedCell cell : found.cells()) {
      for (int c = 0; c < sum.length; c++) {
        double p = cell.probabilities()[c];
        sum[c] += p / found.cells().size();
        if (p >= model.threshold(c)) {
          cellsWithClass[c]++;
          remember(c, p, image, found, cell);
        }
      }
    }
    if (found.cells().isEmpty() && found.image() != null) {
      for (int c = 0; c < sum.length; c++) {
        sum[c] = found.image()[c];
        cellsWithClass[c] += sum[c] >= model.threshold(c) ? 1 : 0;
      }
    }
    if (images.size() < overlays) {
      images.add(
          new ImagePart(
              found.id(), Pictures.scaled(overlay, OVERLAY), found.cells().size(), top(sum, 4)));
    }
  }

  private void remember(int c, double p, HpaImage image, Localisation found, LocalisedCell cell) {
    PriorityQueue<Example> best = examples.get(c);
    if (best.size() == EXAMPLES && best.peek().probability() >= p) {
      return;
    }
    if (best.size() == EXAMPLES) {
      best.poll();
    }
    String caption =
        String.format(
            Locale.ROOT, "%.0f%%, %s cell %d", 100 * p, shortened(found.id()), cell.box().label());
    best.add(
        new Example(p, Pictures.cell(image, found.cellMask(), cell.box(), THUMBNAIL), caption));
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
   */
  public void writeTo(HtmlReport page, double seconds) {
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
      for (int c = 0; c < examples.size(); c++) {
        if (!examples.get(c).isEmpty()) {
          page.smallHeading(model.classes().get(c));
          page.gallery(
              examples.get(c).stream()
                  .sorted(Comparator.comparingDouble(Example::probability).reversed())
                  .map(e -> new HtmlReport.Thumbnail(e.picture(), e.caption()))
                  .toList());
        }
      }
    }
    page.heading(
        images.size() < imageCount ? "The first " + images.size() + " images" : "The images");
    page.paragraph(
        cells
            ? "Microtubules in red, protein in green, nucleus in blue, endoplasmic reticulum in yellow, each stretched for the eye. Cells are outlined in white, those that the border cuts in grey, and have their numbers of cells.csv; nuclei are outlined in light blue."
            : "Microtubules in red, protein in green, nucleus in blue, endoplasmic reticulum in yellow, each stretched for the eye.");
    for (ImagePart image : images) {
      page.smallHeading(image.id());
      page.bars(image.top());
      page.picture(
          image.overlay(),
          cells
              ? image.cells() + " cells; above, the mean probabilities over them"
              : "above, the most likely places");
    }
  }

  private static String shortened(String id) {
    return id.length() <= 12 ? id : id.substring(0, 8) + "...";
  }
}
