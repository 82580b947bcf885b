package io.millrace.chaos;

import io.millrace.chaos.document.DocumentException;
import io.millrace.chaos.scenario.RunPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace chaos replay}: a plan that was run before, once more. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs the plan of a run's directory once more, with its seed.",
      "Real processes do not repeat each other: the plan is the same, the run is another."
    })
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "the directory of a run")
  private Path run = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "an empty or new directory (default: reports/chaos/<UTC time>)")
  private Path out = Path.of("");

  ReplayCommand() {}

  @Override
  public Integer call() {
    if (!Files.isDirectory(run)) {
      throw new ParameterException(spec.commandLine(), "there is no directory " + run);
    }
    try {
      return ScenarioCommand.run(spec, RunPlan.read(run), out);
    } catch (DocumentException | IOException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
