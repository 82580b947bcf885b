package io.millrace.reports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report render DIR}. */
@Command(
    name = "render",
    description = {
      "Makes report.html again from a run's record, or a load run's, and its raw histograms.",
      "Exit status: 0 done, 2 wrong use or not a run."
    },
    mixinStandardHelpOptions = true)
final class RenderCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "A run's directory, such as reports/runs/<time>.")
  private Path directory;

  /** Created by picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  RenderCommand() {}

  @Override
  public Integer call() {
    Bundle run = Main.bundleAt(directory, spec);
    try {
      run.render().forEach(spec.commandLine().getOut()::println);
      return Main.DONE;
    } catch (IOException e) {
      spec.commandLine().getErr().println(directory + " cannot be rendered: " + Main.why(e));
      return Main.WRONG_USE;
    }
  }
}
