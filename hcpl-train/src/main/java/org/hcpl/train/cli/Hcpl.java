package org.hcpl.train.cli;

import java.util.List;
import java.util.ServiceLoader;
import org.hcpl.train.RunRecord;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ScopeType;

/** The {@code hcpl} command. */
@Command(
    name = "hcpl",
    subcommands = {
      DemoCommand.class,
      SegmentCommand.class,
      TrainCommand.class,
      PredictCommand.class,
      EvaluateCommand.class,
      AtlasCommand.class,
      ParityCommand.class,
      DoctorCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    header = {
      "Finds single cells in fluorescence images and tells where in each its protein is.",
      ""
    },
    footer = {
      "",
      "Start here:",
      "  hcpl demo                            everything once, on images that it draws",
      "  hcpl segment --images DIR --out DIR  cells and nuclei of your own images",
      "",
      "Images are four files each, PNG or TIFF, 8 or 16 bit: <id>_red.png microtubules,",
      "<id>_green.png protein, <id>_blue.png nucleus, <id>_yellow.png reticulum.",
      "Exit status: 0 done, 1 failed or some images failed, 2 wrong use."
    },
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    mixinStandardHelpOptions = true,
    scope = ScopeType.LOCAL)
public final class Hcpl implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Hcpl() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command with all subcommands, those of other modules included. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Hcpl(), CommandLine.defaultFactory());
    IFactory factory = CommandLine.defaultFactory();
    for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
      line.addSubcommand(new CommandLine(provider.command(), factory));
    }
    line.addSubcommand(new CommandLine(new HelpCommand(), factory));
    String version = "hcpl " + RunRecord.version();
    line.getCommandSpec().version(version);
    line.getSubcommands().values().forEach(each -> each.getCommandSpec().version(version));
    line.getSubcommands()
        .values()
        .forEach(each -> each.getCommandSpec().usageMessage().synopsisHeading("%nUsage: "));
    line.setExecutionExceptionHandler(Hcpl::explain);
    line.setParameterExceptionHandler(Hcpl::misused);
    line.setExecutionStrategy(Hcpl::execute);
    line.setUsageHelpAutoWidth(true);
    line.setUsageHelpLongOptionsMaxWidth(32);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  /** Checks the numbers and runs a command; that memory is short is an error like others. */
  private static int execute(CommandLine.ParseResult result) {
    List<CommandLine> lines = result.asCommandLineList();
    CommandLine last = lines.get(lines.size() - 1);
    try {
      if (!last.isUsageHelpRequested() && !last.isVersionHelpRequested()) {
        RangeCheck.check(last.getParseResult());
      }
      return new CommandLine.RunLast().execute(result);
    } catch (WrongUseException e) {
      return explain(e, last, result);
    } catch (OutOfMemoryError e) {
      return explain(new IllegalStateException(e), last, result);
    }
  }

  /** What is wrong with a command line; the whole help would push that off the screen. */
  private static int misused(CommandLine.ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    String command = line.getCommandSpec().qualifiedName();
    // Of groups of options the parser says "Error:" itself.
    line.getErr().println(command + ": " + e.getMessage().replaceFirst("^Error: ", ""));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, line.getErr());
    line.getErr().println("help: " + command + " --help shows what it takes");
    line.getErr().flush();
    return line.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** One line for what the user can mend, a stack trace only for what is our fault. */
  private static int explain(Exception e, CommandLine line, CommandLine.ParseResult result) {
    String command = line.getCommandSpec().qualifiedName() + ": ";
    if (e instanceof IllegalStateException && e.getCause() instanceof OutOfMemoryError) {
      line.getErr().println(command + "not enough memory\n" + Outputs.MEMORY_HELP);
    } else if (Outputs.expected(e)) {
      line.getErr().println(command + e.getMessage());
    } else {
      line.getErr().println(command + "unexpected " + e);
      e.printStackTrace(line.getErr());
    }
    line.getErr().flush();
    return e instanceof WrongUseException ? 2 : 1;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
    spec.commandLine().getOut().flush();
  }
}
