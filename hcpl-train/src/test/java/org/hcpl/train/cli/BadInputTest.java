package org.hcpl.train.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hcpl.train.cli.CommandRun.copy;
import static org.hcpl.train.cli.CommandRun.file;
import static org.hcpl.train.cli.CommandRun.ids;
import static org.hcpl.train.cli.CommandRun.predict;
import static org.hcpl.train.cli.CommandRun.segment;
import static org.hcpl.train.cli.CommandRun.train;
import static org.hcpl.train.cli.CommandRun.with;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.zip.GZIPOutputStream;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that are no good, between one that is: each is named once, and the good one is done. */
class BadInputTest {
  private static final int SIZE = 128;

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path atlas;
  private static Path images;
  private static Path model;

  @BeforeAll
  static void drawAndTrain() {
    atlas = shared.resolve("atlas");
    images = atlas.resolve("images");
    CommandRun.draw(2, atlas);
    CommandRun.of(train(atlas, shared.resolve("model"))).isDone();
    model = shared.resolve("model/model.safetensors");
  }

  /**
   * A folder with the images {@code bad}, of which {@code spoil} makes something else, and good.
   */
  private Path batch(BiConsumer<Path, String> spoil) throws IOException {
    Path batch = Files.createDirectories(folder.resolve("batch"));
    copy(images, ids(images).get(0), batch, "bad");
    copy(images, ids(images).get(1), batch, "good");
    spoil.accept(batch, "bad");
    return batch;
  }

  /** That both commands name the bad image with {@code parts}, and do the good one. */
  private void isNamed(Path batch, String... parts) {
    for (boolean predict : new boolean[] {false, true}) {
      Path out = folder.resolve(predict ? "predicted" : "segmented");
      CommandRun run = CommandRun.of(predict ? predict(batch, model, out) : segment(batch, out));
      run.saysOfImages(parts);
      assertThat(out.resolve("good_cellmask.png")).isRegularFile();
      assertThat(out.resolve("bad_cellmask.png")).doesNotExist();
      assertThat(out.resolve(predict ? "cells.csv" : "objects.csv"))
          .content()
          .contains("good,1,")
          .doesNotContain("bad,");
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A grey TIFF of one strip: samples of so many bits, whole or floating-point numbers. */
  private static byte[] tiff(int bits, boolean floats, int... samples) {
    int[][] entries = {
      {256, samples.length},
      {257, 1},
      {258, bits},
      {259, 1},
      {262, 1},
      {273, 8},
      {277, 1},
      {278, 1},
      {279, samples.length * bits / 8},
      {339, floats ? 3 : 1},
    };
    int data = samples.length * bits / 8;
    ByteBuffer out =
        ByteBuffer.allocate(8 + data + 2 + 12 * entries.length + 4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 'I')
            .put((byte) 'I')
            .putShort((short) 42)
            .putInt(8 + data);
    for (int sample : samples) {
      if (bits == 32) {
        out.putInt(sample);
      } else {
        out.putShort((short) sample);
      }
    }
    out.putShort((short) entries.length);
    for (int[] entry : entries) {
      out.putShort((short) entry[0]).putShort((short) 4).putInt(1).putInt(entry[1]);
    }
    return out.putInt(0).array();
  }

  private static void replace(Path batch, String id, Channel channel, String with, byte[] bytes) {
    try {
      Files.delete(file(batch, id, channel));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    write(batch.resolve(id + "_" + channel.fileName() + with), bytes);
  }

  @Test
  void moreBitsThanSixteen() throws IOException {
    byte[] deep = tiff(32, false, 1, 70000);
    isNamed(
        batch((in, id) -> replace(in, id, Channel.GREEN, ".tif", deep)),
        "bad_green.tif: 32 bits a sample (expected: at most 16 bits",
        "help: export it with 8 or 16 bits");
  }

  @Test
  void valuesThatAreNoNumbers() throws IOException {
    byte[] nan = tiff(32, true, Float.floatToIntBits(0.5f), Float.floatToIntBits(Float.NaN));
    isNamed(
        batch((in, id) -> replace(in, id, Channel.RED, ".tif", nan)),
        "bad_red.tif: floating-point value NaN (expected: 0..1)");
  }

  @Test
  void aHeaderThatClaimsAHugeImage() throws IOException {
    isNamed(
        batch(
            (in, id) -> {
              Path file = file(in, id, Channel.BLUE);
              ImageFiles.writePlane(Plane.of(4, 4), file);
              byte[] bytes = read(file);
              ByteBuffer.wrap(bytes).putInt(16, 60000).putInt(20, 60000);
              write(file, bytes);
            }),
        "bad_blue.png: the header claims 60000 x 60000 pixels",
        "help: if the image really is that large");
  }

  @Test
  void aSmallFileThatUnpacksToALargeOne() throws IOException {
    java.io.ByteArrayOutputStream packed = new java.io.ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
      zip.write(new byte[2 << 20]);
    }
    System.setProperty("hcpl.maxPixels", "100000");
    try {
      isNamed(
          batch((in, id) -> replace(in, id, Channel.RED, ".tif.gz", packed.toByteArray())),
          "bad_red.tif.gz: unpacks to more than 865536 bytes",
          "help: unpack it yourself");
    } finally {
      System.clearProperty("hcpl.maxPixels");
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aFileThatIsNoImage() throws IOException {
    isNamed(
        batch((in, id) -> write(file(in, id, Channel.YELLOW), "not an image".getBytes(UTF_8))),
        "bad_yellow.png: is neither PNG nor TIFF",
        "help: export it as PNG or TIFF");
  }

  @Test
  void anIdThatTheTablesCannotHold() throws IOException {
    Path batch = batch((in, id) -> {});
    copy(images, ids(images).get(0), batch, "a,b");
    Path out = folder.resolve("out");
    CommandRun run = CommandRun.of(predict(batch, model, out));
    run.saysOfImages("image id 'a,b' (expected: no comma", "help: rename the image's files");
    assertThat(Files.readAllLines(out.resolve("submission.csv"))).hasSize(3);
  }

  @Test
  void aNameTooLongForItsResults() throws IOException {
    Path batch = batch((in, id) -> {});
    String name = "a".repeat(240);
    copy(images, ids(images).get(0), batch, name);
    Path out = folder.resolve("out");
    CommandRun run = CommandRun.of(segment(batch, out));
    run.saysOfImages(name + ": its name has 240 bytes (expected: at most 239", "help: rename");
    assertThat(out.resolve("good_cellmask.png")).isRegularFile();
  }

  @Test
  void aNameWithALineBreak() throws IOException {
    Path batch = batch((in, id) -> {});
    try {
      copy(images, ids(images).get(0), batch, "two\nlines");
    } catch (java.nio.file.InvalidPathException e) {
      abort("this file system has no such names");
    }
    for (boolean predict : new boolean[] {false, true}) {
      Path out = folder.resolve(predict ? "predicted" : "segmented");
      CommandRun run = CommandRun.of(predict ? predict(batch, model, out) : segment(batch, out));
      run.saysOfImages("image two\\u000alines has a line break", "help: rename the image's files");
      assertThat(run.err().lines()).hasSize(2);
      assertThat(out.resolve("good_cellmask.png")).isRegularFile();
    }
  }

  @Test
  void aColouredPictureAmongImagesOfFourChannels() throws IOException {
    for (int type : new int[] {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_RGB}) {
      Path batch = Files.createDirectories(folder.resolve("batch" + type));
      copy(images, ids(images).get(1), batch, "good");
      BufferedImage picture = new BufferedImage(SIZE, SIZE, type);
      picture.setRGB(3, 5, 0xffff0000);
      ImageFiles.writePng(picture, batch.resolve("lone.png"));
      // A picture of an image that is there in four channels is no image of its own.
      ImageFiles.writePng(picture, batch.resolve("good.png"));
      Path out = folder.resolve("out" + type);
      CommandRun.of(segment(batch, out))
          .saysOfImages(
              "lone.png: a coloured picture (expected: 4 channels",
              "help: export each channel to a file of its own, lone_red to lone_yellow");
      assertThat(out.resolve("good_cellmask.png")).isRegularFile();
    }
  }

  @Test
  void imagesWithoutCells() throws IOException {
    Path batch = Files.createDirectory(folder.resolve("empty"));
    for (Channel channel : Channel.values()) {
      ImageFiles.writePlane(Plane.of(SIZE, SIZE), file(batch, "black", channel));
      ImageFiles.writePlane(Plane.of(1, 1), file(batch, "dot", channel));
    }
    assertThat(CommandRun.of(segment(batch, folder.resolve("segmented"))).isDone().out())
        .startsWith("0 cells in 2 images");
    Path out = folder.resolve("predicted");
    assertThat(CommandRun.of(predict(batch, model, out)).isDone().out())
        .startsWith("2 images, 0 cells");
    assertThat(Files.readAllLines(out.resolve("cells.csv"))).hasSize(1);
    assertThat(Files.readAllLines(out.resolve("submission.csv")))
        .containsExactly(
            "ID,ImageWidth,ImageHeight,PredictionString", "black,128,128,", "dot,1,1,");
    assertThat(ImageFiles.readLabels(out.resolve("black_cellmask.png")).max()).isZero();
    assertThat(out.resolve("report.html")).content().contains("black");

    Path truth = folder.resolve("truth.csv");
    Files.writeString(truth, Files.readString(atlas.resolve("truth.csv")) + "black,128,128,,\n");
    assertThat(
            CommandRun.of(
                    "evaluate",
                    "--truth",
                    truth.toString(),
                    "--submission",
                    out.resolve("submission.csv").toString())
                .isDone()
                .out())
        .contains("mAP 0.00% over 3 images", "no prediction for 2 images, which count as without");
  }

  @Test
  void masksWithoutCells() throws IOException {
    Path masks = Files.createDirectory(folder.resolve("masks"));
    List<String> ids = ids(images);
    for (String id : ids) {
      Files.copy(
          atlas.resolve("masks/" + id + "_cellmask.png"), masks.resolve(id + "_cellmask.png"));
    }
    ImageFiles.writeLabels(LabelImage.of(SIZE, SIZE), masks.resolve(ids.get(0) + "_cellmask.png"));
    CommandRun run =
        CommandRun.of(with("--masks", masks.toString(), train(atlas, folder.resolve("m"))));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith(ids.get(0) + ": no cell found; left out");
    assertThat(folder.resolve("m/model.safetensors")).isRegularFile();

    ImageFiles.writeLabels(LabelImage.of(SIZE, SIZE), masks.resolve(ids.get(1) + "_cellmask.png"));
    CommandRun none =
        CommandRun.of(with("--masks", masks.toString(), train(atlas, folder.resolve("n"))));
    assertThat(none.status()).isEqualTo(1);
    assertThat(none.err()).contains("hcpl train: no cells to learn from in ", "expected: ");
    assertThat(folder.resolve("n/model.safetensors")).doesNotExist();

    String[] both = {
      "evaluate", "--truth-masks", masks.toString(), "--masks", masks.toString(), "--json"
    };
    assertThat(CommandRun.of(both).isDone().out()).contains("\"AP50\" : 1.0");
  }

  @Test
  void masksOfAnotherSize() throws IOException {
    Path masks = Files.createDirectory(folder.resolve("masks"));
    for (String id : ids(images)) {
      ImageFiles.writeLabels(LabelImage.of(9, 8), masks.resolve(id + "_cellmask.png"));
    }
    Path out = folder.resolve("out");
    CommandRun.of(with("--masks", masks.toString(), predict(images, model, out)))
        .saysOfImages("_cellmask.png: 8x9 pixels (expected: 128x128, as image ");
  }

  @Test
  void aFullDisk() throws IOException {
    // Linux has a file that is always full; links to it stand for a disk that fills up.
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no /dev/full on this system");
    for (String name :
        List.of(
            "cells.csv",
            "submission.csv",
            "predict.progress.part",
            "report.html.part",
            "run.json.part")) {
      Path out = Files.createDirectory(folder.resolve("full-" + name));
      Files.createSymbolicLink(out.resolve(name), full);
      CommandRun.of(predict(images, model, out))
          .isOneError("predict", "cannot be written: ", "help: free some space");
    }
    Path out = Files.createDirectory(folder.resolve("full"));
    Files.createSymbolicLink(out.resolve("objects.csv"), full);
    CommandRun.of(segment(images, out))
        .isOneError("segment", "objects.csv: cannot be written: ", "help: free some space");
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.createSymbolicLink(run.resolve("history.csv"), full);
    CommandRun.of(train(atlas, run))
        .isOneError("train", "history.csv: cannot be written: ", "help: free some space");
  }

  @Test
  void aPictureThatCannotBeWrittenEndsTheBatchAtOnce() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    // In the place of the first picture stands a folder that cannot be replaced.
    Files.createDirectories(out.resolve(ids(images).get(0) + "_nucleimask.png/taken"));
    CommandRun.of(segment(images, out))
        .isOneError("segment", "_nucleimask.png: cannot be written", "help: check that the folder");
    assertThat(out.resolve(ids(images).get(1) + "_overlay.png")).doesNotExist();
  }

  @Test
  void predictionsCanBeMadeAgainAfterAnInterruption() throws IOException {
    Path straight = folder.resolve("straight");
    CommandRun.of(predict(images, model, straight)).isDone();
    Path again = folder.resolve("again");
    CommandRun.of(predict(images, model, again)).isDone();
    // What a kill leaves: tables without their ends, one image's files missing, a part of a file.
    for (String table : List.of("cells.csv", "submission.csv")) {
      byte[] whole = Files.readAllBytes(again.resolve(table));
      Files.write(again.resolve(table), Arrays.copyOf(whole, whole.length / 2));
    }
    Files.delete(again.resolve(ids(images).get(1) + "_cellmask.png"));
    Files.writeString(again.resolve("report.html.part"), "half");
    CommandRun.of(predict(images, model, again)).isDone();
    for (String table : List.of("cells.csv", "submission.csv")) {
      assertThat(again.resolve(table)).hasSameBinaryContentAs(straight.resolve(table));
    }
    String mask = ids(images).get(1) + "_cellmask.png";
    assertThat(again.resolve(mask)).hasSameBinaryContentAs(straight.resolve(mask));
  }

  /** A picture of one colour, to be sure that such are taken as one channel. */
  @Test
  void aChannelStoredInColour() throws IOException {
    Path batch =
        batch(
            (in, id) -> {
              Plane plane = ImageFiles.readPlane(file(in, id, Channel.GREEN));
              BufferedImage picture = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_ARGB);
              for (int i = 0; i < SIZE * SIZE; i++) {
                int value = Math.round(255 * plane.values()[i]);
                picture.setRGB(i % SIZE, i / SIZE, 0xff000000 | value << 8);
              }
              ImageFiles.writePng(picture, file(in, id, Channel.GREEN));
            });
    Path colour = folder.resolve("colour");
    CommandRun.of(predict(batch, model, colour)).isDone();
    Path grey = folder.resolve("grey");
    CommandRun.of(predict(images, model, grey)).isDone();
    String row = Files.readAllLines(grey.resolve("cells.csv")).get(1);
    assertThat(Files.readAllLines(colour.resolve("cells.csv")).get(1))
        .isEqualTo("bad" + row.substring(row.indexOf(',')));
  }
}
