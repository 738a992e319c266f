package org.hcpl.train.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.localise.CellBox;
import org.hcpl.models.localise.Dsa;
import org.hcpl.models.localise.Localisation;
import org.hcpl.models.localise.LocalisedCell;
import org.hcpl.models.localise.Localiser;
import org.hcpl.models.segment.Overlay;
import org.hcpl.models.segment.Segmentation;
import org.hcpl.train.Predictions;
import org.hcpl.train.RunRecord;
import org.hcpl.train.data.SegmentedCells;
import org.hcpl.train.metric.Submission;
import org.hcpl.train.report.HtmlReport;
import org.hcpl.train.report.PredictionReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Localises proteins with a trained network. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    sortSynopsis = false,
    header = "Finds the cells of images and says for each where its protein is.",
    description = {
      "",
      "Writes cells.csv (a row a cell), submission.csv (contest form), label images, overlays, report.html and run.json;"
          + " with a network that looks at whole images, images.csv (a row an image) and report.html.",
      "Results of an image are on disk as soon as it is done; one that cannot be read is named and left out.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  hcpl predict --images plate1 --model run1/model.safetensors --out found",
      "  hcpl predict --images plate1 --model gapnet-pl.ckpt.index --out images"
    })
final class PredictCommand implements Callable<Integer> {
  /** Longer side of a whole image in the report, in pixels. */
  private static final int REPORT_SIDE = 900;

  @Option(
      names = "--images",
      required = true,
      paramLabel = "DIR",
      description = "Images of four channels.")
  private Path images;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE",
      description = "model.safetensors of hcpl train, or GapNet-PL's published checkpoint.")
  private Path model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the results.")
  private Path out;

  @Option(
      names = "--masks",
      paramLabel = "DIR",
      description = "Cells from <id>_cellmask.png there, instead of finding them.")
  private Path masks;

  @Option(
      names = "--stream",
      paramLabel = "WHICH",
      defaultValue = "fused",
      description = "Of a DSA: cell, image or fused (default: ${DEFAULT-VALUE}).")
  private Dsa.Stream stream;

  @Option(
      names = "--report-images",
      paramLabel = "N",
      defaultValue = "24",
      description = "Images that the report shows in full (default: ${DEFAULT-VALUE}).")
  private int reportImages;

  @Option(
      names = "--as-is",
      description =
          "With networks that see windows of whole images, as GapNet-PL: do not enlarge images of at most 1024 pixels to 2048, the size that they learnt from.")
  private boolean asIs;

  @Mixin private ComputeOptions compute;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    compute.apply();
    if (reportImages < 0) {
      throw new CommandException("--report-images " + reportImages + " (expected: >= 0)");
    }
    RunRecord record = Outputs.record(spec);
    Localiser localiser = Localiser.open(model).stream(stream);
    String network = localiser.description().model();
    if (stream != Dsa.Stream.FUSED && !network.startsWith(Dsa.PREFIX)) {
      throw new CommandException(
          "--stream: " + network + " has no streams (expected: dsa:)\nhelp: leave --stream out");
    }
    if (!asIs) {
      localiser = localiser.enlarging();
    }
    if (masks != null) {
      var read = SegmentedCells.fromMasks(masks);
      localiser =
          localiser.segmenter(
              image -> {
                LabelImage cells = read.apply(image);
                return Segmentation.of(
                    cells, LabelImage.of(cells.height(), cells.width()), Double.NaN);
              });
    }
    Summary summary =
        predict(spec, localiser, ImageFolder.channels(images), out, reportImages, null);
    record
        .put("images", images.toString())
        .put("model", model.toString())
        .put("modelSha256", RunRecord.sha256(model))
        .put("description", localiser.description())
        .put("imagesDone", summary.images())
        .put("cells", summary.cells())
        .put("seconds", summary.seconds())
        .put("problems", summary.problems())
        .write(out);
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%d images%s in %.1f s%s: %s%n",
            summary.images(),
            localiser.wholeImages() ? "" : ", " + summary.cells() + " cells",
            summary.seconds(),
            summary.problems().isEmpty() ? "" : ", " + summary.problems().size() + " images failed",
            out.resolve("report.html"));
    spec.commandLine().getOut().flush();
    return summary.problems().isEmpty() ? 0 : 1;
  }

  /** What a prediction came to. */
  record Summary(int images, int cells, double seconds, List<String> problems) {}

  /** Something to put on the page before the predictions. */
  interface Introduction {
    void writeTo(HtmlReport page);
  }

  static Summary predict(
      CommandSpec spec,
      Localiser localiser,
      ImageFolder folder,
      Path out,
      int reportImages,
      Introduction introduction) {
    Outputs.folder(out);
    boolean whole = localiser.wholeImages();
    PredictionReport report = new PredictionReport(localiser.description(), reportImages);
    int[] cells = new int[1];
    long start = System.nanoTime();
    List<String> header =
        new ArrayList<>(
            whole
                ? List.of("image")
                : List.of(
                    "image", "cell", "left", "top", "right", "bottom", "area", "touches_border"));
    header.addAll(localiser.description().classes());
    List<String> problems;
    try (Outputs.Table table =
            new Outputs.Table(out.resolve(whole ? "images.csv" : "cells.csv"), header);
        Submission.Writer submission =
            whole ? null : Submission.Writer.submission(out.resolve("submission.csv"))) {
      problems =
          ImageBatch.run(
              spec,
              "localising",
              folder,
              out,
              image -> {
                Localisation found = localiser.localise(image);
                BufferedImage picture = write(image, found, out, table, submission);
                report.add(image, found, picture);
                cells[0] += found.cells().size();
              });
    } catch (IOException e) {
      throw Outputs.failed(out, e);
    }
    int done = folder.ids().size() - problems.size();
    double seconds = (System.nanoTime() - start) / 1e9;
    HtmlReport page = new HtmlReport("Protein localisation");
    if (introduction != null) {
      introduction.writeTo(page);
    }
    report.writeTo(page, seconds);
    if (!problems.isEmpty()) {
      page.heading("Images that failed");
      problems.forEach(page::paragraph);
    }
    page.write(out.resolve("report.html"));
    return new Summary(done, cells[0], seconds, problems);
  }

  private static BufferedImage write(
      HpaImage image,
      Localisation found,
      Path out,
      Outputs.Table table,
      Submission.Writer submission)
      throws IOException {
    if (found.cellMask() == null) {
      List<Object> row = new ArrayList<>(List.of(found.id()));
      addAll(row, found.image());
      table.row(row);
      return Overlay.composite(image, REPORT_SIDE);
    }
    Submission.checkId(found.id());
    ImageFiles.writeLabels(found.cellMask(), out.resolve(found.id() + "_cellmask.png"));
    // Where the cells were given, nobody looked for nuclei.
    if (found.nucleusMask().max() > 0 || found.cells().isEmpty()) {
      ImageFiles.writeLabels(found.nucleusMask(), out.resolve(found.id() + "_nucleimask.png"));
    }
    BufferedImage overlay =
        Overlay.render(
            image,
            Segmentation.of(found.cellMask(), found.nucleusMask(), Double.NaN),
            Overlay.Options.DEFAULT.withNumbers(true));
    ImageFiles.writePng(overlay, out.resolve(found.id() + "_overlay.png"));
    // The tables come last: they name no image whose other files are missing.
    submission.write(Predictions.instances(found));
    for (LocalisedCell cell : found.cells()) {
      CellBox box = cell.box();
      List<Object> row =
          new ArrayList<>(
              List.of(
                  found.id(),
                  box.label(),
                  box.left(),
                  box.top(),
                  box.right() - 1,
                  box.bottom() - 1,
                  box.area(),
                  box.touchesBorder()));
      addAll(row, cell.probabilities());
      table.row(row);
    }
    return overlay;
  }

  private static void addAll(List<Object> row, float[] probabilities) {
    for (float p : probabilities) {
      row.add(String.format(Locale.ROOT, "%.6f", p));
    }
  }
}
