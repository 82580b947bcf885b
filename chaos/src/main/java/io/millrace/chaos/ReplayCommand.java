package io.millrace.chaos;

import io.millrace.chaos.document.DocumentException;
import io.millrace.chaos.scenario.RunPlan;
import io.millrace.chaos.scenario.TargetChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace chaos replay}: a plan that was run before, once more. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs the plan of a run's directory once more, with its seed; or a scenario with a seed.",
      "Real processes do not repeat each other: the plan is the same, the run is another."
    })
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR|SEED", description = "the directory of a run, or a seed")
  private String run = "";

  @Mixin private ScenarioOptions options = new ScenarioOptions();

  ReplayCommand() {}

  @Override
  public Integer call() {
    try {
      return options.run(plan());
    } catch (DocumentException | IOException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private RunPlan plan() throws IOException, DocumentException {
    if (Files.isDirectory(Path.of(run))) {
      return RunPlan.read(Path.of(run));
    }
    if (!run.matches("-?\\d{1,18}")) {
      throw new IllegalArgumentException("'" + run + "' is neither a directory nor a seed");
    }
    return new RunPlan(
        options.scenario(), Long.parseLong(run), 1, Duration.ZERO, new TargetChoice.Http(), 1);
  }
}
