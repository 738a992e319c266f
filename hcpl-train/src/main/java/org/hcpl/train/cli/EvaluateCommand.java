package org.hcpl.train.cli;

import static org.hcpl.tensor.io.Words.count;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hcpl.models.ModelFile;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.train.CellTraining;
import org.hcpl.train.Scoring;
import org.hcpl.train.data.CellStore;
import org.hcpl.train.data.SingleCells;
import org.hcpl.train.metric.ContestMetric;
import org.hcpl.train.metric.ContestResult;
import org.hcpl.train.metric.MaskMetrics;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores predictions against the truth: the contest's metric, or label images. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    sortSynopsis = false,
    header = "Scores predictions against the truth.",
    description = {
      "",
      "With --truth and --submission: the metric of the 2021 contest, mean average precision of"
          + " cell masks at IoU 0.6 over 19 classes.",
      "With --truth-masks and --masks: label images of the same name, average precision"
          + " TP/(TP+FP+FN) at IoU 0.5 and 0.7, aggregated Jaccard index, Dice.",
      "With --cells and --model: accuracy and confusions of a network on single cells.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  hcpl evaluate --truth truth.csv --submission places/submission.csv",
      "  hcpl evaluate --truth-masks labels --masks nuclei --json"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final String MASK_ENDING = "_(cell|nuclei|predicted)?mask$";

  private static final int NAME_WIDTH = 24;

  /** Label images that are named because they score lowest. */
  private static final int WORST = 5;

  @ArgGroup(multiplicity = "1")
  private What what;

  /** The one or the other. */
  static final class What {
    @ArgGroup(exclusive = false, heading = "%nThe contest's metric:%n")
    private Contest contest;

    @ArgGroup(exclusive = false, heading = "%nLabel images:%n")
    private Masks masks;

    @ArgGroup(exclusive = false, heading = "%nSingle cells of one class each:%n")
    private Cells cells;
  }

  /** Two tables. */
  static final class Contest {
    @Option(
        names = "--truth",
        required = true,
        paramLabel = "CSV",
        description =
            "True cells: ID,ImageWidth,ImageHeight,PredictionString with confidence 1, and"
                + " optionally Label.")
    private Path truth;

    @Option(
        names = "--submission",
        required = true,
        paramLabel = "CSV",
        description = "Predicted cells: ID,ImageWidth,ImageHeight,PredictionString.")
    private Path submission;
  }

  /** Two folders. */
  static final class Masks {
    @Option(
        names = "--truth-masks",
        required = true,
        paramLabel = "DIR",
        description =
            "True label images, PNG or TIFF: 0 is background, each other value an object.")
    private Path truth;

    @Option(
        names = "--masks",
        required = true,
        paramLabel = "DIR",
        description =
            "Label images to score, of the same names; <id>_cellmask or <id>_nucleimask stand for"
                + " <id>.")
    private Path masks;
  }

  /** A folder and a model. */
  static final class Cells {
    @Option(
        names = "--cells",
        required = true,
        paramLabel = "DIR",
        description = "One file a cell, in a folder for each class or with --labels.")
    private Path cells;

    @Option(
        names = "--model",
        required = true,
        paramLabel = "FILE",
        description = "model.safetensors of hcpl train --cells.")
    private Path model;

    @Option(
        names = "--labels",
        paramLabel = "CSV",
        description = "ID,Label with the name of the class.")
    private Path labels;

    @Range(min = 1, max = 8)
    @Option(
        names = "--views",
        paramLabel = "N",
        defaultValue = "8",
        description =
            "Mirror images and quarter turns whose mean counts, 1 to 8 (default:"
                + " ${DEFAULT-VALUE}).")
    private int views;
  }

  @Option(names = "--json", description = "Print the figures as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws JsonProcessingException {
    if (what.contest != null) {
      return contest(what.contest);
    }
    return what.masks != null ? masks(what.masks) : cells(what.cells);
  }

  private int contest(Contest files) throws JsonProcessingException {
    ContestResult result = ContestMetric.evaluate(files.truth, files.submission);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("metric", "contest mAP, mask IoU 0.6");
      tree.put("mAP", number(result.meanAveragePrecision()));
      tree.put("images", result.images());
      List<Map<String, Object>> classes = new ArrayList<>();
      for (ContestResult.OfClass each : result.perClass()) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("label", each.label());
        row.put("name", each.name());
        row.put("AP", number(each.averagePrecision()));
        row.put("cells", each.instances());
        row.put("predictions", each.predictions());
        row.put("right", each.right());
        row.put("ignored", each.ignored());
        classes.add(row);
      }
      tree.put("classes", classes);
      tree.put("imagesWithoutPrediction", result.unpredicted());
      tree.put("imagesNotInTruth", result.unknown());
      print(tree);
    } else {
      out.printf(
          Locale.ROOT, "%-42s %7s %8s %12s %8s%n", "class", "AP", "cells", "predictions", "right");
      for (ContestResult.OfClass each : result.perClass()) {
        out.printf(
            Locale.ROOT,
            "%-42s %7s %8d %12d %8d%n",
            each.label() + " " + each.name(),
            percent(each.averagePrecision()),
            each.instances(),
            each.predictions(),
            each.right());
      }
      out.printf(
          Locale.ROOT,
          "%nmAP %s over %s (IoU 0.6, mean over the classes that have cells)%n",
          percent(result.meanAveragePrecision()),
          count(result.images(), "image"));
      if (!result.unpredicted().isEmpty()) {
        out.printf(
            Locale.ROOT,
            "no prediction for %s, which count as without: %s%n",
            count(result.unpredicted().size(), "image"),
            shorten(result.unpredicted()));
      }
      if (!result.unknown().isEmpty()) {
        out.printf(
            Locale.ROOT,
            "left out %s of the submission, not in the truth: %s%n",
            count(result.unknown().size(), "image"),
            shorten(result.unknown()));
      }
      out.flush();
    }
    return 0;
  }

  private int cells(Cells given) throws JsonProcessingException {
    ModelFile.Loaded model = ModelFile.load(given.model);
    ModelFile.Description description = model.description();
    if (!description.exclusive() || description.inputChannels() != 1) {
      throw new CommandException(
          given.model
              + ": a network for "
              + count(description.inputChannels(), "channel")
              + (description.exclusive() ? "" : " and several classes a cell")
              + " (expected: one of hcpl train --cells)");
    }
    List<String> problems = new ArrayList<>();
    CellStore cells =
        SingleCells.read(
            given.cells,
            given.labels,
            description.classes(),
            description.side(),
            description.contrast(),
            problems::add);
    problems.forEach(problem -> Outputs.complain(spec, problem));
    float[][] probabilities = Scoring.probabilities(model.network(), cells, true, given.views);
    double accuracy = CellTraining.accuracy(probabilities, cells);
    int[][] confusion = CellTraining.confusion(probabilities, cells);
    if (json) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("accuracy", accuracy);
      tree.put("cells", cells.size());
      tree.put("classes", cells.classes());
      tree.put("confusion", confusion);
      tree.put("problems", problems);
      print(tree);
    } else {
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          "true class, recall, and how many of its cells were taken for each class, in the order of the rows:");
      for (int t = 0; t < confusion.length; t++) {
        int all = Math.max(1, Arrays.stream(confusion[t]).sum());
        out.printf(
            Locale.ROOT, "%-28s %6.1f%% ", cells.classes().get(t), 100.0 * confusion[t][t] / all);
        for (int count : confusion[t]) {
          out.printf(Locale.ROOT, " %5d", count);
        }
        out.println();
      }
      out.printf(Locale.ROOT, "%naccuracy %.4f over %s%n", accuracy, count(cells.size(), "cell"));
      out.flush();
    }
    return problems.isEmpty() ? 0 : 1;
  }

  private int masks(Masks folders) throws JsonProcessingException {
    Map<String, Path> truth = labelImages(folders.truth);
    Map<String, Path> found = labelImages(folders.masks);
    List<String> names = new ArrayList<>();
    List<MaskMetrics.Counts> counts = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    List<String> without = new ArrayList<>();
    for (Map.Entry<String, Path> entry : truth.entrySet()) {
      Path other = counterpart(found, entry.getKey());
      if (other == null) {
        without.add(entry.getKey());
        continue;
      }
      try {
        counts.add(
            MaskMetrics.compare(
                ImageFiles.readLabels(entry.getValue()), ImageFiles.readLabels(other)));
        names.add(entry.getKey());
      } catch (RuntimeException e) {
        problems.add(entry.getKey() + ": " + e.getMessage());
      }
    }
    if (!without.isEmpty()) {
      problems.add(
          "left out "
              + without.size()
              + " of "
              + count(truth.size(), "label image")
              + ", without a file of the same name in "
              + folders.masks
              + ": "
              + shorten(without));
    }
    if (counts.isEmpty()) {
      throw new CommandException(
          "no pair of label images to compare in "
              + folders.truth
              + " and "
              + folders.masks
              + " (expected: files of the same names and sizes)"
              + problems.stream().map(problem -> "\n" + problem).collect(Collectors.joining()));
    }
    problems.forEach(problem -> Outputs.complain(spec, problem));
    printMasks(names, counts, without, problems);
    return problems.isEmpty() ? 0 : 1;
  }

  private void printMasks(
      List<String> names,
      List<MaskMetrics.Counts> counts,
      List<String> without,
      List<String> problems)
      throws JsonProcessingException {
    MaskMetrics.Summary summary = MaskMetrics.summary(counts);
    if (json) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("images", summary.images());
      tree.put("mean", scores(summary.mean()));
      tree.put("pooled", scores(summary.pooled()));
      Map<String, Object> each = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        each.put(names.get(i), scores(MaskMetrics.scores(counts.get(i))));
      }
      tree.put("each", each);
      tree.put("missing", without);
      tree.put("problems", problems);
      print(tree);
    } else {
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          Locale.ROOT,
          "%-" + NAME_WIDTH + "s %8s %8s %8s %8s %8s%n",
          count(summary.images(), "image"),
          "AP@0.5",
          "AP@0.7",
          "AJI",
          "Dice",
          "F1@0.5");
      row(out, "mean over images", summary.mean());
      row(out, "all objects pooled", summary.pooled());
      worst(out, names, counts);
      out.flush();
    }
  }

  /** The images to look at first. */
  private static void worst(PrintWriter out, List<String> names, List<MaskMetrics.Counts> counts) {
    if (names.size() < 2) {
      return;
    }
    out.printf("%nlowest AP@0.5 (--json has every image)%n");
    IntStream.range(0, names.size())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> MaskMetrics.scores(counts.get(i)).ap50()))
        .limit(WORST)
        .forEach(i -> row(out, brief(names.get(i)), MaskMetrics.scores(counts.get(i))));
  }

  /** A name that fits its column, by its beginning. */
  private static String brief(String name) {
    return name.length() <= NAME_WIDTH ? name : name.substring(0, NAME_WIDTH - 3) + "...";
  }

  private static void row(PrintWriter out, String name, MaskMetrics.Scores s) {
    out.printf(
        Locale.ROOT,
        "%-" + NAME_WIDTH + "s %8.4f %8.4f %8.4f %8.4f %8.4f%n",
        name,
        s.ap50(),
        s.ap70(),
        s.aji(),
        s.dice(),
        s.f1());
  }

  private static Map<String, Object> scores(MaskMetrics.Scores s) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("AP50", number(s.ap50()));
    row.put("AP70", number(s.ap70()));
    row.put("AJI", number(s.aji()));
    row.put("dice", number(s.dice()));
    row.put("F1", number(s.f1()));
    return row;
  }

  /** The file of the same name, or the same but for an ending such as {@code _cellmask}. */
  private static Path counterpart(Map<String, Path> files, String name) {
    if (files.containsKey(name)) {
      return files.get(name);
    }
    String bare = name.replaceFirst(MASK_ENDING, "");
    for (String ending : List.of("", "_cellmask", "_nucleimask", "_predictedmask", "_mask")) {
      if (files.containsKey(bare + ending)) {
        return files.get(bare + ending);
      }
    }
    return null;
  }

  /** Files by their name without extension. */
  private static Map<String, Path> labelImages(Path folder) {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .filter(Files::isRegularFile)
          .forEach(
              file -> {
                String name = file.getFileName().toString();
                if (name.toLowerCase(Locale.ROOT).matches("(?s).*\\.(png|tiff?)")) {
                  Path other = files.put(name.substring(0, name.lastIndexOf('.')), file);
                  if (other != null) {
                    throw new ImageException(
                        folder
                            + ": both "
                            + other.getFileName()
                            + " and "
                            + name
                            + " (expected: one label image of a name)\nhelp: move one away");
                  }
                }
              });
    } catch (IOException e) {
      throw new ImageException(
          folder + ": not a readable folder (expected: a folder of label images)", e);
    }
    return files;
  }

  /** JSON has no NaN. */
  private static Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }

  private static String percent(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f%%", 100 * value);
  }

  private static String shorten(List<String> ids) {
    return String.join(", ", ids.subList(0, Math.min(5, ids.size())))
        + (ids.size() > 5 ? ", ..." : "");
  }

  private void print(Map<String, Object> tree) throws JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(tree));
    out.flush();
  }
}
