package io.millrace.reports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report verify DIR}. */
@Command(
    name = "verify",
    description = {
      "Checks a run's files against its manifest, computes its figures again from the raw"
          + " histograms, and says which differ.",
      "Exit status: 0 all is as it says, 1 something differs, 2 wrong use or not a run."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "A run's directory, such as reports/runs/<time>.")
  private Path directory;

  /** Created by picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  VerifyCommand() {}

  @Override
  public Integer call() {
    Bundle run = Main.bundleAt(directory, spec);
    try {
      Verification verification = Verification.of(run);
      verification.lines().forEach(spec.commandLine().getOut()::println);
      return verification.holds() ? Main.DONE : Main.NOT_HELD;
    } catch (IOException e) {
      spec.commandLine().getErr().println(directory + " cannot be verified: " + Main.why(e));
      return Main.WRONG_USE;
    }
  }
}
