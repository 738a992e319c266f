package org.hcpl.train.cli;

import static org.hcpl.tensor.io.Words.count;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import org.hcpl.models.ModelSpec;
import org.hcpl.models.Models;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.localise.ClassList;
import org.hcpl.models.localise.Contrast;
import org.hcpl.models.localise.Dsa;
import org.hcpl.models.localise.LabelTable;
import org.hcpl.models.segment.CellSegmenter;
import org.hcpl.models.segment.SegmentOptions;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.TensorException;
import org.hcpl.train.CellTraining;
import org.hcpl.train.RunRecord;
import org.hcpl.train.TrainingOptions;
import org.hcpl.train.data.Augmentation;
import org.hcpl.train.data.CellStore;
import org.hcpl.train.data.SegmentedCells;
import org.hcpl.train.data.SingleCells;
import org.hcpl.train.data.WholeImages;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a network from image labels, or from cells of one class each. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    sortSynopsis = false,
    header = "Trains a network from the labels of images, or from cells of one class each.",
    description = {
      "",
      "Images have four channels and weak labels: what is somewhere in the image. With --cells each file is one cell with one class.",
      "Writes model.safetensors for predict, curves.png, history.csv and run.json. A run that was stopped, by a kill too, goes on when the same command is given again.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  hcpl train --images train --labels t.csv --model cla:efficientnet_b0 --out a",
      "  hcpl train --images hpa --labels labels.csv --classes 28 --patience 10",
      "      --model dsa:densenet121 --out b",
      "  hcpl train --cells --images hep2 --model cla:resnet50 --out c"
    })
final class TrainCommand implements Callable<Integer> {
  /** How labels are read, by {@code --classes}. */
  private static final Map<String, Function<Path, LabelTable>> TABLES =
      new TreeMap<>(
          Map.of(
              "13", file -> LabelTable.read(file, ClassList.CYTO_2017),
              "19", file -> LabelTable.read(file, ClassList.HPA_2021),
              "28", file -> LabelTable.read(file, ClassList.HPA_2018).to2021()));

  @Option(
      names = "--images",
      required = true,
      paramLabel = "DIR",
      description =
          "Images; with --cells one file a cell, in a folder for each class or with --labels.")
  private Path images;

  @Option(
      names = "--labels",
      paramLabel = "CSV",
      description =
          "Labels: ID,Label with 0|5 or 0 5; with --cells the name of the class, and perhaps a"
              + " column Image: cells of an image are kept aside together.")
  private Path labels;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description =
          "cla: or dsa: and a backbone, as in cla:efficientnet_b0, or any registered network, as"
              + " gapnet-pl.")
  private String model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the results and checkpoints.")
  private Path out;

  @Option(
      names = "--cells",
      description = "Each image file is one cell; <id>_mask.png beside it says which pixels are.")
  private boolean cells;

  @Option(
      names = "--masks",
      paramLabel = "DIR",
      description = "Cells from <id>_cellmask.png there, instead of finding them.")
  private Path masks;

  @Option(
      names = "--classes",
      paramLabel = "LIST",
      defaultValue = "19",
      description =
          "Meaning of the labels: 19 (2021), 28 (2018, trained as 19) or 13 (default:"
              + " ${DEFAULT-VALUE}).")
  private String classes;

  @Option(
      names = "--validation",
      paramLabel = "DIR",
      description =
          "With --cells: cells to choose the best epoch by (default: a share of the images).")
  private Path validation;

  @Range(min = 0, below = 1)
  @Option(
      names = "--validation-share",
      paramLabel = "SHARE",
      defaultValue = "0.15",
      description = "Share of the images kept for that; 0 for none (default: ${DEFAULT-VALUE}).")
  private double validationShare;

  @Range(min = 16, max = 4096)
  @Option(
      names = "--cell-size",
      paramLabel = "PIXELS",
      description = "Height and width of the network's input (default: 96, whole images 256).")
  private Integer side;

  @Range(min = 1)
  @Option(
      names = "--cells-per-image",
      paramLabel = "N",
      defaultValue = "20",
      description = "Cells of an image that are used at most (default: ${DEFAULT-VALUE}).")
  private int cellsPerImage;

  @Option(
      names = "--contrast",
      paramLabel = "HOW",
      defaultValue = "as_is",
      description =
          "as_is; stretch: brightest of each channel of each cell to 1; normalise: mean 0 and"
              + " standard deviation 1 (default: ${DEFAULT-VALUE}).")
  private Contrast contrast;

  @Option(
      names = "--augment",
      paramLabel = "HOW",
      defaultValue = "standard",
      description =
          "Random changes of cells. none; standard: moves, turns, sizes, a little brightness;"
              + " strong: more brightness, also blur and noise, for few images that differ in"
              + " exposure. Then changes to it, as in standard,crop=0.2,noise=0.1: flip, rotation"
              + " (degrees), shift, scale, crop, cutout, gain, gamma, blur, noise (default:"
              + " ${DEFAULT-VALUE}).")
  private String augment;

  @Range(min = 1)
  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "20",
      description = "Passes over the data (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Range(min = 1)
  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Cells a step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Range(above = 0)
  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      defaultValue = "1e-3",
      description = "Peak of the cosine schedule (default: ${DEFAULT-VALUE}).")
  private double learningRate;

  @Range(min = 0)
  @Option(
      names = "--weight-decay",
      paramLabel = "W",
      defaultValue = "0.02",
      description = "Of AdamW (default: ${DEFAULT-VALUE}).")
  private double weightDecay;

  @Range(min = 0, below = 1)
  @Option(
      names = "--label-smoothing",
      paramLabel = "S",
      defaultValue = "0.1",
      description =
          "With --cells: share of the probability that is spread over all classes (default:"
              + " ${DEFAULT-VALUE}).")
  private double labelSmoothing;

  @Range(min = 0)
  @Option(
      names = "--focal",
      paramLabel = "GAMMA",
      defaultValue = "1",
      description =
          "Without --cells: exponent of the focal loss for several labels; 0 for plain"
              + " cross-entropy (default:"
              + " ${DEFAULT-VALUE}).")
  private double focal;

  @Range(min = 0, below = 1)
  @Option(
      names = "--average",
      paramLabel = "DECAY",
      defaultValue = "0.995",
      description =
          "Running average of the weights that is kept; 0 for none (default: ${DEFAULT-VALUE}).")
  private double average;

  @Range(min = 0)
  @Option(
      names = "--patience",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Stop after so many epochs without a better score; 0 for never (default:"
              + " ${DEFAULT-VALUE}).")
  private int patience;

  @Option(
      names = "--no-head-fit",
      description =
          "With dsa: leave the two linear layers as the rounds left them, instead of fitting them"
              + " to convergence at the end.")
  private boolean noHeadFit;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of everything random (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private ComputeOptions compute;
  @Spec private CommandSpec spec;

  private record Split(CellStore train, CellStore validation) {}

  @Override
  public Integer call() {
    compute.apply();
    RunRecord record = Outputs.record(spec);
    ModelSpec wanted = Models.spec(model);
    checkTogether(wanted);
    TrainingOptions options =
        TrainingOptions.DEFAULT
            .epochs(epochs)
            .batchSize(batch)
            .cellsPerBag(Math.min(cellsPerImage, Math.max(2, batch / 2)))
            .learningRate(learningRate)
            .warmUpEpochs(Math.min(2, epochs / 4.0))
            .weightDecay(weightDecay)
            .averageDecay(average)
            .labelSmoothing(cells ? labelSmoothing : 0)
            .focalGamma(focal)
            .patience(patience)
            .seed(seed)
            .augmentation(augmentation());
    try (OutputFolder folder = OutputFolder.open(out)) {
      return train(record, wanted, options);
    }
  }

  private int train(RunRecord record, ModelSpec wanted, TrainingOptions options) {
    PrintWriter console = spec.commandLine().getOut();
    List<String> warnings = new ArrayList<>();
    Consumer<String> warn =
        text -> {
          warnings.add(text);
          Outputs.complain(spec, text);
        };
    Split data =
        wanted.level() == ModelSpec.Level.IMAGE
            ? wholeImages(warn)
            : cells ? singleCells(warn) : segmentedCells(warn);
    if (data.validation == null) {
      checkPatience();
    }
    console.printf(
        Locale.ROOT,
        "%s of %s to learn from, %s, %s, %dx%d pixels%n",
        count(data.train.size(), "cell"),
        count(data.train.images().size(), "image"),
        data.validation == null
            ? "none to choose the best epoch by"
            : data.validation.size() + " to choose the best epoch by",
        count(data.train.classes().size(), "class", "classes"),
        data.train.side(),
        data.train.side());
    console.flush();
    ConsoleProgress progress = new ConsoleProgress(console, epochs, cells ? "accuracy" : "mAP");
    CellTraining training =
        new CellTraining(wanted.name(), cells, contrast, options, progress).headFit(!noHeadFit);
    record
        .put("model", wanted.name())
        .put("options", options)
        .put("headFit", !noHeadFit)
        .put("images", images.toString())
        .put("labels", String.valueOf(labels))
        .put("classes", data.train.classes())
        .put("dataCrc32", data.train.checksum());
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("images", String.valueOf(images.getFileName()));
    CellTraining.Outcome outcome;
    try (progress) {
      outcome = training.run(data.train, data.validation, out, provenance);
    }
    record
        .put("cells", data.train.size())
        .put("parameters", outcome.network().parameterCount())
        .put(training.scoreName(), Double.isNaN(outcome.score()) ? null : outcome.score());
    record.put("trainingSeconds", outcome.seconds()).put("warnings", warnings).write(out);
    console.printf(
        Locale.ROOT,
        "%s%s after %.0f s of training, with curves.png, history.csv and run.json beside it%n",
        outcome.file(),
        Double.isNaN(outcome.score())
            ? ""
            : String.format(Locale.ROOT, ": %s %.4f", training.scoreName(), outcome.score()),
        outcome.seconds());
    console.flush();
    return warnings.isEmpty() ? 0 : 1;
  }

  /** Refuses options that would be passed over, or mean something else than their user thinks. */
  private void checkTogether(ModelSpec wanted) {
    if (!TABLES.containsKey(classes)) {
      throw new WrongUseException(
          "--classes " + classes + " (expected: " + String.join(", ", TABLES.keySet()) + ")");
    }
    boolean dsa = wanted.name().startsWith(Dsa.PREFIX);
    if (wanted.level() == ModelSpec.Level.IMAGE) {
      for (String option : List.of("--cells", "--contrast", "--masks", "--cells-per-image")) {
        refuse(option, true, model + " looks at whole images");
      }
    }
    refuse("--cells", dsa, model + " learns from images with several cells each");
    refuse("--masks", cells, "with --cells, <id>_mask.png lies beside each cell");
    refuse("--classes", cells, "with --cells, folders or --labels name the classes");
    refuse("--cells-per-image", cells, "with --cells, all cells are used");
    refuse("--focal", cells, "with --cells, each cell has one class; see --label-smoothing");
    refuse("--label-smoothing", !cells, "it is for cells of one class each, --cells; see --focal");
    refuse("--validation", !cells, "without --cells a share is kept");
    refuse("--validation-share", validation != null, "--validation gives the cells to choose by");
    refuse("--no-head-fit", !dsa, model + " has no such fit (expected: dsa:)");
    if (validation == null && validationShare == 0) {
      checkPatience();
    }
    if (labels == null && !cells) {
      throw new WrongUseException(
          "--labels is missing (expected: a CSV table with the columns ID and Label)");
    }
  }

  private void checkPatience() {
    refuse("--patience", patience > 0, "no images are kept to choose the best epoch by");
  }

  private void refuse(String option, boolean passedOver, String why) {
    Outputs.refuse(passedOver && Outputs.given(spec, option), option, why);
  }

  private Split singleCells(Consumer<String> warn) {
    int size = side == null ? 96 : side;
    CellStore all = SingleCells.read(images, labels, null, size, contrast, warn);
    if (validation != null) {
      return new Split(
          all, SingleCells.read(validation, labels, all.classes(), size, contrast, warn));
    }
    return split(all);
  }

  private Split segmentedCells(Consumer<String> warn) {
    LabelTable table = table();
    ImageFolder folder = ImageFolder.channels(images);
    List<String> ids = labelled(folder, table, warn);
    Function<HpaImage, LabelImage> segmenter =
        masks != null
            ? SegmentedCells.fromMasks(masks)
            : image -> new CellSegmenter(SegmentOptions.DEFAULT).segment(image).cells();
    try (ProgressBar bar = ConsoleProgress.bar("finding cells", ids.size())) {
      return split(
          SegmentedCells.read(
              folder,
              ids,
              table,
              segmenter,
              side == null ? 96 : side,
              contrast,
              cellsPerImage,
              seed,
              warn,
              id -> bar.step()));
    }
  }

  private Split wholeImages(Consumer<String> warn) {
    LabelTable table = table();
    ImageFolder folder = ImageFolder.channels(images);
    List<String> ids = labelled(folder, table, warn);
    try (ProgressBar bar = ConsoleProgress.bar("reading images", ids.size())) {
      return split(
          WholeImages.read(folder, ids, table, side == null ? 256 : side, warn, id -> bar.step()));
    }
  }

  private Augmentation augmentation() {
    try {
      return Augmentation.parse(augment);
    } catch (TensorException e) {
      throw new WrongUseException("--augment: " + e.getMessage());
    }
  }

  private LabelTable table() {
    return TABLES.get(classes).apply(labels);
  }

  private List<String> labelled(ImageFolder folder, LabelTable table, Consumer<String> warn) {
    List<String> ids = new ArrayList<>(folder.ids());
    List<String> without = table.missing(ids);
    if (!without.isEmpty() && without.size() < ids.size()) {
      warn.accept(
          "left out "
              + without.size()
              + " of "
              + count(ids.size(), "image")
              + ", without labels in "
              + labels
              + ": "
              + without.subList(0, Math.min(5, without.size())));
    }
    ids.removeAll(without);
    if (ids.isEmpty()) {
      throw new CommandException(
          "no image in "
              + images
              + " has labels in "
              + labels
              + " (expected: the part of the file names before _red.png in the column ID)");
    }
    return ids;
  }

  /** Takes a share of the images, with all their cells, away from training. */
  private Split split(CellStore all) {
    if (all.size() == 0) {
      throw new CommandException(
          "no cells to learn from in "
              + images
              + " (expected: images in which cells are found, or --masks that hold some)");
    }
    int images = all.images().size();
    int held = (int) Math.round(validationShare * images);
    if (held == 0 || held == images) {
      return new Split(all, null);
    }
    boolean[] aside = new boolean[images];
    int[] order = Rng.of(seed).split("validation").permutation(images);
    for (int i = 0; i < held; i++) {
      aside[order[i]] = true;
    }
    return new Split(all.subset(image -> !aside[image]), all.subset(image -> aside[image]));
  }
}
