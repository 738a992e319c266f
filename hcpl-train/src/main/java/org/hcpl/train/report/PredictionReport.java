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
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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

  /** Images in the list of all; of more, the tables tell. */
  private static final int LISTED = 1000;

  /** Cells this many times smaller or larger than the middle one of their image are of odd size. */
  private static final double ODD_SIZE = 3;

  /** Of fewer cells none is called odd. */
  private static final int ENOUGH_CELLS = 5;

  /** Of 21,806 labelled images of the 2021 contest three have more places than this. */
  private static final int MANY_PLACES = 4;

  private static final String STAINS =
      "Microtubules in red, protein in green, nucleus in blue, endoplasmic reticulum in yellow, each stretched for the eye, so that brightness cannot be compared between images.";

  /** Begins the entry of a model's provenance that says how well it did in training. */
  private static final String VALIDATION = "validation ";

  private final ModelFile.Description model;
  private final int pictures;
  private final int[] withClass;
  private final List<ClearestCells> clearest = new ArrayList<>();
  private final TreeMap<String, ImageSection> images = new TreeMap<>();
  private final TreeMap<String, List<String>> list = new TreeMap<>();
  private boolean whole;
  private int imageCount;
  private int cellCount;
  private int withoutPlace;
  private int cutOff;
  private int odd;
  private int manyPlaces;
  private int doubtful;

  /**
   * A cell and what the network says of it.
   *
   * @param area in pixels
   * @param touchesBorder whether the image's edge cuts it
   * @param probabilities one a class, as the tables have them
   */
  public record Cell(int number, int area, boolean touchesBorder, double[] probabilities) {}

  /** Pictures of one image. */
  public interface ImagePictures {
    /** A cell, {@link #THUMBNAIL} pixels a side. */
    BufferedImage cell(int number);

    /** The image with outlines, or as it is where there are no cells. */
    BufferedImage image();
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
    this.withClass = new int[model.classes().size()];
    for (int c = 0; c < withClass.length; c++) {
      clearest.add(new ClearestCells(EXAMPLES));
    }
  }

  /** The classes whose probability reaches their threshold, the most probable first. */
  public static List<Integer> found(ModelFile.Description model, double[] probabilities) {
    return IntStream.range(0, probabilities.length)
        .filter(c -> probabilities[c] >= model.threshold(c))
        .boxed()
        .sorted((a, b) -> Double.compare(probabilities[b], probabilities[a]))
        .toList();
  }

  /** The places found with their probabilities; where there are none, the most likely one. */
  static String places(ModelFile.Description model, double[] probabilities) {
    List<Integer> found = found(model, probabilities);
    if (!found.isEmpty()) {
      return found.stream()
              .limit(MANY_PLACES)
              .map(c -> model.classes().get(c) + " " + percent(probabilities[c]))
              .collect(Collectors.joining(", "))
          + (found.size() > MANY_PLACES ? " and " + (found.size() - MANY_PLACES) + " more" : "");
    }
    int best =
        IntStream.range(0, probabilities.length)
            .reduce((a, b) -> probabilities[b] > probabilities[a] ? b : a)
            .orElseThrow();
    int decimals = decimalsApart(probabilities[best], model.threshold(best));
    return "none; most likely "
        + model.classes().get(best)
        + " "
        + percent(probabilities[best], decimals)
        + " (threshold "
        + percent(model.threshold(best), decimals)
        + ")";
  }

  static String percent(double share) {
    return percent(share, 0);
  }

  static String percent(double share, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f%%", 100 * share);
  }

  /** With how many decimals two shares look different in percent; as the tables have at most. */
  static int decimalsApart(double one, double other) {
    int decimals = 0;
    while (decimals < 4 && percent(one, decimals).equals(percent(other, decimals))) {
      decimals++;
    }
    return decimals;
  }

  /**
   * Takes in an image with its cells.
   *
   * @param now its pictures, or null to ask for them in {@link #writeTo}
   */
  public void addCells(String id, List<Cell> cells, ImagePictures now) {
    int[] here = new int[withClass.length];
    for (Cell cell : cells) {
      for (int c : found(model, cell.probabilities())) {
        here[c]++;
        clearest.get(c).offer(cell.probabilities()[c], id, cell.number(), now);
      }
    }
    for (int c = 0; c < here.length; c++) {
      withClass[c] += here[c];
    }
    cellCount += cells.size();
    List<String> doubts = doubts(cells);
    String most =
        IntStream.range(0, here.length)
            .boxed()
            .filter(c -> here[c] > 0)
            .sorted((a, b) -> here[b] - here[a])
            .limit(3)
            .map(c -> model.classes().get(c) + " (" + here[c] + ")")
            .collect(Collectors.joining(", "));
    long unsure = doubts.stream().filter(doubt -> !doubt.isEmpty()).count();
    add(
        id,
        List.of(Integer.toString(cells.size()), most, Long.toString(unsure)),
        ImageSection.ofCells(model, id, cells, doubts),
        now);
  }

  /** Takes in an image whose network looks at the whole of it; see {@link #addCells}. */
  public void addImage(String id, double[] probabilities, ImagePictures now) {
    whole = true;
    List<Integer> found = found(model, probabilities);
    found.forEach(c -> withClass[c]++);
    withoutPlace += found.isEmpty() ? 1 : 0;
    add(
        id,
        List.of(places(model, probabilities)),
        ImageSection.ofWhole(model, id, probabilities),
        now);
  }

  /** What speaks against relying on each cell that is whole, empty for nothing. */
  private List<String> doubts(List<Cell> cells) {
    int[] areas =
        cells.stream()
            .filter(cell -> !cell.touchesBorder())
            .mapToInt(Cell::area)
            .sorted()
            .toArray();
    double usual = areas.length < ENOUGH_CELLS ? Double.NaN : areas[areas.length / 2];
    List<String> all = new ArrayList<>();
    for (Cell cell : cells) {
      List<String> doubts = new ArrayList<>();
      int places = found(model, cell.probabilities()).size();
      if (places == 0) {
        withoutPlace++;
        doubts.add("no place reaches its threshold");
      } else if (places > MANY_PLACES) {
        manyPlaces++;
        doubts.add(places + " places, which hardly any protein has");
      }
      boolean small = cell.area() * ODD_SIZE < usual;
      if (cell.touchesBorder()) {
        cutOff++;
      } else if (small || cell.area() > usual * ODD_SIZE) {
        odd++;
        doubts.add("unusually " + (small ? "small" : "large") + ", perhaps outlined wrongly");
      }
      doubtful += doubts.isEmpty() ? 0 : 1;
      all.add(String.join("; ", doubts));
    }
    return all;
  }

  private void add(String id, List<String> line, ImageSection section, ImagePictures now) {
    imageCount++;
    list.put(id, line);
    if (list.size() > LISTED) {
      list.pollLastEntry();
    }
    if (images.size() >= pictures && (pictures < 1 || images.lastKey().compareTo(id) < 0)) {
      return;
    }
    if (now != null) {
      section.draw(now);
    }
    images.put(id, section);
    if (images.size() > pictures) {
      images.pollLastEntry();
    }
  }

  /**
   * Adds the predictions to a page.
   *
   * @param seconds that finding and classifying took
   * @param later pictures of an image that was added without them
   * @param links address of an image's picture in full size, or null
   */
  public void writeTo(
      HtmlReport page,
      double seconds,
      Function<String, ImagePictures> later,
      UnaryOperator<String> links) {
    draw(later);
    Map<String, String> anchors = new LinkedHashMap<>();
    images.keySet().forEach(id -> anchors.put(id, "image" + (anchors.size() + 1)));
    tiles(page, seconds);
    howToRead(page);
    page.heading(whole ? "What the images show" : "Where the protein is");
    page.paragraph(
        "Share of the "
            + (whole ? "images" : "cells")
            + " in which each place is found, and the probability from which on it counts as found. One can have several places, or none.");
    page.bars(shares());
    if (imageCount > 1) {
      list(page, anchors);
    }
    if (!whole && cellCount > 0) {
      clearest(page, anchors, links);
    }
    images(page, anchors, links);
  }

  private void tiles(HtmlReport page, double seconds) {
    Map<String, String> tiles = new LinkedHashMap<>();
    tiles.put(imageCount == 1 ? "image" : "images", Integer.toString(imageCount));
    if (!whole) {
      tiles.put(cellCount == 1 ? "cell" : "cells", Integer.toString(cellCount));
    }
    tiles.put("without a place", Integer.toString(withoutPlace));
    if (!whole) {
      tiles.put("cut off by the border", Integer.toString(cutOff));
      tiles.put("with more than " + MANY_PLACES + " places", Integer.toString(manyPlaces));
      tiles.put("of unusual size", Integer.toString(odd));
    }
    if (cellCount > 0) {
      tiles.put(
          "milliseconds a cell, all steps",
          String.format(Locale.ROOT, "%.0f", 1000 * seconds / cellCount));
    }
    model
        .provenance()
        .forEach(
            (what, value) -> {
              if (what.startsWith(VALIDATION) && value.matches("[01][.][0-9]+")) {
                tiles.put(
                    what.substring(VALIDATION.length())
                        + " on cells kept aside in training; 1 is best",
                    String.format(Locale.ROOT, "%.2f", Double.parseDouble(value)));
              }
            });
    tiles.put("network", model.model());
    page.tiles(tiles);
    if (2 * doubtful > cellCount) {
      page.warning(
          count(doubtful, "cell")
              + " of "
              + cellCount
              + " are doubtful: it seems that this network cannot tell the places apart in these images. Do not rely on it before you have compared it with cells whose places you know.");
    }
  }

  private void howToRead(HtmlReport page) {
    page.paragraph(
        "A percentage beside a place is the probability that the network gives it, each place for itself: they need not add up to 100%. It is no measured rate of success."
            + " A place counts as found in "
            + (whole ? "an image" : "a cell")
            + " where its probability reaches "
            + (model.thresholds().isEmpty()
                ? "50%."
                : "the threshold that was chosen for it in training.")
            + (whole
                ? ""
                : " Look again at doubtful cells: no place is found in them, or more than nearly all proteins have, or their size is unlike that of the others in the image, so that the outline may be wrong. Of cells that the image's border cuts off only a part was seen."));
    List<String> more = new ArrayList<>();
    more.add(
        "Places are those of the Human Protein Atlas. \"Negative\" means that no protein is seen, or only unspecific staining.");
    more.add(
        "Thresholds: "
            + IntStream.range(0, withClass.length)
                .mapToObj(c -> model.classes().get(c) + " " + percent(model.threshold(c)))
                .collect(Collectors.joining(", "))
            + ".");
    more.add(
        "The network: "
            + model.model()
            + model.provenance().entrySet().stream()
                .map(entry -> ", " + entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining())
            + ".");
    more.add(
        whole
            ? "All probabilities, for sorting and filtering, are in images.csv beside this page."
            : "All probabilities, places and sizes, for sorting and filtering, are in cells.csv beside this page; there and in the pictures a cell has the same number, which is its value in the label image <image>_cellmask.png, too.");
    page.folded("More: thresholds, the network, other files", more);
  }

  private List<HtmlReport.Bar> shares() {
    int of = Math.max(1, whole ? imageCount : cellCount);
    List<HtmlReport.Bar> shares = new ArrayList<>();
    IntStream.range(0, withClass.length)
        .boxed()
        .filter(c -> withClass[c] > 0)
        .sorted((a, b) -> withClass[b] - withClass[a])
        .forEach(
            c ->
                shares.add(
                    share(
                        model.classes().get(c),
                        withClass[c],
                        of,
                        "; counts from " + percent(model.threshold(c)))));
    if (withoutPlace > 0) {
      shares.add(share("none of the places", withoutPlace, of, ""));
    }
    return shares;
  }

  private HtmlReport.Bar share(String name, int number, int of, String more) {
    return new HtmlReport.Bar(
        name, (double) number / of, count(number, whole ? "image" : "cell") + more);
  }

  private void list(HtmlReport page, Map<String, String> anchors) {
    page.heading(list.size() < imageCount ? "The first " + list.size() + " images" : "All images");
    StringBuilder html = new StringBuilder("<div class=wide><table><thead><tr><th>image</th>");
    html.append(
        whole
            ? "<th>places found, most probable first</th>"
            : "<th>cells</th><th>places found in most cells</th><th>doubtful cells</th>");
    html.append("</tr></thead><tbody>\n");
    list.forEach(
        (id, line) -> {
          String name = HtmlReport.escape(id);
          html.append("<tr><td class=id>")
              .append(
                  anchors.containsKey(id)
                      ? "<a href=\"#" + anchors.get(id) + "\">" + name + "</a>"
                      : name)
              .append("</td>");
          for (String cell : line) {
            html.append(cell.matches("[0-9]+") ? "<td class=n>" : "<td>")
                .append(HtmlReport.escape(cell))
                .append("</td>");
          }
          html.append("</tr>\n");
        });
    page.raw(html.append("</tbody></table></div>\n").toString());
  }

  private void clearest(HtmlReport page, Map<String, String> anchors, UnaryOperator<String> links) {
    page.heading("The clearest cells of each place");
    page.paragraph(
        "The cells with the highest probability: look here whether the network's idea of a place is yours. Protein in green, nucleus in blue, microtubules in red; the surroundings of the cell are dark. Each channel is stretched for the eye.");
    for (int c = 0; c < clearest.size(); c++) {
      List<ClearestCells.Example> examples = clearest.get(c).sorted();
      if (!examples.isEmpty()) {
        page.smallHeading(model.classes().get(c));
        page.gallery(
            examples.stream()
                .map(
                    each ->
                        new HtmlReport.Thumbnail(
                            each.picture(),
                            caption(each),
                            anchors.containsKey(each.image())
                                ? "#" + anchors.get(each.image())
                                : links.apply(each.image())))
                .toList());
      }
    }
  }

  private void images(HtmlReport page, Map<String, String> anchors, UnaryOperator<String> links) {
    if (images.isEmpty()) {
      return;
    }
    page.heading(
        images.size() < imageCount
            ? "The first " + count(images.size(), "image")
            : "Image by image");
    page.paragraph(
        whole
            ? STAINS
            : STAINS
                + " Cells are outlined in white, those that the border cuts in grey; nuclei are outlined in light blue.");
    if (!whole) {
      page.raw(ImageSection.filter(model, images.values()));
    }
    images.forEach((id, image) -> image.writeTo(page, anchors.get(id), links.apply(id)));
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
          if (image.picture() == null) {
            image.draw(later.apply(id));
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
    // Beginnings are often the same for all, and ends, too.
    return id.length() <= 16 ? id : id.substring(0, 8) + "..." + id.substring(id.length() - 5);
  }
}
