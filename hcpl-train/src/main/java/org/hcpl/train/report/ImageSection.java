package org.hcpl.train.report;

import static org.hcpl.tensor.io.Words.count;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.hcpl.models.ModelFile;

/**
 * What a page says of one image: its picture and a table of its cells. Cells can be filtered by
 * place without any script, in browsers that know {@code :has}; elsewhere all are shown.
 */
final class ImageSection {
  /** Places whose shares are shown above the picture. */
  private static final int TOP = 4;

  /** In the attribute of a row by which it is filtered, beside the numbers of places. */
  private static final String DOUBTFUL = "d";

  private static final String WHOLE = "w";

  private final ModelFile.Description model;
  private final String id;
  private final List<PredictionReport.Cell> cells;
  private final List<String> doubts;
  private final double[] probabilities;
  private BufferedImage picture;

  private ImageSection(
      ModelFile.Description model,
      String id,
      List<PredictionReport.Cell> cells,
      List<String> doubts,
      double[] probabilities) {
    this.model = model;
    this.id = id;
    this.cells = cells;
    this.doubts = doubts;
    this.probabilities = probabilities;
  }

  /** Of an image with cells, and what is doubtful of each, empty for nothing. */
  static ImageSection ofCells(
      ModelFile.Description model,
      String id,
      List<PredictionReport.Cell> cells,
      List<String> doubts) {
    return new ImageSection(model, id, List.copyOf(cells), doubts, null);
  }

  /** Of an image that was looked at as a whole. */
  static ImageSection ofWhole(ModelFile.Description model, String id, double[] probabilities) {
    return new ImageSection(model, id, List.of(), List.of(), probabilities);
  }

  /** Null until it is drawn. */
  BufferedImage picture() {
    return picture;
  }

  void draw(PredictionReport.ImagePictures pictures) {
    picture = Pictures.scaled(pictures.image(), PredictionReport.PICTURE);
  }

  /**
   * Adds the image to a page.
   *
   * @param anchor by which the page's links find it
   * @param link to the picture in full size, or null
   */
  void writeTo(HtmlReport page, String anchor, String link) {
    page.raw("<section class=image id=" + anchor + ">\n").smallHeading(id);
    page.bars(probabilities == null ? sharesOfCells() : probabilitiesOfImage());
    page.photograph(
        picture,
        probabilities == null
            ? count(cells.size(), "cell")
                + (link == null ? "" : "; a click opens the picture alone")
            : "",
        link);
    if (!cells.isEmpty()) {
      page.raw(table());
    }
    page.raw("</section>\n");
  }

  private List<HtmlReport.Bar> sharesOfCells() {
    int[] found = new int[model.classes().size()];
    for (PredictionReport.Cell cell : cells) {
      PredictionReport.found(model, cell.probabilities()).forEach(c -> found[c]++);
    }
    return IntStream.range(0, found.length)
        .boxed()
        .filter(c -> found[c] > 0)
        .sorted((a, b) -> found[b] - found[a])
        .limit(TOP)
        .map(
            c ->
                new HtmlReport.Bar(
                    model.classes().get(c),
                    (double) found[c] / cells.size(),
                    "in " + count(found[c], "cell")))
        .toList();
  }

  private List<HtmlReport.Bar> probabilitiesOfImage() {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted((a, b) -> Double.compare(probabilities[b], probabilities[a]))
        .limit(TOP)
        .map(
            c ->
                new HtmlReport.Bar(
                    model.classes().get(c),
                    probabilities[c],
                    probabilities[c] >= model.threshold(c)
                        ? ""
                        : underThreshold(probabilities[c], model.threshold(c))))
        .toList();
  }

  private static String underThreshold(double probability, double threshold) {
    int decimals = PredictionReport.decimalsApart(probability, threshold);
    return (decimals > 0 ? PredictionReport.percent(probability, decimals) + ", " : "")
        + "under its threshold of "
        + PredictionReport.percent(threshold, decimals);
  }

  private String table() {
    StringBuilder html = new StringBuilder();
    html.append("<table class=cells><thead><tr><th>cell</th><th>places found, most probable first")
        .append("</th><th>remarks</th></tr></thead><tbody>\n");
    for (int i = 0; i < cells.size(); i++) {
      PredictionReport.Cell cell = cells.get(i);
      List<Integer> found = PredictionReport.found(model, cell.probabilities());
      List<String> tags = new ArrayList<>(found.stream().map(String::valueOf).toList());
      List<String> remarks = new ArrayList<>();
      if (!doubts.get(i).isEmpty()) {
        tags.add(DOUBTFUL);
        remarks.add(doubts.get(i));
      }
      if (cell.touchesBorder()) {
        remarks.add("cut off by the border");
      } else {
        tags.add(WHOLE);
      }
      html.append("<tr data-f=\"")
          .append(String.join(" ", tags))
          .append("\"><td class=n>")
          .append(cell.number())
          .append("</td><td>")
          .append(HtmlReport.escape(PredictionReport.places(model, cell.probabilities())))
          .append("</td><td class=soft>")
          .append(HtmlReport.escape(String.join("; ", remarks)))
          .append("</td></tr>\n");
    }
    return html.append("</tbody></table>\n").toString();
  }

  /** The choice of cells to show, for the sections that follow it. */
  static String filter(ModelFile.Description model, Collection<ImageSection> sections) {
    TreeSet<Integer> found = new TreeSet<>();
    boolean doubtful = false;
    boolean cutOff = false;
    for (ImageSection section : sections) {
      for (PredictionReport.Cell cell : section.cells) {
        found.addAll(PredictionReport.found(model, cell.probabilities()));
      }
      cutOff |= section.cells.stream().anyMatch(PredictionReport.Cell::touchesBorder);
      doubtful |= section.doubts.stream().anyMatch(doubt -> !doubt.isEmpty());
    }
    Map<String, String> choices = new LinkedHashMap<>();
    found.forEach(c -> choices.put(String.valueOf(c), model.classes().get(c)));
    if (doubtful) {
      choices.put(DOUBTFUL, "doubtful ones");
    }
    if (cutOff) {
      choices.put(WHOLE, "whole ones, not cut off by the border");
    }
    StringBuilder html = new StringBuilder("<style>\n");
    for (String tag : choices.keySet()) {
      String chosen = "main:has(#f" + tag + ":checked) ";
      String fits = "[data-f~=\"" + tag + "\"]";
      html.append(chosen)
          .append(".cells tr[data-f]:not(")
          .append(fits)
          .append("),")
          .append(chosen)
          .append(".image:not(:has(")
          .append(fits)
          .append(")){display:none}\n");
    }
    html.append("</style>\n<fieldset class=filter><legend>Show cells</legend>");
    html.append("<label><input type=radio name=f checked>all</label>");
    choices.forEach(
        (tag, name) ->
            html.append("<label><input type=radio name=f id=f")
                .append(tag)
                .append('>')
                .append(HtmlReport.escape(name))
                .append("</label>"));
    return html.append("</fieldset>\n").toString();
  }
}
