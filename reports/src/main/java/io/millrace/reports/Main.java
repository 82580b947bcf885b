package io.millrace.reports;

import io.millrace.reports.compare.Comparison;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code report} command. Exit status: 0 done, 1 what was asked does not hold (a figure that
 * differs, a regression), 2 wrong use or a directory that is not a run, 3 not known.
 */
@Command(
    name = "report",
    description = "Turns the records of runs into pages, and checks, compares and publishes them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      RenderCommand.class,
      VerifyCommand.class,
      CompareCommand.class,
      GateCommand.class,
      PublishCommand.class
    })
public final class Main implements Runnable {
  static final int DONE = 0;
  static final int NOT_HELD = 1;
  static final int WRONG_USE = 2;
  static final int NOT_KNOWN = 3;

  @Spec private CommandSpec spec;

  /** Created by picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  Main() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command, for a launcher or a test that keeps the exit code to itself. */
  public static CommandLine commandLine() {
    return Verbs.commandLine(new Main(), "millrace report");
  }

  /** Prints the help; that is all a bare {@code report} can mean. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** What went wrong with a file, in words that name it. */
  static String why(IOException e) {
    return e instanceof NoSuchFileException missing
        ? missing.getFile() + " is missing"
        : String.valueOf(e.getMessage());
  }

  /**
   * The run or load run in a directory.
   *
   * @throws ParameterException if there is none
   */
  static Bundle bundleAt(Path directory, CommandSpec spec) {
    try {
      Optional<Bundle> bundle = Publication.bundle(directory);
      if (bundle.isPresent()) {
        return bundle.get();
      }
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), why(e), e);
    }
    throw new ParameterException(
        spec.commandLine(),
        directory
            + " is not a run: it holds no report.json, no load-*.json, no verdict.json and no record"
            + " of a harness");
  }

  /**
   * Compares what lies at two paths.
   *
   * @throws ParameterException if either holds nothing that can be compared with the other
   */
  static Comparison compare(Path a, Path b, double threshold, CommandSpec spec) {
    if (!(threshold >= 0 && threshold < 1)) {
      throw new ParameterException(
          spec.commandLine(), "--threshold is a share from 0 to below 1, not " + threshold);
    }
    try {
      return Comparison.of(Sides.read(a), Sides.read(b), threshold);
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), why(e), e);
    } catch (Sides.NothingMeasuredException | Comparison.IncomparableException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
