package org.hcpl.train.cli;

import static org.hcpl.tensor.io.Words.count;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.hcpl.models.ModelFile;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.localise.ClassList;
import org.hcpl.models.localise.Contrast;
import org.hcpl.models.localise.LabelTable;
import org.hcpl.models.localise.Localiser;
import org.hcpl.models.segment.CellSegmenter;
import org.hcpl.train.CellTraining;
import org.hcpl.train.RunRecord;
import org.hcpl.train.TrainingOptions;
import org.hcpl.train.atlas.AtlasOptions;
import org.hcpl.train.atlas.AtlasWriter;
import org.hcpl.train.atlas.SyntheticAtlas;
import org.hcpl.train.data.Augmentation;
import org.hcpl.train.data.CellStore;
import org.hcpl.train.data.SegmentedCells;
import org.hcpl.train.metric.ContestMetric;
import org.hcpl.train.metric.ContestResult;
import org.hcpl.train.report.HtmlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Everything once, from nothing, in a few minutes. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    sortSynopsis = false,
    header = "Shows everything once, from nothing, in a few minutes.",
    description = {
      "",
      "Draws a small atlas of made-up cells, trains a small dual-stream network on image labels alone,"
          + " finds and classifies the cells of images it has not seen, and scores that against the known truth.",
      "Ends with results/report.html. Given again, it goes on where it was.",
      ""
    })
final class DemoCommand implements Callable<Integer> {
  /**
   * Patterns that differ at the size of the demonstration's cells, so that a short training shows
   * something.
   */
  private static final List<Integer> CLASSES = List.of(0, 1, 2, 6, 7, 13, 14, 16);

  private static final double TEST_SHARE = 0.2;
  private static final int SIDE = 48;
  private static final String MODEL = "dsa:efficientnet_b0@tiny";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/demo",
      description = "Folder for the results (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Range(min = 1, max = 1_000_000)
  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "300",
      description = "Images to draw (default: ${DEFAULT-VALUE}).")
  private int images;

  @Range(min = 1)
  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "32",
      description = "Passes over them (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of everything random (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private ComputeOptions compute;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    compute.apply();
    TrainingOptions options =
        TrainingOptions.DEFAULT
            .epochs(epochs)
            .batchSize(32)
            .cellsPerBag(8)
            .learningRate(3e-3)
            .warmUpEpochs(1)
            .weightDecay(0.02)
            .averageDecay(0.99)
            .focalGamma(1)
            .seed(seed)
            .augmentation(Augmentation.STANDARD.cutout(0));
    try (OutputFolder locked = OutputFolder.open(out);
        OutputFolder run = OutputFolder.open(out.resolve("model"));
        OutputFolder results = OutputFolder.open(out.resolve("results"))) {
      return run(options);
    }
  }

  private int run(TrainingOptions options) {
    RunRecord record = Outputs.record(spec);
    PrintWriter console = spec.commandLine().getOut();
    console.println("1/4  drawing " + count(images, "image") + " of made-up cells");
    console.flush();
    Path atlas = out.resolve("atlas");
    AtlasOptions drawn =
        AtlasOptions.of(images, seed).withSize(384).withClasses(CLASSES).withLabels(2, 0.35);
    try (ProgressBar bar = ConsoleProgress.bar("drawing", images)) {
      new AtlasWriter(
              new SyntheticAtlas(drawn), Runtime.getRuntime().availableProcessors(), bar::stepTo)
          .writeSplit(atlas, TEST_SHARE);
    }
    console.println("2/4  finding the cells of the training images");
    console.flush();
    CellStore cells = cells(atlas.resolve("train"));
    console.printf(
        Locale.ROOT,
        "3/4  learning from %s of %s, of which only the images' labels are known%n",
        count(cells.size(), "cell"),
        count(cells.images().size(), "image"));
    console.flush();
    ConsoleProgress progress = new ConsoleProgress(console, epochs, "mAP");
    CellTraining training = new CellTraining(MODEL, false, Contrast.AS_IS, options, progress);
    Path run = out.resolve("model");
    CellTraining.Outcome outcome;
    try (progress) {
      outcome = training.run(cells, null, run, Map.of("images", "synthetic atlas, seed " + seed));
    }
    console.println("4/4  localising in images that it has not seen");
    console.flush();
    Path test = atlas.resolve("test");
    Path results = out.resolve("results");
    Localiser localiser =
        Localiser.of(new ModelFile.Loaded(outcome.description(), outcome.network()));
    ImageFolder unseen =
        ImageFolder.channels(test.resolve("images"))
            .withPixelSizeMicrometres(drawn.pixelSizeMicrometres());
    Map<String, String> settings =
        Map.of("model", RunRecord.sha256(run.resolve("model.safetensors")));
    Prediction prediction = new Prediction(spec, localiser, unseen, null, results, settings);
    Prediction.Summary summary = prediction.run(true, 8, null);
    ContestResult score =
        ContestMetric.evaluate(test.resolve("truth.csv"), results.resolve("submission.csv"));
    // What was predicted is taken up; only the page is made again.
    prediction.run(false, 8, page -> introduce(page, score, outcome, cells, run));
    record
        .put("options", options)
        .put("atlas", drawn)
        .put("contest mAP", score.meanAveragePrecision())
        .put("trainingSeconds", outcome.seconds())
        .write(out);
    console.printf(
        Locale.ROOT,
        "%nmAP %.1f%% (the contest's metric, IoU 0.6) on %s with %s; trained for %.0f s%n",
        100 * score.meanAveragePrecision(),
        count(summary.images(), "unseen image"),
        count(summary.cells(), "cell"),
        outcome.seconds());
    console.println("look at  " + results.resolve("report.html"));
    console.flush();
    return 0;
  }

  private CellStore cells(Path atlas) {
    ImageFolder folder = ImageFolder.channels(atlas.resolve("images"));
    LabelTable labels = LabelTable.read(atlas.resolve("labels.csv"), ClassList.HPA_2021);
    CellSegmenter segmenter = new CellSegmenter();
    try (ProgressBar bar = ConsoleProgress.bar("finding cells", folder.ids().size())) {
      return SegmentedCells.read(
          folder,
          folder.ids(),
          labels,
          image -> segmenter.segment(image).cells(),
          SIDE,
          Contrast.AS_IS,
          16,
          seed,
          text -> Outputs.complain(spec, text),
          id -> bar.step());
    }
  }

  private void introduce(
      HtmlReport page,
      ContestResult score,
      CellTraining.Outcome outcome,
      CellStore cells,
      Path run) {
    page.paragraph(
        "A demonstration on made-up cells: a small network learnt from the labels of whole images where each pattern is, cell by cell."
            + " Below is what it says of images that it has not seen, and how that compares with the truth, which is known for each drawn cell.");
    Map<String, String> tiles = new LinkedHashMap<>();
    tiles.put(
        "mAP, the contest's metric",
        String.format(Locale.ROOT, "%.1f%%", 100 * score.meanAveragePrecision()));
    tiles.put("cells learnt from", Integer.toString(cells.size()));
    tiles.put("seconds of training", String.format(Locale.ROOT, "%.0f", outcome.seconds()));
    tiles.put("parameters", String.format(Locale.ROOT, "%,d", outcome.network().parameterCount()));
    page.tiles(tiles);
    page.heading("How well");
    page.paragraph(
        "Average precision of each class: a prediction is right if its mask overlaps that of a cell with this class by at least 0.6 (intersection over union, IoU); of all predictions sorted by their probability, it is the area under the curve of precision over recall. mAP is the mean over the classes.");
    List<List<String>> rows = new ArrayList<>();
    for (ContestResult.OfClass each : score.perClass()) {
      if (each.instances() > 0) {
        rows.add(
            List.of(
                each.name(),
                String.format(Locale.ROOT, "%.1f%%", 100 * each.averagePrecision()),
                Integer.toString(each.instances()),
                Integer.toString(each.right())));
      }
    }
    page.table(List.of("class", "AP", "true cells", "found"), rows);
    page.picture(
        run.resolve("curves.png"),
        "How training went; the cell stream weighs five times as much in the second half, which lifts the loss");
  }
}
