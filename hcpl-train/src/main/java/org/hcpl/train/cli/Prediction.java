package org.hcpl.train.cli;

import java.awt.image.BufferedImage;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVRecord;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.localise.Localisation;
import org.hcpl.models.localise.Localiser;
import org.hcpl.models.segment.Overlay;
import org.hcpl.models.segment.Segmentation;
import org.hcpl.train.Predictions;
import org.hcpl.train.metric.Submission;
import org.hcpl.train.report.HtmlReport;
import org.hcpl.train.report.PredictionReport;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Localises in a folder of images: tables, pictures, a report. What the report says is taken from
 * the tables, so that it is the same whether an image was done now or in a run before.
 */
final class Prediction {
  private static final List<String> IMAGE_COLUMNS = List.of("image");

  /** Behind a cell's probabilities. */
  private static final List<String> SUMMARY_COLUMNS = List.of("most_likely", "places");

  private final CommandSpec spec;
  private final Localiser localiser;
  private final ImageFolder folder;
  private final Path out;
  private final Map<String, String> settings;
  private final boolean whole;
  private final List<String> columns;
  private final ResultFiles files;

  /** What a prediction came to; {@code takenUp} of the images had been done before. */
  record Summary(int images, int takenUp, int cells, double seconds, List<String> problems) {}

  /** Something to put on the page before the predictions. */
  interface Introduction {
    void writeTo(HtmlReport page);
  }

  /**
   * A prediction.
   *
   * @param masks where cells are given, or null
   * @param settings all that results depend on beside the images
   */
  Prediction(
      CommandSpec spec,
      Localiser localiser,
      ImageFolder folder,
      Path masks,
      Path out,
      Map<String, String> settings) {
    this.spec = spec;
    this.localiser = localiser;
    this.folder = folder;
    this.out = out;
    this.settings = settings;
    this.whole = localiser.wholeImages();
    this.columns = whole ? IMAGE_COLUMNS : ObjectColumns.header("cell");
    this.files = new ResultFiles(folder, masks, out, whole ? List.of() : ResultFiles.CELLS);
  }

  /**
   * Does the images that are not done, or all.
   *
   * @param reportImages images that the report shows in full
   * @param introduction of the report, or null
   */
  Summary run(boolean restart, int reportImages, Introduction introduction) {
    long start = System.nanoTime();
    PredictionReport report = new PredictionReport(localiser.description(), reportImages);
    List<Object> header = new ArrayList<>(columns);
    header.addAll(localiser.description().classes());
    if (!whole) {
      header.addAll(SUMMARY_COLUMNS);
    }
    Table table =
        new Table(out.resolve(whole ? "images.csv" : "cells.csv"), Table.text(List.of(header)));
    List<Table> tables =
        whole
            ? List.of(table)
            : List.of(table, new Table(out.resolve("submission.csv"), Submission.header() + "\n"));
    int[] cells = new int[1];
    List<String> problems;
    int takenUp;
    double secondsOfAll;
    try (BatchProgress progress =
        BatchProgress.open(
            out.resolve("predict.progress"),
            settings,
            restart,
            files,
            tables,
            text -> Outputs.complain(spec, text))) {
      takenUp = progress.done().size();
      for (String id : progress.done()) {
        cells[0] += report(id, progress.rows(id, table), report, null);
      }
      problems =
          ImageBatch.run(
              spec,
              "localising",
              folder,
              progress,
              image -> {
                Localisation found = localiser.localise(image);
                List<String> rows;
                ReportPictures pictures;
                if (whole) {
                  rows = List.of(imageRow(found));
                  pictures = ReportPictures.ofWhole(() -> image);
                } else {
                  Segmentation shapes =
                      Segmentation.of(found.cellMask(), found.nucleusMask(), Double.NaN);
                  rows = cellRows(image, found, shapes);
                  pictures = ReportPictures.ofCells(image, shapes.cells(), write(image, shapes));
                }
                cells[0] += report(image.id(), Table.rows(rows.get(0)), report, pictures);
                return rows;
              });
      secondsOfAll = progress.seconds();
    }
    HtmlReport page = new HtmlReport("Protein localisation");
    if (introduction != null) {
      introduction.writeTo(page);
    }
    report.writeTo(
        page,
        secondsOfAll,
        id ->
            whole
                ? ReportPictures.ofWhole(() -> folder.read(id))
                : ReportPictures.ofCells(folder, id, out),
        id -> whole ? null : address(ResultFiles.file(out, id, "overlay")));
    if (!problems.isEmpty()) {
      page.heading("Images that failed");
      problems.forEach(page::paragraph);
    }
    page.write(out.resolve("report.html"));
    int done = folder.ids().size() - problems.size();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Summary(done, takenUp, cells[0], seconds, problems);
  }

  /** Tells the report what an image's rows say; the number of its cells. */
  private int report(
      String id,
      List<CSVRecord> rows,
      PredictionReport report,
      PredictionReport.ImagePictures pictures) {
    if (whole) {
      report.addImage(id, probabilities(rows.get(0)), pictures);
      return 0;
    }
    report.addCells(
        id,
        rows.stream()
            .map(
                row ->
                    new PredictionReport.Cell(
                        ObjectColumns.number(row),
                        ObjectColumns.area(row),
                        ObjectColumns.touchesBorder(row),
                        probabilities(row)))
            .toList(),
        pictures);
    return rows.size();
  }

  private double[] probabilities(CSVRecord row) {
    return IntStream.range(
            columns.size(), columns.size() + localiser.description().classes().size())
        .mapToDouble(column -> Double.parseDouble(row.get(column)))
        .toArray();
  }

  private String imageRow(Localisation found) {
    List<Object> row = new ArrayList<>(List.of(found.id()));
    addProbabilities(row, found.image());
    return Table.text(List.of(row));
  }

  private List<String> cellRows(HpaImage image, Localisation found, Segmentation shapes) {
    String line = Submission.line(Predictions.instances(found));
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < found.cells().size(); i++) {
      // Cells and shapes are of the same label image, both by rising number.
      List<Object> row = new ArrayList<>(ObjectColumns.row(image, shapes.facts().get(i)));
      addSummary(row, addProbabilities(row, found.cells().get(i).probabilities()));
      rows.add(row);
    }
    return List.of(Table.text(rows), line);
  }

  /** Adds probabilities, and returns them as they are written. */
  private static double[] addProbabilities(List<Object> row, float[] probabilities) {
    double[] written = new double[probabilities.length];
    for (int c = 0; c < written.length; c++) {
      String text = String.format(Locale.ROOT, "%.6f", probabilities[c]);
      row.add(text);
      written[c] = Double.parseDouble(text);
    }
    return written;
  }

  /** Adds the class with the largest probability, and those that reach their threshold. */
  private void addSummary(List<Object> row, double[] probabilities) {
    int best = 0;
    for (int c = 1; c < probabilities.length; c++) {
      best = probabilities[c] > probabilities[best] ? c : best;
    }
    List<String> classes = localiser.description().classes();
    row.add(classes.get(best));
    row.add(
        PredictionReport.found(localiser.description(), probabilities).stream()
            .map(classes::get)
            .collect(Collectors.joining("|")));
  }

  /** A file beside the page, as an address in it. */
  private static String address(Path file) {
    String name = file.getFileName().toString();
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Writes the files of an image; its overlay. */
  private BufferedImage write(HpaImage image, Segmentation shapes) {
    String id = image.id();
    ImageFiles.writeLabels(shapes.cells(), ResultFiles.file(out, id, "cellmask"));
    // Where the cells were given, nobody looked for nuclei.
    if (shapes.nuclei().max() > 0 || shapes.nucleiOnly()) {
      ImageFiles.writeLabels(shapes.nuclei(), ResultFiles.file(out, id, "nucleimask"));
    }
    BufferedImage overlay =
        Overlay.render(image, shapes, Overlay.Options.DEFAULT.withNumbers(true));
    ImageFiles.writePng(overlay, ResultFiles.file(out, id, "overlay"));
    return overlay;
  }
}
