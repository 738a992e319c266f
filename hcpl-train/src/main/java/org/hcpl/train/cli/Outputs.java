package org.hcpl.train.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.hcpl.tensor.io.FileErrors;
import org.hcpl.train.RunRecord;
import picocli.CommandLine.Model.CommandSpec;

/** What commands share in writing results. */
final class Outputs {
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

  /** Says what went wrong with one image while the others go on. */
  static void complain(CommandSpec spec, String message) {
    ConsoleProgress.leaveLine();
    spec.commandLine().getErr().println(message);
    spec.commandLine().getErr().flush();
  }

  /** Refuses an option that was given where it would be passed over. */
  static void refuse(boolean given, String option, String why) {
    if (given) {
      throw new WrongUseException(
          option + " does not go with this: " + why + "\nhelp: leave " + option + " out");
    }
  }

  /** Whether an option stands in the command line, be it with its default. */
  static boolean given(CommandSpec spec, String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  static CommandException failed(Path file, IOException e) {
    return new CommandException(FileErrors.unwritable(file, e), e);
  }
}
