package org.hcpl.train.cli;

import static org.hcpl.tensor.io.Words.count;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageException;
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

  /** In what is said of a picture that has not four channels. */
  private static final String NOT_FOUR = "(expected: 4 channels";

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

  @Range(min = 1e-4, max = 1000)
  @Option(
      names = "--pixel-size",
      paramLabel = "MICROMETRES",
      description = "Edge of a pixel, where the files do not say; gives sizes in micrometres.")
  private Double pixelSize;

  @Range(min = 0.1, max = 1000)
  @Option(
      names = "--nucleus-diameter",
      paramLabel = "MICROMETRES",
      description =
          "A usual nucleus; needs the size of the pixels, of the files or --pixel-size (default: from the images).")
  private Double nucleusDiameter;

  @Option(names = "--restart", description = "Do all images anew, those that are done, too.")
  private boolean restart;

  @Mixin private ComputeOptions compute;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    compute.apply();
    ImageFolder folder =
        channels == Channels.NUCLEUS ? ImageFolder.nuclei(images) : ImageFolder.channels(images);
    try (OutputFolder locked = OutputFolder.open(out)) {
      return run(folder);
    }
  }

  private int run(ImageFolder folder) {
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
    try (BatchProgress progress =
        BatchProgress.open(
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
            Locale.ROOT,
            "%s in %s%s: %s%n",
            channels == Channels.NUCLEUS
                ? count(objects[0], "nucleus", "nuclei")
                : count(objects[0], "cell"),
            count(folder.ids().size() - problems.size(), "image"),
            problems.isEmpty() ? "" : ", " + count(problems.size(), "image") + " failed",
            out);
    spec.commandLine().getOut().flush();
    if (channels == Channels.ALL
        && problems.size() == folder.ids().size()
        && problems.stream().allMatch(problem -> problem.contains(NOT_FOUR))) {
      Outputs.complain(
          spec, "help: if each file is a picture of nuclei alone, add --channels nucleus");
    }
    return problems.isEmpty() ? 0 : 1;
  }

  private List<List<Object>> one(HpaImage image, CellSegmenter segmenter) {
    double edge = pixelSize == null ? image.pixelSizeMicrometres() : pixelSize;
    if (nucleusDiameter != null && !(edge > 0)) {
      throw new ImageException(
          image.id()
              + ": the size of its pixels is not known, which --nucleus-diameter needs\n"
              + "help: say it with --pixel-size, or leave --nucleus-diameter out");
    }
    Segmentation found = segmenter.segment(image);
    if (channels == Channels.ALL) {
      ImageFiles.writeLabels(found.cells(), out.resolve(image.id() + "_cellmask.png"));
    }
    ImageFiles.writeLabels(found.nuclei(), out.resolve(image.id() + "_nucleimask.png"));
    // Small nuclei would vanish under their numbers.
    ImageFiles.writePng(
        Overlay.render(image, found, Overlay.Options.DEFAULT.withNumbers(channels == Channels.ALL)),
        out.resolve(image.id() + "_overlay.png"));
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
