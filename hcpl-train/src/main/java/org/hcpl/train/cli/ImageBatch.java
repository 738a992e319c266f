package org.hcpl.train.cli;

import static org.hcpl.tensor.io.Words.count;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.image.ImageWriteException;
import picocli.CommandLine.Model.CommandSpec;

/**
 * One image after the other, read ahead, without those that are done. Whatever is wrong with an
 * image is said and remembered, and the next one follows; only where results cannot be written the
 * batch ends.
 */
final class ImageBatch {
  /** Images that wait in memory. */
  private static final int AHEAD = 2;

  /** A file name has 255 bytes at most, of which {@code _nucleimask.png} takes 16. */
  private static final int MAX_ID_BYTES = 239;

  private ImageBatch() {}

  /** What is done with an image. */
  interface Work {
    /**
     * Writes the image's files.
     *
     * @return its rows, for each table of the progress
     */
    List<String> apply(HpaImage image);
  }

  /**
   * Runs {@code work} on every image of a folder that is not done.
   *
   * @param task what the progress bar says
   * @return a problem for each image that failed
   */
  static List<String> run(
      CommandSpec spec, String task, ImageFolder folder, BatchProgress progress, Work work) {
    List<String> problems = new ArrayList<>();
    List<String> rest = progress.rest();
    int done = progress.done().size();
    if (rest.isEmpty()) {
      progress.finish();
      return problems;
    }
    if (done > 0) {
      say(
          spec,
          "going on: " + done + " of " + count(done + rest.size(), "image") + " done already");
    }
    try (ProgressBar bar = ConsoleProgress.bar(task, rest.size());
        Stream<ImageFolder.Loaded> loaded = folder.stream(rest, AHEAD)) {
      long start = System.nanoTime();
      for (ImageFolder.Loaded each : (Iterable<ImageFolder.Loaded>) loaded::iterator) {
        try {
          if (!each.ok()) {
            throw each.error();
          }
          checkLength(each.id());
          List<String> rows = work.apply(each.image());
          progress.add(each.id(), (System.nanoTime() - start) / 1e9, rows);
        } catch (ImageWriteException | CommandException e) {
          throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
          String problem = problem(each.id(), e);
          problems.add(problem);
          Outputs.complain(spec, problem);
          if (!Outputs.expected(e)) {
            e.printStackTrace(spec.commandLine().getErr());
          }
        }
        start = System.nanoTime();
        bar.step();
      }
    }
    progress.finish();
    return problems;
  }

  /** Refuses an image whose results would have names that no usual file system takes. */
  private static void checkLength(String id) {
    int bytes = id.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_ID_BYTES) {
      throw new ImageException(
          id
              + ": its name has "
              + count(bytes, "byte")
              + " (expected: at most "
              + MAX_ID_BYTES
              + ", so that its results have names, too)\nhelp: rename the image's files");
    }
  }

  /** Says so if a command found nothing left to do. */
  static void sayIfAllDone(CommandSpec spec, int takenUp, ImageFolder folder) {
    if (takenUp > 0 && takenUp == folder.ids().size()) {
      say(spec, "all done already, " + count(takenUp, "image") + "; --restart does them anew");
    }
  }

  private static void say(CommandSpec spec, String text) {
    spec.commandLine().getOut().println(text);
    spec.commandLine().getOut().flush();
  }

  /** What is wrong with an image, naming it. */
  static String problem(String id, Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return id + ": not enough memory for it\n" + Outputs.MEMORY_HELP;
    }
    String message = String.valueOf(e.getMessage());
    if (!Outputs.expected(e)) {
      return id + ": unexpected " + e;
    }
    return names(message, id) ? message : id + ": " + message;
  }

  /** Whether a message names an image or a file of it; an id may be as short as {@code 1}. */
  private static boolean names(String message, String id) {
    return message.startsWith(id + ":")
        || message.contains("image " + id + " ")
        || message.contains("image id '" + id + "'")
        || message.contains("several files for " + id + " ")
        || message.contains(File.separator + id + "_")
        || message.contains(File.separator + id + ".");
  }
}
