package org.hcpl.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.hcpl.models.image.Channel;
import org.hcpl.train.atlas.AtlasOptions;
import org.hcpl.train.atlas.AtlasWriter;
import org.hcpl.train.atlas.SyntheticAtlas;
import picocli.CommandLine;

/** What a command came to, as a user sees it. */
record CommandRun(int status, String out, String err) {
  static CommandRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Hcpl.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int status = line.execute(arguments);
    return new CommandRun(status, out.toString(), err.toString());
  }

  /** Exactly one error of the command, naming {@code parts}, without a stack trace. */
  void isOneError(String command, String... parts) {
    assertThat(err).startsWith("hcpl " + command + ": ").doesNotContain("\tat ", "unexpected");
    assertThat(err.lines().filter(line -> line.startsWith("hcpl "))).hasSize(1);
    assertThat(err).contains(parts);
    assertThat(err).containsAnyOf("expected", "help:");
    assertThat(status).isEqualTo(1);
  }

  /** Wrong use, said in one message of the command that names {@code parts}. */
  void isWrongUse(String command, String... parts) {
    assertThat(err).startsWith("hcpl " + command + ": ").doesNotContain("\tat ", "Usage: ");
    assertThat(err).contains(parts);
    assertThat(err).containsAnyOf("expected", "help:");
    assertThat(out).isEmpty();
    assertThat(status).isEqualTo(2);
  }

  /** Some images failed, one complaint each, and the others were done. */
  void saysOfImages(String... parts) {
    assertThat(status).isEqualTo(1);
    assertThat(err).contains(parts).doesNotContain("\tat ", "unexpected");
    assertThat(out).containsPattern("(\\D1 image|\\d images) failed");
  }

  /** Done without a complaint. */
  CommandRun isDone() {
    assertThat(err).isEmpty();
    assertThat(status).isZero();
    return this;
  }

  /** A command line with another value of an option. */
  static String[] with(String option, String value, String... line) {
    List<String> all = new ArrayList<>(List.of(line));
    int at = all.indexOf(option);
    if (at >= 0) {
      all.set(at + 1, value);
    } else {
      all.addAll(List.of(option, value));
    }
    return all.toArray(String[]::new);
  }

  /** A command line without an option and its value. */
  static String[] without(String option, String... line) {
    List<String> all = new ArrayList<>(List.of(line));
    int at = all.indexOf(option);
    all.subList(at, at + 2).clear();
    return all.toArray(String[]::new);
  }

  static String[] predict(Path images, Path model, Path out) {
    return new String[] {
      "predict", "--images", images.toString(), "--model", model.toString(), "--out", out.toString()
    };
  }

  static String[] segment(Path images, Path out) {
    return new String[] {"segment", "--images", images.toString(), "--out", out.toString()};
  }

  /** A training of a second or so on an atlas, with its cells from the atlas's masks. */
  static String[] train(Path atlas, Path out) {
    return new String[] {
      "train",
      "--images",
      atlas.resolve("images").toString(),
      "--labels",
      atlas.resolve("labels.csv").toString(),
      "--masks",
      atlas.resolve("masks").toString(),
      "--model",
      "cla:efficientnet_b0@tiny",
      "--out",
      out.toString(),
      "--cell-size",
      "32",
      "--batch",
      "4",
      "--epochs",
      "1",
      "--validation-share",
      "0"
    };
  }

  /** Draws a few images of 128x128 pixels with a few cells each, of two classes. */
  static void draw(int images, Path atlas) {
    AtlasOptions options =
        AtlasOptions.of(images, 3)
            .withSize(128)
            .withPixelSize(0.64)
            .withCells(3, 5)
            .withClasses(List.of(0, 16));
    new AtlasWriter(new SyntheticAtlas(options), 2, done -> {}).write(atlas);
  }

  /** The ids of a folder's images, sorted. */
  static List<String> ids(Path images) {
    try (Stream<Path> files = Files.list(images)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("_red.png"))
          .map(name -> name.replace("_red.png", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file of a channel. */
  static Path file(Path images, String id, Channel channel) {
    return images.resolve(id + "_" + channel.fileName() + ".png");
  }

  /** Copies an image of four files under another id. */
  static void copy(Path from, String id, Path to, String newId) {
    try {
      for (Channel channel : Channel.values()) {
        Files.copy(file(from, id, channel), file(to, newId, channel));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command in a process of its own and kills it as soon as something holds. */
  static void kill(String[] line, BooleanSupplier when) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.addAll(List.of("-Djava.awt.headless=true", "-Xmx1g"));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "org.hcpl.train.cli.Hcpl"));
    command.addAll(List.of(line));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (!when.getAsBoolean() && process.isAlive() && System.nanoTime() < end) {
        Thread.sleep(1);
      }
      assertThat(when.getAsBoolean()).as("what the kill waits for").isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
