package org.hcpl.train.cli;

import static org.hcpl.tensor.io.Words.count;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.segment.Overlay;
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

  @Option(names = "--restart", description = "Do all images anew, those that are done, too.")
  private boolean restart;

  @Mixin private SizeOptions sizes;
  @Mixin private ComputeOptions compute;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    compute.apply();
    ImageFolder folder =
        channels == Channels.NUCLEUS ? ImageFolder.nuclei(images) : ImageFolder.channels(images);
    try (OutputFolder locked = OutputFolder.open(out)) {
      return run(sizes.apply(folder));
    }
  }

  private int run(ImageFolder folder) {
    RunRecord record =
        Outputs.record(spec).put("images", images.toString()).put("options", sizes.segmenting());
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("--images", images.toAbsolutePath().normalize().toString());
    settings.put("--channels", channels.name().toLowerCase(Locale.ROOT));
    settings.putAll(sizes.settings());
    Table table =
        new Table(out.resolve("objects.csv"), Table.text(List.of(ObjectColumns.header("object"))));
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
                List<List<Object>> rows = one(image);
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

  private List<List<Object>> one(HpaImage image) {
    Segmentation found = sizes.segment(image);
    if (channels == Channels.ALL) {
      ImageFiles.writeLabels(found.cells(), out.resolve(image.id() + "_cellmask.png"));
    }
    ImageFiles.writeLabels(found.nuclei(), out.resolve(image.id() + "_nucleimask.png"));
    // Small nuclei would vanish under their numbers.
    ImageFiles.writePng(
        Overlay.render(image, found, Overlay.Options.DEFAULT.withNumbers(channels == Channels.ALL)),
        out.resolve(image.id() + "_overlay.png"));
    return found.facts().stream().map(object -> ObjectColumns.row(image, object)).toList();
  }
}
