package io.millrace.reports;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report compare A B}. */
@Command(
    name = "compare",
    description = {
      "Sets two sides against each other, figure by figure, as ratios with 95 %% intervals.",
      "A side is a run's directory, a folder of several (compared in pairs, in the order they were"
          + " started), the JSON record of a harness, or a folder of several.",
      "Exit status: 0 done, whatever it shows; 2 wrong use."
    },
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "A", description = "What is compared with.")
  private Path a;

  @Parameters(index = "1", paramLabel = "B", description = "What is compared.")
  private Path b;

  @Option(
      names = "--threshold",
      paramLabel = "SHARE",
      defaultValue = "0.05",
      description = "A smaller difference is none; default ${DEFAULT-VALUE}.")
  private double threshold;

  /** Created by picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  CompareCommand() {}

  @Override
  public Integer call() {
    Main.compare(a, b, threshold, spec).lines().forEach(spec.commandLine().getOut()::println);
    return Main.DONE;
  }
}
