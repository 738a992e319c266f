package org.hcpl.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Offset.offset;
import static org.hcpl.train.cli.CommandRun.file;
import static org.hcpl.train.cli.CommandRun.ids;
import static org.hcpl.train.cli.CommandRun.predict;
import static org.hcpl.train.cli.CommandRun.segment;
import static org.hcpl.train.cli.CommandRun.train;
import static org.hcpl.train.cli.CommandRun.with;
import static org.hcpl.train.cli.CommandRun.without;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.hcpl.models.ModelFile;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;
import org.hcpl.models.localise.ClassList;
import org.hcpl.train.metric.ImageInstances;
import org.hcpl.train.metric.Mask;
import org.hcpl.train.metric.Submission;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands write, read back as its users would. */
class ResultsTest {
  /** To which tables are rounded. */
  private static final Offset<Double> HUNDREDTH = within(0.00501);

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path atlas;
  private static Path images;
  private static Path model;
  private static Path predicted;

  @BeforeAll
  static void drawTrainAndPredict() {
    atlas = shared.resolve("atlas");
    images = atlas.resolve("images");
    CommandRun.draw(4, atlas);
    CommandRun.of(train(atlas, shared.resolve("model"))).isDone();
    model = shared.resolve("model/model.safetensors");
    predicted = shared.resolve("predicted");
    CommandRun.of(predict(images, model, predicted)).isDone();
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  private static List<Map<String, String>> table(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    String[] header = lines.get(0).split(",");
    return lines.subList(1, lines.size()).stream()
        .map(line -> line.split(",", -1))
        .map(
            row ->
                IntStream.range(0, row.length)
                    .boxed()
                    .collect(Collectors.toMap(i -> header[i], i -> row[i])))
        .toList();
  }

  // predict

  @Test
  void aRowOfCellsIsWhatTheMaskShows() throws IOException {
    List<Map<String, String>> rows = table(predicted.resolve("cells.csv"));
    assertThat(rows).hasSizeGreaterThan(8);
    assertThat(Files.readAllLines(predicted.resolve("cells.csv")).get(0))
        .isEqualTo(
            "image,cell,left,top,right,bottom,centroid_x,centroid_y,"
                + "area,nucleus_area,touches_border,area_um2,nucleus_area_um2,"
                + String.join(",", ClassList.HPA_2021.names())
                + ",most_likely,places");
    List<Double> thresholds = ModelFile.load(model).description().thresholds();
    for (Map<String, String> row : rows) {
      LabelImage mask =
          ImageFiles.readLabels(predicted.resolve(row.get("image") + "_cellmask.png"));
      int cell = Integer.parseInt(row.get("cell"));
      int area = 0;
      int left = mask.width();
      int bottom = 0;
      double columns = 0;
      double lines = 0;
      for (int i = 0; i < mask.labels().length; i++) {
        if (mask.labels()[i] == cell) {
          area++;
          left = Math.min(left, i % mask.width());
          bottom = Math.max(bottom, i / mask.width());
          columns += i % mask.width();
          lines += i / mask.width();
        }
      }
      assertThat(row).containsEntry("area", Integer.toString(area));
      assertThat(row).containsEntry("left", Integer.toString(left));
      assertThat(row).containsEntry("bottom", Integer.toString(bottom));
      assertThat(Double.parseDouble(row.get("centroid_x"))).isCloseTo(columns / area, HUNDREDTH);
      assertThat(Double.parseDouble(row.get("centroid_y"))).isCloseTo(lines / area, HUNDREDTH);
      assertThat(row).containsEntry("area_um2", "");
      for (String name : ClassList.HPA_2021.names()) {
        assertThat(Double.parseDouble(row.get(name))).isBetween(0.0, 1.0);
        assertThat(Double.parseDouble(row.get(name)))
            .isLessThanOrEqualTo(Double.parseDouble(row.get(row.get("most_likely"))));
        boolean found =
            Double.parseDouble(row.get(name))
                >= thresholds.get(ClassList.HPA_2021.names().indexOf(name));
        assertThat(List.of(row.get("places").split("[|]")).contains(name)).isEqualTo(found);
      }
    }
  }

  @Test
  void aSubmissionHoldsEveryCellOfTheMasksInEveryClass() throws IOException {
    List<ImageInstances> lines = new ArrayList<>();
    Submission.read(predicted.resolve("submission.csv"), ClassList.HPA_2021, lines::add);
    assertThat(lines).extracting(ImageInstances::id).isEqualTo(ids(images));
    for (ImageInstances line : lines) {
      LabelImage mask = ImageFiles.readLabels(predicted.resolve(line.id() + "_cellmask.png"));
      List<Mask> cells = List.copyOf(Mask.ofAll(mask).values());
      assertThat(line.instances()).hasSize(19 * cells.size());
      for (int c = 0; c < 19; c++) {
        int label = c;
        assertThat(line.instances().stream().filter(i -> i.label() == label).map(i -> i.mask()))
            .isEqualTo(cells);
      }
    }
  }

  @Test
  void masksHaveSixteenBitsAndPicturesTheSizeOfTheImage() throws IOException {
    for (String id : ids(images)) {
      for (String kind : List.of("cellmask", "nucleimask")) {
        BufferedImage mask = ImageIO.read(predicted.resolve(id + "_" + kind + ".png").toFile());
        assertThat(mask.getType()).isEqualTo(BufferedImage.TYPE_USHORT_GRAY);
        assertThat(mask.getWidth()).isEqualTo(128);
      }
      assertThat(ImageIO.read(predicted.resolve(id + "_overlay.png").toFile()).getHeight())
          .isEqualTo(128);
    }
  }

  @Test
  void theReportIsOnePageThatLoadsNothing() throws IOException {
    String page = Files.readString(predicted.resolve("report.html"));
    assertThat(page).startsWith("<!doctype html>").endsWith("</html>\n");
    assertThat(page).contains(ids(images)).contains("cla:efficientnet_b0@tiny");
    assertThat(page).doesNotContain("http", "<script", "src=\"/", "<link");
    assertThat(page.split("data:image/jpeg;base64,", -1).length).isGreaterThan(4);
  }

  @Test
  void theRecordSaysWhereResultsComeFrom() throws IOException {
    JsonNode run = json(predicted.resolve("run.json"));
    assertThat(run.get("command").asText()).isEqualTo("predict");
    assertThat(run.get("arguments").toString()).contains("\"--model\"", model.toString());
    assertThat(run.get("modelSha256").asText()).matches("[0-9a-f]{64}");
    assertThat(run.get("imagesDone").asInt()).isEqualTo(4);
    assertThat(run.get("started").asText()).isLessThan(run.get("ended").asText());
    JsonNode training = json(shared.resolve("model/run.json"));
    assertThat(training.get("options").get("seed").asInt()).isEqualTo(1);
    assertThat(training.get("dataCrc32").asText()).matches("[0-9a-f]{1,8}");
    assertThat(training.get("classes")).hasSize(19);
    assertThat(training.fieldNames())
        .toIterable()
        .contains("version", "java", "system", "backend", "vectorApi", "threads", "cells");
  }

  @Test
  void anImageLevelNetworkGivesARowAnImage() throws IOException {
    Path run = folder.resolve("whole");
    String[] line = without("--masks", with("--cell-size", "64", train(atlas, run)));
    CommandRun.of(with("--model", "gapnet-pl@tiny", line)).isDone();
    Path out = folder.resolve("out");
    CommandRun result = CommandRun.of(predict(images, run.resolve("model.safetensors"), out));
    assertThat(result.isDone().out()).startsWith("4 images in ");
    List<Map<String, String>> rows = table(out.resolve("images.csv"));
    assertThat(rows).extracting(row -> row.get("image")).isEqualTo(ids(images));
    for (String option : List.of("--pixel-size", "--nucleus-diameter")) {
      CommandRun.of(with(option, "1", predict(images, run.resolve("model.safetensors"), out)))
          .isWrongUse("predict", option + " does not go with this", " looks at whole images");
    }
    assertThat(rows.get(0)).hasSize(20).containsKeys("Nucleoplasm", "Negative");
    assertThat(out.resolve("cells.csv")).doesNotExist();
    assertThat(out.resolve("submission.csv")).doesNotExist();
    assertThat(out.resolve("report.html")).content().contains("What the images show");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.64", "0.3"})
  void predictionFindsWhatSegmentationFindsByTheSameSizes(String pixel) throws IOException {
    Path segmented = folder.resolve("segmented");
    Path out = folder.resolve("out");
    for (String[] line : List.of(segment(images, segmented), predict(images, model, out))) {
      CommandRun.of(with("--pixel-size", pixel, with("--nucleus-diameter", "15", line))).isDone();
    }
    List<Map<String, String>> objects = table(segmented.resolve("objects.csv"));
    List<Map<String, String>> cells = table(out.resolve("cells.csv"));
    assertThat(cells).hasSameSizeAs(objects).isNotEmpty();
    for (int i = 0; i < cells.size(); i++) {
      objects.get(i).put("cell", objects.get(i).remove("object"));
      assertThat(cells.get(i)).containsAllEntriesOf(objects.get(i));
      double edge = Double.parseDouble(pixel);
      assertThat(Double.parseDouble(cells.get(i).get("area_um2")))
          .isCloseTo(Integer.parseInt(cells.get(i).get("area")) * edge * edge, HUNDREDTH);
    }
    for (String id : ids(images)) {
      for (String kind : List.of("cellmask", "nucleimask", "overlay")) {
        String file = id + "_" + kind + ".png";
        assertThat(out.resolve(file)).hasSameBinaryContentAs(segmented.resolve(file));
      }
    }
  }

  @Test
  void givenMasksAreKept() throws IOException {
    Path out = folder.resolve("out");
    Path masks = atlas.resolve("masks");
    String[] line = with("--masks", masks.toString(), predict(images, model, out));
    CommandRun.of(with("--pixel-size", "0.5", line)).isDone();
    assertThat(table(out.resolve("cells.csv")))
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat(row).containsEntry("nucleus_area", "");
              assertThat(row).containsEntry("nucleus_area_um2", "");
              assertThat(Double.parseDouble(row.get("area_um2")))
                  .isEqualTo(Integer.parseInt(row.get("area")) / 4.0);
            });
    for (String id : ids(images)) {
      assertThat(ImageFiles.readLabels(out.resolve(id + "_cellmask.png")).labels())
          .isEqualTo(ImageFiles.readLabels(masks.resolve(id + "_cellmask.png")).labels());
      assertThat(out.resolve(id + "_nucleimask.png")).doesNotExist();
    }
  }

  // segment

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB, 16, 8})
  void nucleiOfGreyColouredAndDeepFilesAreTheSame(int kind) throws IOException {
    String id = ids(images).get(0);
    Path given = Files.createDirectory(folder.resolve("given"));
    Path source = file(images, id, Channel.BLUE);
    Path target = given.resolve("nuclei.png");
    if (kind == 8) {
      Files.copy(source, target);
    } else {
      Plane plane = ImageFiles.readPlane(source);
      if (kind == 16) {
        LabelImage deep = LabelImage.of(128, 128);
        for (int i = 0; i < deep.labels().length; i++) {
          deep.labels()[i] = Math.round(65535 * plane.values()[i]);
        }
        ImageFiles.writeLabels(deep, target);
      } else {
        BufferedImage picture = new BufferedImage(128, 128, kind);
        for (int i = 0; i < plane.values().length; i++) {
          int value = Math.round(255 * plane.values()[i]);
          picture.setRGB(i % 128, i / 128, 0xff000000 | value * 0x10101);
        }
        ImageFiles.writePng(picture, target);
      }
    }
    Path out = folder.resolve("out");
    CommandRun.of(with("--channels", "nucleus", segment(given, out))).isDone();
    assertThat(out.resolve("nuclei_cellmask.png")).doesNotExist();
    assertThat(out.resolve("nuclei_overlay.png")).isRegularFile();
    LabelImage found = ImageFiles.readLabels(out.resolve("nuclei_nucleimask.png"));
    assertThat(found.max()).isGreaterThan(1);

    Path plain = folder.resolve("plain");
    CommandRun.of(with("--channels", "nucleus", segment(images, plain))).isDone();
    LabelImage expected = ImageFiles.readLabels(plain.resolve(id + "_nucleimask.png"));
    assertThat(found.labels()).isEqualTo(expected.labels());
  }

  @Test
  void whoHasNucleiAloneIsToldOfTheOption() throws IOException {
    Path given = Files.createDirectory(folder.resolve("given"));
    for (String name : List.of("a.png", "b.png")) {
      Files.copy(file(images, ids(images).get(0), Channel.BLUE), given.resolve(name));
    }
    CommandRun run = CommandRun.of(segment(given, folder.resolve("out")));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).containsOnlyOnce("add --channels nucleus");
    String id = ids(images).get(1);
    for (Channel channel : Channel.values()) {
      Path file = file(images, id, channel);
      Files.copy(file, given.resolve(file.getFileName()));
    }
    run = CommandRun.of(segment(given, folder.resolve("out")));
    assertThat(run.err()).contains("b.png").doesNotContain("--channels nucleus");
  }

  @Test
  void sizesAreInMicrometresWhereThePixelSizeIsKnown() throws IOException {
    Path unknown = folder.resolve("unknown");
    CommandRun.of(segment(images, unknown)).isDone();
    assertThat(table(unknown.resolve("objects.csv")))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row).containsEntry("area_um2", ""));
    Path known = folder.resolve("known");
    CommandRun.of(with("--pixel-size", "0.5", segment(images, known))).isDone();
    assertThat(table(known.resolve("objects.csv")))
        .isNotEmpty()
        .allSatisfy(
            row ->
                assertThat(Double.parseDouble(row.get("area_um2")))
                    .isEqualTo(Integer.parseInt(row.get("area")) / 4.0));
  }

  // evaluate

  @Test
  void labelImagesAreScoredInATableAndAsJson() throws IOException {
    String[] line = {
      "evaluate",
      "--truth-masks",
      atlas.resolve("masks").toString(),
      "--masks",
      atlas.resolve("masks").toString()
    };
    assertThat(CommandRun.of(line).isDone().out())
        .contains("8 images", "AP@0.5", "AP@0.7", "AJI", "Dice")
        .contains("1.0000   1.0000   1.0000   1.0000   1.0000")
        .contains("lowest AP@0.5")
        .contains("\n" + ids(images).get(0).substring(0, 15));
    line[4] = predicted.toString();
    List<String> jsonLine = new ArrayList<>(List.of(line));
    jsonLine.add("--json");
    JsonNode tree =
        new ObjectMapper().readTree(CommandRun.of(jsonLine.toArray(String[]::new)).isDone().out());
    assertThat(tree.get("images").asInt()).isEqualTo(8);
    for (String score : List.of("AP50", "AP70", "AJI", "dice")) {
      assertThat(tree.get("mean").get(score).asDouble()).as(score).isBetween(0.0, 1.0);
      assertThat(tree.get("pooled").get(score).asDouble()).as(score).isBetween(0.0, 1.0);
    }
    assertThat(tree.get("each")).hasSize(8);
    assertThat(tree.get("missing")).isEmpty();
  }

  @Test
  void missingLabelImagesAreNamedInOneLine() throws IOException {
    Path some = Files.createDirectory(folder.resolve("some"));
    String name = ids(images).get(0) + "_cellmask.png";
    Files.copy(atlas.resolve("masks").resolve(name), some.resolve(name));
    CommandRun run =
        CommandRun.of(
            "evaluate",
            "--truth-masks",
            atlas.resolve("masks").toString(),
            "--masks",
            some.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err())
        .startsWith("left out 6 of 8 label images, without a file of the same name in " + some);
  }

  @Test
  void theTruthScoresFullByTheContestsMetric() throws IOException {
    String truth = atlas.resolve("truth.csv").toString();
    CommandRun run = CommandRun.of("evaluate", "--truth", truth, "--submission", truth, "--json");
    JsonNode tree = new ObjectMapper().readTree(run.isDone().out());
    assertThat(tree.get("mAP").asDouble()).isCloseTo(1, offset(1e-12));
    assertThat(tree.get("classes")).hasSize(19);
    assertThat(tree.get("classes").get(18).get("name").asText()).isEqualTo("Negative");
    assertThat(tree.get("classes").get(3).get("AP").isNull()).as("a class without cells").isTrue();
  }

  // demo

  @Test
  void theDemonstrationEndsInAReportAndGoesOnWhereItWas() throws IOException {
    String[] line = {
      "demo", "--out", folder.toString(), "--images", "10", "--epochs", "1", "--threads", "2"
    };
    CommandRun first = CommandRun.of(line).isDone();
    assertThat(first.out()).contains("1/4", "4/4", "epoch 1/1: ", "mAP ", "look at ");
    assertThat(folder.resolve("results/report.html"))
        .content()
        .contains("made-up cells", "mAP, the contest", "How training went");
    assertThat(json(folder.resolve("run.json")).get("contest mAP").isNumber()).isTrue();
    CommandRun again = CommandRun.of(line).isDone();
    assertThat(again.out()).doesNotContain("epoch 1/1: ").contains(score(first));
    CommandRun.of(with("--images", "20", line))
        .isOneError("demo", folder.resolve("atlas").toString());
  }

  private static String score(CommandRun demo) {
    return demo.out()
        .lines()
        .filter(line -> line.startsWith("mAP "))
        .findFirst()
        .orElseThrow()
        .split(" ")[1];
  }

  // train

  @Test
  void patienceEndsATrainingThatGetsNoBetter() throws IOException {
    Path out = folder.resolve("out");
    // At such a rate nothing is learnt, so that no epoch beats the first by more than luck.
    String[] line = with("--learning-rate", "1e-12", train(atlas, out));
    line = with("--average", "0", with("--validation-share", "0.5", line));
    CommandRun.of(with("--patience", "2", with("--epochs", "40", line))).isDone();
    assertThat(Files.readAllLines(out.resolve("history.csv")).size() - 1).isBetween(3, 20);
  }

  @Test
  void curvesAreAPictureOfTheHistory() throws IOException {
    BufferedImage curves = ImageIO.read(shared.resolve("model/curves.png").toFile());
    assertThat(curves.getWidth()).isEqualTo(900);
    assertThat(
            IntStream.range(0, curves.getWidth() * curves.getHeight())
                .map(i -> curves.getRGB(i % curves.getWidth(), i / curves.getWidth()))
                .filter(rgb -> (rgb & 0xffffff) == 0x1b6ca8))
        .as("pixels of the loss")
        .isNotEmpty();
    assertThat(table(shared.resolve("model/history.csv")))
        .singleElement()
        .satisfies(row -> assertThat(Double.parseDouble(row.get("loss"))).isPositive());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cla:efficientnet_b0@tiny", "dsa:efficientnet_b0@tiny"})
  void aTrainingThatWasKilledGoesOnToTheSameBits(String network) throws Exception {
    String[] line = with("--epochs", "6", train(atlas, folder.resolve("straight")));
    line = with("--threads", "1", with("--model", network, line));
    CommandRun.of(line).isDone();

    String round = network.startsWith("dsa") ? "round1" : ".";
    Path killed = null;
    for (int attempt = 0; attempt < 3 && !isCutShort(killed); attempt++) {
      killed = folder.resolve("killed" + attempt);
      line = with("--out", killed.toString(), line);
      Path checkpoint = killed.resolve(round).resolve("checkpoint.safetensors");
      CommandRun.kill(line, () -> Files.exists(checkpoint));
    }
    assertThat(killed.resolve("model.safetensors")).as("killed too late").doesNotExist();
    CommandRun resumed = CommandRun.of(line);
    assertThat(resumed.status()).isZero();
    assertThat(resumed.out()).contains("going on in epoch ").contains("epoch 6/6: ");
    assertThat(killed.resolve("model.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("straight/model.safetensors"));
  }

  /** Whether a run was killed before its end: on a busy machine the kill may come too late. */
  private static boolean isCutShort(Path run) {
    return run != null && !Files.exists(run.resolve("model.safetensors"));
  }
}
