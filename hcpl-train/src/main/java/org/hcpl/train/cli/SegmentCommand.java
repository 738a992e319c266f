package org.hcpl.train.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.segment.CellSegmenter;
import org.hcpl.models.segment.Overlay;
import org.hcpl.models.segment.SegmentOptions;
import org.hcpl.models.segment.Segmentation;
import org.hcpl.train.RunRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds cells and nuclei, without any weights. */
@Command(
    name = "segment",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    sortSynopsis = false,
    header = "Finds cells and nuclei; nothing needs to be trained.",
    description = {
      "",
      "Writes for each image <id>_cellmask.png and <id>_nucleimask.png (16 bit: 0 is background, k the pixels of cell k) and <id>_overlay.png to look at, and a row a cell in objects.csv.",
      "Given again, goes on where it was interrupted: images that are done and have not changed are kept.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  hcpl segment --images plate1 --out plate1/found --pixel-size 0.08",
      "  hcpl segment --images dapi --channels nucleus --out nuclei"
    })
final class SegmentCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "image",
          "object",
          "left",
          "top",
          "right",
          "bottom",
          "area",
          "nucleus_area",
          "touches_border",
          "area_um2",
          "nucleus_area_um2");

  /** What the files hold. */
  enum Channels {
    ALL,
    NUCLEUS
  }

  @Option(
      names = "--images",
      required = true,
      paramLabel = "DIR",
      description = "Folder of images.")
  private Path images;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the results.")
  private Path out;

  @Option(
      names = "--channels",
      paramLabel = "WHICH",
      defaultValue = "all",
      description =
          "all: four files an image; nucleus: one file an image that holds the nucleus alone, grey or RGB (default: ${DEFAULT-VALUE}).")
  private Channels channels;

  @Option(
      names = "--pixel-size",
      paramLabel = "MICROMETRES",
      description = "Edge of a pixel, where the files do not say; gives sizes in micrometres.")
  private Double pixelSize;

  @Option(
      names = "--nucleus-diameter",
      paramLabel = "MICROMETRES",
      description = "A usual nucleus, where the pixel size is known (default: from the images).")
  private Double nucleusDiameter;

  @Option(names = "--restart", description = "Do all images anew, those that are done, too.")
  private boolean restart;

  @Mixin private ComputeOptions compute;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    compute.apply();
    Outputs.folder(out);
    ImageFolder folder =
        channels == Channels.NUCLEUS ? ImageFolder.nuclei(images) : ImageFolder.channels(images);
    SegmentOptions options = SegmentOptions.DEFAULT;
    if (pixelSize != null) {
      options = options.withPixelSizeMicrometres(pixelSize);
    }
    if (nucleusDiameter != null) {
      options = options.withNucleusDiameterMicrometres(nucleusDiameter);
    }
    CellSegmenter segmenter = new CellSegmenter(options);
    RunRecord record =
        Outputs.record(spec).put("images", images.toString()).put("options", options);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("--images", images.toAbsolutePath().normalize().toString());
    settings.put("--channels", channels.name().toLowerCase(Locale.ROOT));
    settings.put("--pixel-size", pixelSize == null ? "of the files" : pixelSize.toString());
    settings.put(
        "--nucleus-diameter",
        nucleusDiameter == null ? "from the images" : nucleusDiameter.toString());
    Table table = new Table(out.resolve("objects.csv"), Table.text(List.of(COLUMNS)));
    int[] objects = new int[1];
    List<String> problems;
    int takenUp;
    try (Progress progress =
        Progress.open(
            out.resolve("segment.progress"),
            settings,
            restart,
            new ResultFiles(folder, null, out, ResultFiles.CELLS),
            List.of(table),
            text -> Outputs.complain(spec, text))) {
      takenUp = progress.done().size();
      for (String id : progress.done()) {
        objects[0] += progress.rows(id, table).size();
      }
      problems =
          ImageBatch.run(
              spec,
              "segmenting",
              folder,
              progress,
              image -> {
                List<List<Object>> rows = one(image, segmenter);
                objects[0] += rows.size();
                return List.of(Table.text(rows));
              });
    }
    ImageBatch.sayIfAllDone(spec, takenUp, folder);
    record
        .put("imagesTakenUp", takenUp)
        .put("objects", objects[0])
        .put("problems", problems)
        .write(out);
    spec.commandLine()
        .getOut()
        .printf(
            "%d %s in %d images%s: %s%n",
            objects[0],
            channels == Channels.NUCLEUS ? "nuclei" : "cells",
            folder.ids().size() - problems.size(),
            problems.isEmpty() ? "" : ", " + problems.size() + " images failed",
            out);
    spec.commandLine().getOut().flush();
    return problems.isEmpty() ? 0 : 1;
  }

  private List<List<Object>> one(HpaImage image, CellSegmenter segmenter) {
    Segmentation found = segmenter.segment(image);
    if (channels == Channels.ALL) {
      ImageFiles.writeLabels(found.cells(), out.resolve(image.id() + "_cellmask.png"));
    }
    ImageFiles.writeLabels(found.nuclei(), out.resolve(image.id() + "_nucleimask.png"));
    // Small nuclei would vanish under their numbers.
    ImageFiles.writePng(
        Overlay.render(image, found, Overlay.Options.DEFAULT.withNumbers(channels == Channels.ALL)),
        out.resolve(image.id() + "_overlay.png"));
    double edge = pixelSize == null ? image.pixelSizeMicrometres() : pixelSize;
    List<List<Object>> rows = new ArrayList<>();
    for (Segmentation.Facts fact : found.facts()) {
      rows.add(
          List.of(
              image.id(),
              fact.label(),
              fact.left(),
              fact.top(),
              fact.right(),
              fact.bottom(),
              fact.area(),
              fact.nucleusArea(),
              fact.touchesBorder(),
              square(fact.area(), edge),
              square(fact.nucleusArea(), edge)));
    }
    return rows;
  }

  /** Pixels as square micrometres; empty where the pixel size is not known. */
  private static String square(int pixels, double edge) {
    return edge > 0 ? String.format(Locale.ROOT, "%.2f", pixels * edge * edge) : "";
  }
}
