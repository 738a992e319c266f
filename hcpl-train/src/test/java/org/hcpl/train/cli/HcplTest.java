package org.hcpl.train.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hcpl.train.cli.CommandRun.file;
import static org.hcpl.train.cli.CommandRun.predict;
import static org.hcpl.train.cli.CommandRun.segment;
import static org.hcpl.train.cli.CommandRun.with;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;
import org.hcpl.tensor.io.NamedArray;
import org.hcpl.tensor.io.Safetensors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands as a user sees them: help, wrong use, and one clear error for each bad input. */
class HcplTest {
  private static final int SIZE = 128;

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path atlas;
  private static Path images;
  private static Path model;

  /** Four images of a few cells, and a model of one short training on them. */
  @BeforeAll
  static void drawAndTrain() {
    atlas = shared.resolve("atlas");
    images = atlas.resolve("images");
    CommandRun.draw(4, atlas);
    run(train(shared.resolve("model"))).isDone();
    model = shared.resolve("model/model.safetensors");
  }

  private static CommandRun run(String... arguments) {
    return CommandRun.of(arguments);
  }

  private static String[] train(Path out) {
    return CommandRun.train(atlas, out);
  }

  private static List<String> ids() {
    return CommandRun.ids(images);
  }

  // Help and use

  static Stream<String> commands() {
    return Hcpl.commandLine().getSubcommands().keySet().stream()
        .filter(name -> !name.equals("help"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelp(String command) {
    CommandRun result = run(command, "--help");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("Usage: hcpl " + command).contains("--help");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void theCommandItselfHasHelpAndVersion() {
    CommandRun help = run("--help");
    assertThat(help.status()).isZero();
    assertThat(commands()).allSatisfy(command -> assertThat(help.out()).contains("\n  " + command));
    assertThat(run("help").out()).isEqualTo(help.out());
    assertThat(run().out()).isEqualTo(help.out());
    CommandRun version = run("--version");
    assertThat(version.status()).isZero();
    assertThat(version.out().strip()).matches("hcpl \\S+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgment",
        "segment",
        "segment --images somewhere",
        "predict --out x",
        "train --images x --out y",
        "evaluate",
        "evaluate --truth t.csv",
        "evaluate --truth t.csv --masks m",
        "parity",
        "atlas --out x --images many",
        "segment --images x --out y --channels green",
        "demo --epochs"
      })
  void wrongUseEndsWithStatusTwo(String line) {
    CommandRun result = run(line.split(" "));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("hcpl")
        .contains("help: hcpl", " --help shows what it takes")
        .doesNotContain("\tat ", "Usage: ");
    assertThat(result.err().lines()).hasSizeLessThan(6);
    assertThat(result.out()).isEmpty();
  }

  // Folders and images

  @Test
  void missingFolder() {
    Path nowhere = folder.resolve("nowhere");
    run(segment(nowhere, folder.resolve("out")))
        .isOneError("segment", nowhere + ": does not exist", "expected: a folder of images");
    run(predict(nowhere, model, folder.resolve("out")))
        .isOneError("predict", nowhere + ": does not exist");
    run(with("--images", nowhere.toString(), train(folder.resolve("out"))))
        .isOneError("train", nowhere + ": does not exist");
    run(
            "evaluate",
            "--truth-masks",
            nowhere.toString(),
            "--masks",
            atlas.resolve("masks").toString())
        .isOneError("evaluate", nowhere.toString(), "expected: a folder");
  }

  @Test
  void folderWithoutImages() {
    run(segment(folder, folder.resolve("out")))
        .isOneError("segment", folder + ": no images found", "<id>_red.png");
  }

  @Test
  void badImagesDoNotEndABatch() throws IOException {
    List<String> ids = ids();
    Path batch = Files.createDirectory(folder.resolve("batch"));
    for (String id : ids) {
      for (Channel channel : Channel.values()) {
        Files.copy(file(images, id, channel), file(batch, id, channel));
      }
    }
    String lacking = ids.get(0);
    Files.delete(file(batch, lacking, Channel.YELLOW));
    String uneven = ids.get(1);
    ImageFiles.writePlane(Plane.of(SIZE / 2, SIZE), file(batch, uneven, Channel.GREEN));
    String corrupt = ids.get(2);
    Path broken = file(batch, corrupt, Channel.BLUE);
    Files.write(broken, Arrays.copyOf(Files.readAllBytes(broken), 200));
    String good = ids.get(3);

    Path segmented = folder.resolve("segmented");
    Path predicted = folder.resolve("predicted");
    for (CommandRun result :
        List.of(run(segment(batch, segmented)), run(predict(batch, model, predicted)))) {
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err())
          .contains("image " + lacking + " lacks its yellow channel", "help: copy the missing file")
          .contains(
              file(batch, uneven, Channel.GREEN) + ": 128x64 (expected: 128x128",
              "help: export all channels at one size")
          .contains(broken.toString())
          .doesNotContain(good, "\tat ");
      assertThat(result.out()).contains("3 images failed");
    }
    for (Path out : List.of(segmented, predicted)) {
      for (String kind : List.of("cellmask", "nucleimask", "overlay")) {
        assertThat(out.resolve(good + "_" + kind + ".png")).isRegularFile();
        assertThat(out.resolve(corrupt + "_" + kind + ".png")).doesNotExist();
      }
      assertThat(Files.readString(out.resolve("run.json"))).contains("lacks its yellow channel");
    }
    assertThat(predicted.resolve("report.html"))
        .content()
        .contains(good, "lacks its yellow channel");
    assertThat(Files.readAllLines(predicted.resolve("submission.csv"))).hasSize(2);
  }

  @Test
  void outputFolderThatIsAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "a file");
    List<String[]> calls =
        List.of(
            segment(images, file),
            predict(images, model, file),
            train(file),
            new String[] {"atlas", "--out", file.toString(), "--images", "40"},
            new String[] {"demo", "--out", file.toString()});
    for (String[] call : calls) {
      run(call).isOneError(call[0], file.toString(), "help: choose another output folder");
    }
    assertThat(file).hasContent("a file");
  }

  // Training

  @Test
  void unknownLabel() throws IOException {
    Path labels = folder.resolve("labels.csv");
    Files.writeString(labels, "ID,Label\n" + ids().get(0) + ",0|19\n");
    run(with("--labels", labels.toString(), train(folder.resolve("out"))))
        .isOneError("train", labels + ":2: label '19'", "expected: 0..18");
  }

  @Test
  void unknownModel() {
    run(with("--model", "cla:resnet9000", train(folder.resolve("out"))))
        .isOneError("train", "model resnet9000", "efficientnet_b0");
  }

  @Test
  void checkpointOfAnotherRun() {
    Path out = folder.resolve("run");
    assertThat(run(train(out)).status()).isZero();
    assertThat(run(train(out)).status()).as("the same run goes on").isZero();
    // Of the same shapes, but with another padding.
    run(with("--model", "cla:tf_efficientnet_b0@tiny", train(out)))
        .isOneError("train", "checkpoint of another run: cla:efficientnet_b0@tiny with ");
    run(with("--learning-rate", "2e-3", train(out)))
        .isOneError(
            "train",
            out.resolve("checkpoint.safetensors").toString(),
            "checkpoint of another run",
            "help: choose another output folder");
  }

  @Test
  void lossThatIsNoNumber() {
    Path out = folder.resolve("run");
    run(with("--learning-rate", "1e30", with("--batch", "2", train(out))))
        .isOneError("train", "loss is", "in epoch 1", "help: lower the learning rate");
    assertThat(out.resolve("model.safetensors")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--validation-share 2",
        "--cell-size 0",
        "--batch 0",
        "--epochs 0",
        "--threads -1",
        "--threads 0",
        "--classes 20",
        "--cells-per-image 0",
        "--weight-decay Infinity",
        "--learning-rate NaN",
        "--average 1",
        "--focal -0.5",
        "--augment standard,crop=7",
        "--augment wild"
      })
  void optionsOutOfRange(String option) {
    String[] parts = option.split(" ");
    run(with(parts[0], parts[1], train(folder.resolve("out"))))
        .isWrongUse("train", parts[0], "(expected: ");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "-1", "0", "1e9"})
  void sizesOutOfRange(String size) {
    Path out = folder.resolve("out");
    for (String option : List.of("--pixel-size", "--nucleus-diameter")) {
      for (String[] line : List.of(segment(images, out), predict(images, model, out))) {
        run(with(option, size, line))
            .isWrongUse(line[0], option + " " + Double.parseDouble(size) + " (expected: >= ");
      }
    }
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "atlas --test-share 1",
        "atlas --test-share NaN",
        "atlas --size 5000",
        "atlas --images 0",
        "atlas --noise -1",
        "atlas --blur Infinity",
        "atlas --absence 1.5",
        "atlas --classes 0,19",
        "demo --epochs 0",
        "demo --images 0"
      })
  void optionsOfDrawingOutOfRange(String line) {
    String[] parts = line.split(" ");
    Path out = folder.resolve("drawn");
    run(parts[0], "--out", out.toString(), parts[1], parts[2])
        .isWrongUse(parts[0], parts[1], "(expected: ");
    assertThat(out).doesNotExist();
  }

  /** An option in a group, and ranges of subcommands, are checked, too. */
  @Test
  void viewsOutOfRange() {
    run("evaluate", "--cells", "x", "--model", "y", "--views", "9")
        .isWrongUse("evaluate", "--views 9 (expected: >= 1 and <= 8)");
  }

  // Models

  @Test
  void wrongModelFile() throws IOException {
    Path out = folder.resolve("out");
    Path picture = file(images, ids().get(0), Channel.RED);
    run(predict(images, picture, out))
        .isOneError("predict", picture + ": not a model file", "help: give the model.safetensors");

    Path truncated = folder.resolve("truncated.safetensors");
    byte[] bytes = Files.readAllBytes(model);
    Files.write(truncated, Arrays.copyOf(bytes, bytes.length / 2));
    run(predict(images, truncated, out))
        .isOneError("predict", truncated.toString(), "help: give the model.safetensors");

    Path bare = folder.resolve("bare.safetensors");
    Safetensors.write(
        bare, List.of(new NamedArray("weight", new int[] {2}, new float[] {1, 2})), Map.of());
    run(predict(images, bare, out))
        .isOneError(
            "predict",
            bare + ": weights without a description",
            "help: give the model.safetensors");

    Path absent = folder.resolve("absent.safetensors");
    run(predict(images, absent, out)).isOneError("predict", absent + ": no such file");
    assertThat(out).doesNotExist();
  }

  // Evaluation

  @Test
  void labelImagesOfDifferentSize() throws IOException {
    Path truth = Files.createDirectory(folder.resolve("truth"));
    Path found = Files.createDirectory(folder.resolve("found"));
    ImageFiles.writeLabels(LabelImage.of(8, 8), truth.resolve("a.png"));
    ImageFiles.writeLabels(LabelImage.of(8, 9), found.resolve("a.png"));
    String[] call = {"evaluate", "--truth-masks", truth.toString(), "--masks", found.toString()};
    run(call).isOneError("evaluate", "a: ", "8x8", "9x8");

    LabelImage one = LabelImage.of(8, 8);
    one.labels()[9] = 1;
    ImageFiles.writeLabels(one, truth.resolve("b.png"));
    ImageFiles.writeLabels(one, found.resolve("b.png"));
    CommandRun rest = run(call);
    assertThat(rest.status()).as("one pair failed").isEqualTo(1);
    assertThat(rest.err()).startsWith("a: ");
    assertThat(rest.out()).contains("1 image ").contains("1.0000");
  }

  @Test
  void malformedSubmission() throws IOException {
    Path truth = atlas.resolve("truth.csv");
    Path submission = folder.resolve("submission.csv");
    Files.writeString(
        submission,
        "ID,ImageWidth,ImageHeight,PredictionString\n"
            + ids().get(0)
            + ",128,128,0 0.9 notamask\n");
    run("evaluate", "--truth", truth.toString(), "--submission", submission.toString())
        .isOneError("evaluate", submission + ":2: instance 1: mask", "expected");

    Path absent = folder.resolve("absent.csv");
    run("evaluate", "--truth", truth.toString(), "--submission", absent.toString())
        .isOneError("evaluate", absent + ": no such file");
  }

  @Test
  void predictionsCanBeScored() {
    Path out = folder.resolve("out");
    CommandRun predicted = run(predict(images, model, out));
    assertThat(predicted.status()).isZero();
    CommandRun result =
        run(
            "evaluate",
            "--truth",
            atlas.resolve("truth.csv").toString(),
            "--submission",
            out.resolve("submission.csv").toString(),
            "--json");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("\"mAP\"", "\"images\" : 4");
  }

  /** On a terminal, where bars and complaints come to the same place. */
  @Test
  void aComplaintHasALineOfItsOwn() throws IOException {
    Path batch = Files.createDirectory(folder.resolve("batch"));
    for (String id : List.of("a", "b")) {
      ImageFiles.writePlane(Plane.of(8, 8), file(batch, id, Channel.RED));
    }
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream capture = new PrintStream(bytes, true, UTF_8)) {
      System.setErr(capture);
      CommandLine line = Hcpl.commandLine();
      line.setErr(new PrintWriter(capture, true, UTF_8));
      line.setOut(new PrintWriter(new StringWriter()));
      line.execute(segment(batch, folder.resolve("out")));
    } finally {
      System.setErr(before);
    }
    assertThat(bytes.toString(UTF_8).lines())
        .filteredOn(text -> text.contains(" lacks its "))
        .hasSize(2)
        .allSatisfy(text -> assertThat(text).startsWith(batch.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--validation somewhere",
        "--label-smoothing 0.1",
        "--no-head-fit",
        "--patience 3",
        "--cells --masks m",
        "--cells --classes 19",
        "--cells --focal 1",
        "--cells --cells-per-image 20",
        "--cells --validation v --validation-share 0.15",
        "--cells --model dsa:efficientnet_b0@tiny",
        "--model gapnet-pl@tiny --contrast as_is",
        "--model gapnet-pl@tiny --masks m",
        "--model gapnet-pl@tiny --cells-per-image 5",
        "--model gapnet-pl@tiny --cells"
      })
  void optionsOfTrainingThatWouldBePassedOver(String options) {
    Path out = folder.resolve("out");
    List<String> line = new ArrayList<>(List.of("train", "--images", images.toString()));
    line.addAll(List.of("--labels", "labels.csv", "--out", out.toString()));
    List<String> more = List.of(options.split(" "));
    if (!more.contains("--model")) {
      line.addAll(List.of("--model", "cla:efficientnet_b0@tiny"));
    }
    if (more.contains("--patience")) {
      line.addAll(List.of("--validation-share", "0"));
    }
    line.addAll(more);
    CommandRun result = run(line.toArray(String[]::new));
    result.isWrongUse("train", " does not go with this: ", "help: leave --");
    assertThat(out).doesNotExist();
  }

  @Test
  void trainingOnImagesNeedsLabels() {
    Path out = folder.resolve("out");
    run(
            "train",
            "--images",
            images.toString(),
            "--model",
            "cla:efficientnet_b0@tiny",
            "--out",
            out.toString())
        .isWrongUse("train", "--labels is missing (expected: a CSV table");
    assertThat(out).doesNotExist();
  }

  @Test
  void optionsOfPredictionThatWouldBePassedOver() {
    Path out = folder.resolve("out");
    for (String stream : List.of("cell", "fused")) {
      run(with("--stream", stream, predict(images, model, out)))
          .isWrongUse(
              "predict",
              "--stream does not go with this: cla:efficientnet_b0@tiny has no streams",
              "help: leave --stream out");
    }
    List<String> line = new ArrayList<>(List.of(predict(images, model, out)));
    line.add("--as-is");
    run(line.toArray(String[]::new)).isWrongUse("predict", "--as-is does not go with this");
    String[] masked = with("--masks", images.toString(), predict(images, model, out));
    run(with("--nucleus-diameter", "15", masked))
        .isWrongUse(
            "predict",
            "--nucleus-diameter does not go with this: --masks says where the cells are",
            "help: leave --nucleus-diameter out");
    run(with("--report-images", "-1", predict(images, model, out)))
        .isWrongUse("predict", "--report-images -1 (expected: >= 0)");
    assertThat(out).doesNotExist();
  }

  @Test
  void aDiameterWithoutThePixelSize() {
    Path out = folder.resolve("out");
    for (String[] given : List.of(segment(images, out), predict(images, model, out))) {
      run(with("--nucleus-diameter", "15", given))
          .saysOfImages(ids().get(0), "--nucleus-diameter needs", "help: say it with");
    }
    assertThat(out.resolve(ids().get(0) + "_cellmask.png")).doesNotExist();
    Path other = folder.resolve("known");
    String[] line = with("--nucleus-diameter", "15", segment(images, out));
    run(with("--pixel-size", "0.64", with("--out", other.toString(), line))).isDone();
  }

  @Test
  void aNetworkOfSingleCellsDoesNotPredictImages() throws IOException {
    Path cells = folder.resolve("cells");
    for (String name : List.of("a", "b")) {
      for (int i = 0; i < 2; i++) {
        Path file = Files.createDirectories(cells.resolve(name)).resolve(i + ".png");
        ImageFiles.writePlane(Plane.of(16, 16), file);
      }
    }
    Path run = folder.resolve("run");
    String[] line = {
      "train",
      "--cells",
      "--images",
      cells.toString(),
      "--model",
      "cla:efficientnet_b0@tiny",
      "--out",
      run.toString(),
      "--cell-size",
      "16",
      "--epochs",
      "1",
      "--validation-share",
      "0"
    };
    assertThat(run(line).isDone().out()).startsWith("4 cells of 4 images to learn from");
    Path out = folder.resolve("out");
    run(predict(images, run.resolve("model.safetensors"), out))
        .isOneError(
            "predict",
            "model.safetensors: a network of single cells with 1 channel",
            "expected: one of images with four channels",
            "help: hcpl evaluate --cells");
    assertThat(out).doesNotExist();
  }

  @Test
  void anAtlasWithoutATest() {
    Path out = folder.resolve("drawn");
    String[] line = {"atlas", "--out", out.toString(), "--images", "1", "--size", "64"};
    run(with("--test-share", "0", line)).isDone();
    assertThat(out.resolve("train/labels.csv")).isRegularFile();
    assertThat(out.resolve("test")).doesNotExist();
  }

  @Test
  void twoRunsIntoOneFolder() {
    Path out = folder.resolve("out");
    List<String[]> calls =
        List.of(
            segment(images, out),
            with("--report-images", "2", predict(images, model, out)),
            train(out));
    try (OutputFolder other = OutputFolder.open(out)) {
      for (String[] call : calls) {
        run(call)
            .isOneError(
                call[0], "--out " + out + ": another run writes there", "help: wait for its end");
      }
    }
    assertThat(out).isDirectoryContaining("glob:**hcpl.lock");
    calls.forEach(call -> run(call).isDone());
  }

  /** Another process has the folder while it runs; its kill gives it free. */
  @Test
  void aRunInAnotherProcessIsSeenAndItsKillLeavesNothing() throws Exception {
    Path out = folder.resolve("out");
    List<CommandRun> meanwhile = new ArrayList<>();
    CommandRun.kill(
        segment(images, out),
        () -> {
          if (meanwhile.isEmpty() && Files.exists(out.resolve("segment.progress"))) {
            meanwhile.add(run(segment(images, out)));
          }
          return !meanwhile.isEmpty();
        });
    meanwhile.get(0).isOneError("segment", "another run writes there");
    run(segment(images, out)).isDone();
  }

  @Test
  void folderOfMasksThatDoesNotExist() {
    Path nowhere = folder.resolve("nowhere");
    run(with("--masks", nowhere.toString(), predict(images, model, folder.resolve("out"))))
        .isOneError("predict", nowhere + ": does not exist", "expected: a folder of label images");
    run(with("--masks", nowhere.toString(), train(folder.resolve("run"))))
        .isOneError("train", nowhere + ": does not exist");
  }

  @Test
  void noImageWithLabels() throws IOException {
    Path labels = Files.writeString(folder.resolve("labels.csv"), "ID,Label\nsomeone,0\n");
    CommandRun none = run(with("--labels", labels.toString(), train(folder.resolve("out"))));
    none.isOneError("train", "no image in ", labels.toString());
  }

  @Test
  void optionsOfTheDemonstrationAreCheckedFirst() {
    Path out = folder.resolve("demo");
    run("demo", "--epochs", "0", "--out", out.toString())
        .isWrongUse("demo", "--epochs 0 (expected: >= 1)");
    assertThat(out).doesNotExist();
  }

  @Test
  void damagedCheckpoint() throws IOException {
    Path out = Files.createDirectory(folder.resolve("run"));
    Path checkpoint = Files.writeString(out.resolve("checkpoint.safetensors"), "half");
    run(train(out))
        .isOneError(
            "train", checkpoint + ": damaged checkpoint: ", "help: delete it to start anew");
  }

  @Test
  void descriptionThatDoesNotFitAModel() throws IOException {
    Safetensors stored = Safetensors.open(model);
    String json = stored.metadata().get("hcpl");
    Map<String, String> changes =
        Map.of(
            json.replace("efficientnet_b0", "efficientnet_b99"),
            "model efficientnet_b99",
            json.replace("\"side\":32", "\"side\":1000000000"),
            "side 1000000000",
            json.replace("\"Nucleoplasm\"", "null"),
            "expected: names and numbers",
            json.replaceFirst("\"thresholds\":\\[[^,]*", "\"thresholds\":[\"NaN\""),
            "thresholds [NaN, ",
            "{",
            "damaged description",
            "null",
            "damaged description: null");
    for (Map.Entry<String, String> change : changes.entrySet()) {
      Path file = folder.resolve("changed.safetensors");
      Safetensors.write(file, stored.readAll(), Map.of("hcpl", change.getKey()));
      run(predict(images, file, folder.resolve("out")))
          .isOneError(
              "predict", file + ": ", change.getValue(), "help: use the file that training");
    }
    Path file = folder.resolve("nan.safetensors");
    List<NamedArray> arrays = new ArrayList<>(stored.readAll());
    NamedArray first = arrays.get(0);
    float[] values = first.values().clone();
    values[0] = Float.NaN;
    arrays.set(0, new NamedArray(first.name(), first.shape(), values));
    Safetensors.write(file, arrays, stored.metadata());
    run(predict(images, file, folder.resolve("out")))
        .isOneError("predict", file + ": weight NaN in " + first.name());
    run(predict(images, model.getParent(), folder.resolve("out")))
        .isOneError("predict", model.getParent() + ": is a folder", "help: give " + model);
  }

  @Test
  void twoLabelImagesOfOneName() throws IOException {
    Path masks = Files.createDirectory(folder.resolve("masks"));
    ImageFiles.writeLabels(LabelImage.of(8, 8), masks.resolve("a.png"));
    ImageFiles.writeLabels(LabelImage.of(8, 8), masks.resolve("a.PNG"));
    run("evaluate", "--truth-masks", masks.toString(), "--masks", masks.toString())
        .isOneError("evaluate", masks + ": both ", "a.PNG", "help: move one away");
  }
}
