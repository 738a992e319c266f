package org.hcpl.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hcpl.train.cli.CommandRun.copy;
import static org.hcpl.train.cli.CommandRun.file;
import static org.hcpl.train.cli.CommandRun.ids;
import static org.hcpl.train.cli.CommandRun.predict;
import static org.hcpl.train.cli.CommandRun.segment;
import static org.hcpl.train.cli.CommandRun.train;
import static org.hcpl.train.cli.CommandRun.with;
import static org.hcpl.train.cli.CommandRun.without;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.hcpl.models.image.Channel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch that was interrupted, or whose files changed since, ends as one that was not. */
class ResumeTest {
  private static final List<String> TABLES =
      List.of("cells.csv", "submission.csv", "images.csv", "objects.csv");

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path images;
  private static Path model;
  private static Path wholeModel;

  /** The commands that go on. */
  enum Batch {
    CELLS,
    WHOLE,
    SEGMENT;

    String[] line(Path in, Path out) {
      return switch (this) {
        case CELLS -> predict(in, model, out);
        case WHOLE -> predict(in, wholeModel, out);
        case SEGMENT -> segment(in, out);
      };
    }

    Path progress(Path out) {
      return out.resolve(this == SEGMENT ? "segment.progress" : "predict.progress");
    }
  }

  @BeforeAll
  static void drawAndTrain() {
    Path atlas = shared.resolve("atlas");
    images = atlas.resolve("images");
    CommandRun.draw(5, atlas);
    CommandRun.of(train(atlas, shared.resolve("cells"))).isDone();
    model = shared.resolve("cells/model.safetensors");
    String[] line = with("--cell-size", "64", train(atlas, shared.resolve("whole")));
    CommandRun.of(with("--model", "gapnet-pl@tiny", without("--masks", line))).isDone();
    wholeModel = shared.resolve("whole/model.safetensors");
  }

  /** A run without an interruption. */
  private Path straight(Batch batch, Path in) {
    Path out = folder.resolve("straight");
    CommandRun.of(batch.line(in, out)).isDone();
    return out;
  }

  private Path images(String... names) throws IOException {
    Path in = Files.createDirectories(folder.resolve("images"));
    for (int i = 0; i < names.length; i++) {
      copy(images, ids(images).get(i), in, names[i]);
    }
    return in;
  }

  /** All files by name, but those with times of their own; of the report all but its times. */
  private static Map<String, String> results(Path out) throws IOException {
    Map<String, String> results = new TreeMap<>();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!name.equals("run.json") && !name.endsWith(".progress")) {
          String content = Files.readString(file, StandardCharsets.ISO_8859_1);
          results.put(name, content.replaceAll("<b>\\d+</b><span>milliseconds", "milliseconds"));
        }
      }
    }
    return results;
  }

  private static void isTheSame(Path out, Path straight) throws IOException {
    Map<String, String> results = results(out);
    Map<String, String> expected = results(straight);
    assertThat(results.keySet()).isEqualTo(expected.keySet());
    results.forEach(
        (name, content) ->
            assertThat(content.equals(expected.get(name))).as(name + " is the same").isTrue());
  }

  /** When each file was written, but those of the end of every run. */
  private static Map<String, FileTime> times(Path out) throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".png") || name.endsWith(".csv")) {
          times.put(name, Files.getLastModifiedTime(file));
        }
      }
    }
    return times;
  }

  private static void append(Path file, String text) throws IOException {
    if (Files.exists(file)) {
      Files.writeString(file, text, StandardOpenOption.APPEND);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Batch.class, names = "WHOLE", mode = EnumSource.Mode.EXCLUDE)
  void aRunThatCouldNotWriteAPictureGoesOn(Batch batch) throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    Path blocked = out.resolve(ids(images).get(2) + "_overlay.png");
    Files.createDirectories(blocked.resolve("taken"));
    CommandRun stopped = CommandRun.of(batch.line(images, out));
    stopped.isOneError(batch == Batch.SEGMENT ? "segment" : "predict", "cannot be written");
    Files.delete(blocked.resolve("taken"));
    Files.delete(blocked);
    // What a kill may leave: the halves of lines.
    for (String table : TABLES) {
      append(out.resolve(table), ids(images).get(2) + ",1,0,\"0");
    }
    Files.writeString(out.resolve(".part-00000000-0000-0000-0000-000000000000.png"), "half");
    append(batch.progress(out), "12345678 {\"image\":\"");
    Map<String, FileTime> before = times(out);

    CommandRun resumed = CommandRun.of(batch.line(images, out)).isDone();
    assertThat(resumed.out()).contains("going on: 2 of 5 images done already", " 5 images");
    for (String id : ids(images).subList(0, 2)) {
      assertThat(times(out))
          .contains(Map.entry(id + "_overlay.png", before.get(id + "_overlay.png")));
    }
    isTheSame(out, straight(batch, images));
  }

  @ParameterizedTest
  @EnumSource(Batch.class)
  void aRunThatWasKilledGoesOn(Batch batch) throws Exception {
    Path in = Files.createDirectory(folder.resolve("images"));
    for (int i = 0; i < 40; i++) {
      copy(images, ids(images).get(i % 5), in, "image" + i);
    }
    Path out = null;
    for (int attempt = 0; attempt < 3 && (out == null || ended(out)); attempt++) {
      out = folder.resolve("killed" + attempt);
      Path progress = batch.progress(out);
      CommandRun.kill(batch.line(in, out), () -> lines(progress) > 3);
    }
    assertThat(ended(out)).as("killed too late").isFalse();
    CommandRun resumed = CommandRun.of(batch.line(in, out)).isDone();
    assertThat(resumed.out()).containsPattern("going on: \\d+ of 40 images done already");
    isTheSame(out, straight(batch, in));
  }

  private static boolean ended(Path out) {
    return Files.exists(out.resolve("run.json"));
  }

  private static long lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  @ParameterizedTest
  @EnumSource(Batch.class)
  void whatIsDoneStays(Batch batch) throws IOException {
    Path out = folder.resolve("out");
    CommandRun.of(batch.line(images, out)).isDone();
    Map<String, FileTime> before = times(out);
    Map<String, String> results = results(out);
    CommandRun again = CommandRun.of(batch.line(images, out)).isDone();
    assertThat(again.out()).contains("all done already, 5 images; --restart does them anew");
    assertThat(times(out)).isEqualTo(before);
    assertThat(results(out)).isEqualTo(results);

    List<String> line = new ArrayList<>(Arrays.asList(batch.line(images, out)));
    line.add("--restart");
    CommandRun anew = CommandRun.of(line.toArray(String[]::new)).isDone();
    assertThat(anew.out()).doesNotContain("already");
    assertThat(times(out).keySet()).isEqualTo(before.keySet());
    assertThat(times(out).values()).doesNotContainAnyElementsOf(before.values());
    isTheSame(out, straight(batch, images));
  }

  @Test
  void theReportMayShowOtherImages() throws IOException {
    Path out = folder.resolve("out");
    CommandRun.of(with("--report-images", "1", predict(images, model, out))).isDone();
    assertThat(out.resolve("report.html")).content().contains("The first 1 image<");
    CommandRun.of(predict(images, model, out)).isDone();
    isTheSame(out, straight(Batch.CELLS, images));
  }

  @ParameterizedTest
  @EnumSource(Batch.class)
  void imagesThatChangedAreDoneAnew(Batch batch) throws IOException {
    Path in = images("a", "b", "c", "d");
    Files.delete(file(in, "c", Channel.GREEN));
    Files.delete(file(in, "c", Channel.BLUE));
    Path out = folder.resolve("out");
    CommandRun.of(batch.line(in, out)).saysOfImages("image c lacks its green");
    // One becomes another, one that had failed is mended, one goes, two come.
    Path five = Files.createDirectory(folder.resolve("five"));
    copy(images, ids(images).get(4), five, "x");
    for (Channel channel : Channel.values()) {
      Files.delete(file(in, "a", channel));
      Files.delete(file(in, "d", channel));
      Files.copy(file(five, "x", channel), file(in, "a", channel));
      Files.deleteIfExists(file(in, "c", channel));
    }
    copy(images, ids(images).get(2), in, "c");
    copy(images, ids(images).get(0), in, "aa");
    copy(images, ids(images).get(0), in, "e");
    CommandRun resumed = CommandRun.of(batch.line(in, out)).isDone();
    assertThat(resumed.out()).contains("going on: 1 of 5 images done already");
    try (Stream<Path> files = Files.list(out)) {
      // Pictures of an image that is gone stay, its rows do not.
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("d_")).toList()) {
        Files.delete(file);
      }
    }
    isTheSame(out, straight(batch, in));
  }

  @Test
  void anImageThatFailsIsTriedAgain() throws IOException {
    Path in = images("a", "b");
    byte[] good = Files.readAllBytes(file(in, "a", Channel.RED));
    Files.writeString(file(in, "a", Channel.RED), "no image");
    Path out = folder.resolve("out");
    for (int i = 0; i < 2; i++) {
      CommandRun.of(predict(in, model, out)).saysOfImages("a_red.png: is neither PNG nor TIFF");
      assertThat(out.resolve("report.html")).content().contains("Images that failed");
    }
    Files.write(file(in, "a", Channel.RED), good);
    CommandRun.of(predict(in, model, out)).isDone();
    isTheSame(out, straight(Batch.CELLS, in));
  }

  @Test
  void otherSettingsAreAnErrorUntilAllIsDoneAnew() throws IOException {
    Path out = folder.resolve("out");
    CommandRun.of(predict(images, model, out)).isDone();
    Map<String, FileTime> before = times(out);
    CommandRun.of(predict(images, wholeModel, out))
        .isOneError(
            "predict",
            "predict.progress: of a run with --model of SHA-256 ",
            "(expected: --model of ",
            "--restart");
    String masks = shared.resolve("atlas/masks").toString();
    String[] masked = with("--masks", masks, predict(images, model, out));
    CommandRun.of(masked)
        .isOneError(
            "predict", "of a run with --masks none (expected: --masks " + masks, "--restart");
    CommandRun.of(predict(images("a"), model, out))
        .isOneError("predict", "of a run with --images ");
    CommandRun.of(with("--pixel-size", "0.1", predict(images, model, out)))
        .isOneError(
            "predict", "of a run with --pixel-size of the files (expected: --pixel-size 0.1");
    CommandRun.of(with("--nucleus-diameter", "9", predict(images, model, out)))
        .isOneError("predict", "(expected: --nucleus-diameter 9.0");
    assertThat(times(out)).isEqualTo(before);
    List<String> anew = new ArrayList<>(Arrays.asList(masked));
    anew.add("--restart");
    CommandRun.of(anew.toArray(String[]::new)).isDone();
    CommandRun.of(masked).isDone();

    Path segmented = folder.resolve("segmented");
    CommandRun.of(segment(images, segmented)).isDone();
    CommandRun.of(with("--channels", "nucleus", segment(images, segmented)))
        .isOneError("segment", "of a run with --channels all (expected: --channels nucleus");
    CommandRun.of(with("--pixel-size", "0.1", segment(images, segmented)))
        .isOneError(
            "segment", "of a run with --pixel-size of the files (expected: --pixel-size 0.1");
  }

  @Test
  void masksInTheResultsFolderStay() throws IOException {
    Path out = folder.resolve("out");
    CommandRun.of(segment(images, out)).isDone();
    String[] line = with("--masks", out.toString(), predict(images, model, out));
    CommandRun.of(line).isDone();
    assertThat(CommandRun.of(line).isDone().out()).contains("all done already, 5 images");
  }

  @Test
  void aMaskThatChangedIsSeen() throws IOException {
    Path masks = folder.resolve("masks");
    CommandRun.of(segment(images, masks)).isDone();
    Path out = folder.resolve("out");
    String[] line = with("--masks", masks.toString(), predict(images, model, out));
    CommandRun.of(line).isDone();
    Path mask = masks.resolve(ids(images).get(3) + "_cellmask.png");
    Files.copy(
        masks.resolve(ids(images).get(2) + "_cellmask.png"),
        mask,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(CommandRun.of(line).isDone().out()).contains("going on: 4 of 5 images");
  }

  /** What happens to files; the first word is the file, the second what is done to it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "predict.progress binary",
        "predict.progress empty",
        "predict.progress head",
        "predict.progress middle",
        "predict.progress half",
        "predict.progress deleted",
        "cells.csv binary",
        "cells.csv empty",
        "cells.csv head",
        "cells.csv middle",
        "cells.csv half",
        "cells.csv deleted",
        "submission.csv middle",
        "submission.csv half",
        "submission.csv deleted",
        "ID_cellmask.png half",
        "ID_overlay.png deleted",
        "ID_nucleimask.png middle",
      })
  void damageIsMended(String damage) throws IOException {
    Path out = folder.resolve("out");
    CommandRun.of(predict(images, model, out)).isDone();
    String[] parts = damage.replace("ID", ids(images).get(1)).split(" ");
    Path file = out.resolve(parts[0]);
    byte[] bytes = Files.readAllBytes(file);
    switch (parts[1]) {
      case "binary" -> Arrays.fill(bytes, (byte) 0xfe);
      case "head" -> bytes[3] ^= 1;
      case "middle" -> bytes[bytes.length / 2] ^= 1;
      case "half" -> bytes = Arrays.copyOf(bytes, bytes.length / 2);
      default -> bytes = new byte[0];
    }
    Files.delete(file);
    if (!parts[1].equals("deleted")) {
      Files.write(file, bytes);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    }
    CommandRun mended = CommandRun.of(predict(images, model, out));
    assertThat(mended.status()).isZero();
    assertThat(mended.out()).doesNotContain("all done already, 5 images");
    if (parts[0].endsWith(".progress") && !List.of("half", "deleted").contains(parts[1])) {
      assertThat(mended.err()).startsWith(file + ": ").contains("done anew").hasLineCount(1);
    } else {
      assertThat(mended.err()).isEmpty();
    }
    isTheSame(out, straight(Batch.CELLS, images));
  }

  @Test
  void anotherVersionAndStrangeNamesAreNotTrusted() throws IOException {
    Path out = folder.resolve("out");
    CommandRun.of(predict(images, model, out)).isDone();
    ProgressFile file = new ProgressFile(out.resolve("predict.progress"));
    ProgressFile.Content content = file.read();
    List<ProgressFile.Entry> entries = new ArrayList<>(content.entries().values());
    ProgressFile.Entry first = entries.get(0);
    for (String strange : List.of("../secret", "/etc/passwd", "")) {
      entries.add(
          new ProgressFile.Entry(strange, 1, first.inputs(), first.outputs(), first.chunks()));
    }
    entries.set(
        1,
        entries
            .get(1)
            .at(
                List.of(
                    new Table.Chunk(Long.MAX_VALUE, Integer.MAX_VALUE, 0),
                    new Table.Chunk(-1, -1, 0))));
    entries.set(2, entries.get(2).at(List.of()));
    file.write(content.head(), entries);
    CommandRun resumed = CommandRun.of(predict(images, model, out)).isDone();
    assertThat(resumed.out()).contains("going on: 3 of 5 images done already");

    file.write(ProgressFile.Head.of("0.0.1", content.head().settings()), entries);
    CommandRun anew = CommandRun.of(predict(images, model, out));
    assertThat(anew.status()).isZero();
    assertThat(anew.err()).contains(": of hcpl 0.0.1 (expected: ", "all images are done anew");
    isTheSame(out, straight(Batch.CELLS, images));
  }
}
