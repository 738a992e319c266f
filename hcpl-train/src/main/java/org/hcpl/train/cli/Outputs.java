package org.hcpl.train.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.hcpl.tensor.io.FileErrors;
import org.hcpl.train.RunRecord;
import picocli.CommandLine.Model.CommandSpec;

/** What commands share in writing results. */
final class Outputs {
  private static final String HELP = "\nhelp: free some space, or choose another output folder";

  static final String MEMORY_HELP =
      "help: give Java more memory, as in HCPL_JAVA_OPTS=-Xmx8g, or cut the image into tiles";

  private Outputs() {}

  /** Whether a message of our own says what is wrong; anything else is a fault of the program. */
  static boolean expected(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return true;
    }
    StackTraceElement[] trace = e.getStackTrace();
    return e.getClass().getName().startsWith("org.hcpl.")
        || (e instanceof IllegalArgumentException
            && trace.length > 0
            && trace[0].getClassName().startsWith("org.hcpl."));
  }

  /** The beginning of a command's record: what it was given, word by word. */
  static RunRecord record(CommandSpec spec) {
    return new RunRecord(spec.name())
        .put("arguments", spec.commandLine().getParseResult().originalArgs());
  }

  /** Makes a folder. */
  static void folder(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new CommandException(
          "--out "
              + folder
              + ": is a file (expected: a folder, or a new name)\n"
              + "help: choose another output folder");
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new CommandException(
          "--out "
              + folder
              + ": cannot be made: "
              + FileErrors.reason(e)
              + "\nhelp: choose another output folder, one that you may write to",
          e);
    }
  }

  /** Says what went wrong with one image while the others go on. */
  static void complain(CommandSpec spec, String message) {
    ConsoleProgress.leaveLine();
    spec.commandLine().getErr().println(message);
    spec.commandLine().getErr().flush();
  }

  /**
   * A CSV table whose rows are on disk as soon as they are written, so that an interrupted run
   * keeps them.
   */
  static final class Table implements AutoCloseable {
    private final Path file;
    private final CSVPrinter printer;

    Table(Path file, List<String> header) {
      this.file = file;
      try {
        BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        printer =
            new CSVPrinter(writer, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get());
        printer.printRecord(header);
      } catch (IOException e) {
        throw failed(file, e);
      }
    }

    void row(Object... values) {
      row(List.of(values));
    }

    void row(List<?> values) {
      try {
        printer.printRecord(values);
        printer.flush();
      } catch (IOException e) {
        throw failed(file, e);
      }
    }

    @Override
    public void close() {
      try {
        printer.close(true);
      } catch (IOException e) {
        throw failed(file, e);
      }
    }
  }

  static CommandException failed(Path file, IOException e) {
    return new CommandException(file + ": cannot be written: " + FileErrors.reason(e) + HELP, e);
  }
}
