package org.hcpl.train.cli;

import static org.hcpl.tensor.io.Words.count;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hcpl.models.ModelFile;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.localise.Dsa;
import org.hcpl.models.localise.Localiser;
import org.hcpl.models.segment.Segmentation;
import org.hcpl.train.RunRecord;
import org.hcpl.train.data.SegmentedCells;
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
      "Given again, goes on where it was interrupted: images that are done and have not changed are kept, failed ones are tried again.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  hcpl predict --images plate1 --model run1/model.safetensors --out found",
      "  hcpl predict --images plate1 --model run1/model.safetensors --out found --pixel-size 0.08",
      "  hcpl predict --images plate1 --model gapnet-pl.ckpt.index --out images"
    })
final class PredictCommand implements Callable<Integer> {
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

  @Range(min = 0)
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

  @Option(names = "--restart", description = "Do all images anew, those that are done, too.")
  private boolean restart;

  @Mixin private SizeOptions sizes;
  @Mixin private ComputeOptions compute;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    compute.apply();
    RunRecord record = Outputs.record(spec);
    Localiser localiser = Localiser.open(model).stream(stream);
    String network = localiser.description().model();
    refuse("--stream", !network.startsWith(Dsa.PREFIX), network + " has no streams");
    refuse("--masks", localiser.wholeImages(), network + " looks at whole images");
    for (String size : List.of(SizeOptions.PIXEL_SIZE, SizeOptions.NUCLEUS_DIAMETER)) {
      refuse(size, localiser.wholeImages(), network + " looks at whole images");
    }
    refuse(SizeOptions.NUCLEUS_DIAMETER, masks != null, "--masks says where the cells are");
    refuse("--as-is", !localiser.canEnlarge(), network + " never enlarges images");
    checkChannels(localiser.description());
    if (!asIs && localiser.canEnlarge()) {
      localiser = localiser.enlarging();
    }
    localiser = localiser.segmenter(masks == null ? sizes::segment : ofMasks());
    ImageFolder folder = sizes.apply(ImageFolder.channels(images));
    try (OutputFolder locked = OutputFolder.open(out)) {
      return run(record, localiser, folder);
    }
  }

  private void refuse(String option, boolean passedOver, String why) {
    Outputs.refuse(passedOver && Outputs.given(spec, option), option, why);
  }

  /** Refuses networks of single cells; of others that take some channels, says which. */
  private void checkChannels(ModelFile.Description description) {
    if (description.inputChannels() == Channel.values().length) {
      return;
    }
    if (description.exclusive()) {
      throw new CommandException(
          model
              + ": a network of single cells with "
              + count(description.inputChannels(), "channel")
              + ", of hcpl train --cells (expected: one of images with four channels)\n"
              + "help: hcpl evaluate --cells scores it on single cells");
    }
    spec.commandLine()
        .getOut()
        .println(
            description.model()
                + " takes of the channels "
                + description.preprocessing().channels().stream()
                    .map(Channel::fileName)
                    .collect(Collectors.joining(", ")));
  }

  private Function<HpaImage, Segmentation> ofMasks() {
    Function<HpaImage, LabelImage> read = SegmentedCells.fromMasks(masks);
    return image -> {
      LabelImage cells = read.apply(image);
      return Segmentation.of(cells, LabelImage.of(cells.height(), cells.width()), Double.NaN);
    };
  }

  private int run(RunRecord record, Localiser localiser, ImageFolder folder) {
    String hash = RunRecord.sha256(model);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("--images", images.toAbsolutePath().normalize().toString());
    settings.put("--model of SHA-256", hash);
    settings.put("--masks", masks == null ? "none" : masks.toAbsolutePath().normalize().toString());
    settings.put("--stream", stream.name().toLowerCase(Locale.ROOT));
    settings.put("--as-is", Boolean.toString(asIs));
    settings.putAll(sizes.settings());
    Prediction.Summary summary =
        new Prediction(spec, localiser, folder, masks, out, settings)
            .run(restart, reportImages, null);
    ImageBatch.sayIfAllDone(spec, summary.takenUp(), folder);
    record
        .put("images", images.toString())
        .put("model", model.toString())
        .put("modelSha256", hash)
        .put("description", localiser.description())
        .put("imagesDone", summary.images())
        .put("imagesTakenUp", summary.takenUp())
        .put("cells", summary.cells())
        .put("seconds", summary.seconds())
        .put("problems", summary.problems())
        .write(out);
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s%s in %.1f s%s: %s%n",
            count(summary.images(), "image"),
            localiser.wholeImages() ? "" : ", " + count(summary.cells(), "cell"),
            summary.seconds(),
            summary.problems().isEmpty()
                ? ""
                : ", " + count(summary.problems().size(), "image") + " failed",
            out.resolve("report.html"));
    spec.commandLine().getOut().flush();
    return summary.problems().isEmpty() ? 0 : 1;
  }
}
