package io.millrace.reports;

import io.millrace.reports.record.RunRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code report} command. Exit codes: 0 done, 2 wrong use or a directory that is not a run. */
@Command(
    name = "report",
    description = "Turns the record of a run into a page.",
    mixinStandardHelpOptions = true,
    subcommands = Main.Render.class)
public final class Main implements Runnable {
  private static final int DONE = 0;
  private static final int WRONG_USE = 2;

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

  /** {@code report render DIR}. */
  @Command(
      name = "render",
      description = "Makes report.html again from report.json and the histograms beside it.",
      mixinStandardHelpOptions = true)
  static final class Render implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A run's directory, such as reports/runs/<time>.")
    private Path directory;

    /** Created by picocli, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    Render() {}

    @Override
    public Integer call() {
      PrintWriter err = spec.commandLine().getErr();
      RunDirectory run = new RunDirectory(directory);
      if (!Files.isRegularFile(run.recordFile())) {
        err.println(directory + " is not a run: it holds no report.json");
        return WRONG_USE;
      }
      try {
        RunRecord record = run.render();
        SummaryText.lines(record, run).forEach(spec.commandLine().getOut()::println);
        return DONE;
      } catch (IOException e) {
        err.println(directory + " cannot be rendered: " + e.getMessage());
        return WRONG_USE;
      }
    }
  }
}
