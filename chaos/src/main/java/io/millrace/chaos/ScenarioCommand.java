package io.millrace.chaos;

import io.millrace.chaos.document.DocumentException;
import io.millrace.chaos.scenario.RunPlan;
import io.millrace.chaos.scenario.TargetChoice;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace chaos run}: a scenario against a target. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs a scenario: real clients, faults on purpose, a history and a verdict.",
      "Exit status: 0 VALID, 1 INVALID, 2 wrong use, 3 UNKNOWN."
    })
final class ScenarioCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ScenarioOptions options = new ScenarioOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "decides the plan; each further run takes the next (default: a new one)")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "1",
      description = "how often (default: ${DEFAULT-VALUE})")
  private int runs;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "0",
      description = "go on until so long has passed")
  private int minutes;

  @Option(
      names = "--target",
      paramLabel = "embedded|http|URL",
      defaultValue = "http",
      description = {
        "http: a server that the lab starts (the default); embedded: the engine in the lab's own",
        "process; or the URL of any SQS endpoint. What a target cannot be done is SKIPPED."
      })
  private String target = "";

  @Option(
      names = "--share",
      paramLabel = "X",
      defaultValue = "1",
      description = "a share of the scenario's faults and time, such as 0.2")
  private double share;

  ScenarioCommand() {}

  @Override
  public Integer call() {
    RunPlan plan;
    try {
      plan =
          new RunPlan(
              options.scenario(),
              seed.orElseGet(() -> (long) new SecureRandom().nextInt(Integer.MAX_VALUE)),
              runs,
              Duration.ofMinutes(minutes),
              TargetChoice.of(target),
              share);
    } catch (IllegalArgumentException | DocumentException | IOException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    return options.run(plan);
  }
}
