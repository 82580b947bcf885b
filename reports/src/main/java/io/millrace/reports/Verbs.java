package io.millrace.reports;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

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
    String why = why(wrong).strip().replaceAll("\\s*\\R\\s*", "; ");
    PrintWriter err = line.getErr();
    err.println(verb + ": " + why);
    err.println(verb + " --help tells what it takes");
    err.flush();
    return line.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** The parser's own words but for what it calls an unmatched argument at some index. */
  private static String why(ParameterException wrong) {
    if (!(wrong instanceof UnmatchedArgumentException unmatched) || unmatched.isUnknownOption()) {
      return String.valueOf(wrong.getMessage());
    }
    String first = unmatched.getUnmatched().get(0);
    Set<String> verbs = wrong.getCommandLine().getSubcommands().keySet();
    return verbs.isEmpty()
        ? "'" + first + "' is one word too many"
        : "there is no '" + first + "', there are " + String.join(", ", verbs);
  }

  /** A refusal in one line of words; the message of a file system's own is but the path. */
  public static String words(IOException refusal) {
    if (refusal instanceof NoSuchFileException missing) {
      return "there is no " + missing.getFile();
    }
    if (refusal instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    }
    String message = String.valueOf(refusal.getMessage()).replace('\n', ' ');
    boolean onlyAPath = refusal instanceof FileSystemException file && file.getReason() == null;
    return onlyAPath ? refusal.getClass().getSimpleName() + ": " + message : message;
  }

  private static void tellVersion(CommandLine line, String version) {
    line.getCommandSpec().version(version);
    line.getSubcommands().values().forEach(below -> tellVersion(below, version));
  }
}
