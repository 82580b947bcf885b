package io.millrace.reports;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * How a verb of Millrace speaks: wrong use is told in two lines, what is wrong and where help is;
 * {@code --version} tells the version of the archive the verb came in.
 */
public final class Verbs {

  private static final String FROM_CLASSES = "(from classes, not an archive)";

  private Verbs() {}

  /**
   * The command line of a verb.
   *
   * @param command annotated for picocli; its subcommands speak the same way
   * @param name as the user types it, for example {@code millrace report}
   */
  public static CommandLine commandLine(Object command, String name) {
    String version = command.getClass().getPackage().getImplementationVersion();
    CommandLine line =
        new CommandLine(command)
            .setCommandName(name)
            .setParameterExceptionHandler((wrong, arguments) -> tell(wrong));
    tellVersion(line, "millrace " + (version == null ? FROM_CLASSES : version));
    return line;
  }

  private static int tell(ParameterException wrong) {
    CommandLine line = wrong.getCommandLine();
    String verb = line.getCommandSpec().qualifiedName();
    String why = String.valueOf(wrong.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
    PrintWriter err = line.getErr();
    err.println(verb + ": " + why);
    err.println(verb + " --help tells what it takes");
    err.flush();
    return line.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static void tellVersion(CommandLine line, String version) {
    line.getCommandSpec().version(version);
    line.getSubcommands().values().forEach(below -> tellVersion(below, version));
  }
}
