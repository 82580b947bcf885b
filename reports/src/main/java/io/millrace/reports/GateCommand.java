package io.millrace.reports;

import io.millrace.reports.compare.Gate;
import io.millrace.reports.compare.GateReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report gate RUN --against BASE}. */
@Command(
    name = "gate",
    description = {
      "Fails on a broken guarantee, on a limit or bar that is missed, and on a figure that is worse"
          + " with its whole interval. A latency that the machine may have spoilt stops nothing.",
      "Exit status: 0 passed, 1 failed, 2 wrong use, 3 it is not known whether a guarantee held."
    },
    mixinStandardHelpOptions = true)
final class GateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "What may pass; a side as compare takes it.")
  private Path run;

  @Option(
      names = "--against",
      paramLabel = "BASE",
      required = true,
      description = "What it must not be worse than.")
  private Path base;

  @Option(
      names = "--threshold",
      paramLabel = "SHARE",
      defaultValue = "0.05",
      description = "A smaller difference is none; default ${DEFAULT-VALUE}.")
  private double threshold;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Where the checks go as JUnit XML; default gate.xml beside what was gated.")
  private Optional<Path> junit = Optional.empty();

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Where the summary goes; default gate.md beside what was gated.")
  private Optional<Path> markdown = Optional.empty();

  /** Created by picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  GateCommand() {}

  @Override
  public Integer call() {
    Gate gate = Gate.of(Main.compare(base, run, threshold, spec));
    PrintWriter out = spec.commandLine().getOut();
    gate.comparison().lines().forEach(out::println);
    for (Gate.Check check : gate.checks()) {
      if (check.outcome() != Gate.Outcome.PASS) {
        out.println(check.outcome() + " " + check.name() + ": " + check.sentence());
      }
    }
    out.println("gate        " + gate.outcome());
    try {
      Files.writeString(junit.orElse(beside("gate.xml")), GateReport.junitXml(gate));
      Files.writeString(markdown.orElse(beside("gate.md")), GateReport.markdown(gate));
    } catch (IOException e) {
      spec.commandLine().getErr().println("the gate cannot be written down: " + Main.why(e));
      return Main.WRONG_USE;
    }
    return switch (gate.outcome()) {
      case FAIL -> Main.NOT_HELD;
      case UNKNOWN -> Main.NOT_KNOWN;
      case PASS, INCONCLUSIVE -> Main.DONE;
    };
  }

  private Path beside(String name) {
    return Files.isDirectory(run) ? run.resolve(name) : run.resolveSibling(name);
  }
}
