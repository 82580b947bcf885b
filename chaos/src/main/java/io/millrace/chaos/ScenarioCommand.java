package io.millrace.chaos;

import io.millrace.chaos.document.DocumentException;
import io.millrace.chaos.inject.ServerCommand;
import io.millrace.chaos.scenario.RunOutput;
import io.millrace.chaos.scenario.RunPlan;
import io.millrace.chaos.scenario.Scenario;
import io.millrace.chaos.scenario.ScenarioRunner;
import io.millrace.chaos.scenario.Scenarios;
import io.millrace.chaos.scenario.TargetChoice;
import io.millrace.reports.ChaosDirectory;
import io.millrace.reports.platform.EnvironmentCapture;
import io.millrace.reports.platform.GitState;
import io.millrace.reports.record.Circumstances;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
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

  static final int UNKNOWN = 3;
  private static final DateTimeFormatter DIRECTORY_NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--scenario",
      paramLabel = "NAME|FILE",
      defaultValue = "crash-storm",
      description = "one of those `list` names, or a YAML file (default: ${DEFAULT-VALUE})")
  private String scenario = "";

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

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "an empty or new directory (default: reports/chaos/<UTC time>)")
  private Path out = Path.of("");

  ScenarioCommand() {}

  @Override
  public Integer call() {
    RunPlan plan;
    try {
      plan =
          new RunPlan(
              scenario(),
              seed.orElseGet(() -> (long) new SecureRandom().nextInt(Integer.MAX_VALUE)),
              runs,
              Duration.ofMinutes(minutes),
              TargetChoice.of(target),
              share);
    } catch (IllegalArgumentException | DocumentException | IOException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    return run(spec, plan, out);
  }

  /** Runs a plan in a directory of its own and gives the exit status. */
  static int run(CommandSpec spec, RunPlan plan, Path wanted) {
    try {
      Path directory = emptyDirectory(spec, wanted);
      Instant started = Instant.now();
      EnvironmentCapture environment = EnvironmentCapture.begin();
      int status =
          new ScenarioRunner(plan, directory, new RunOutput(spec.commandLine().getOut()))
              .run()
              .exitStatus();
      ChaosDirectory files = new ChaosDirectory(directory);
      files.finish(circumstances(plan, directory, started, environment));
      spec.commandLine().getOut().println(files.pageFile().toAbsolutePath().normalize().toUri());
      return status;
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println(
              "millrace: "
                  + (e instanceof FileSystemException
                      ? e.getClass().getSimpleName() + ": " + e.getMessage()
                      : e.getMessage()));
      return UNKNOWN;
    }
  }

  private static Circumstances circumstances(
      RunPlan plan, Path directory, Instant started, EnvironmentCapture environment)
      throws IOException {
    GitState git = GitState.of(Path.of(""));
    return new Circumstances(
        commandOf(plan),
        started,
        Duration.between(started, Instant.now()).toMillis() / 1_000.0,
        git.commit(),
        git.dirty(),
        environment.finish(
            directory,
            directory,
            EnvironmentCapture.jdk(),
            plan.target() instanceof TargetChoice.Http
                ? ServerCommand.serve(directory, "", "").jvmFlags()
                : List.of()));
  }

  /** What repeats a plan; a scenario of a file of one's own by the name it has. */
  private static String commandOf(RunPlan plan) {
    StringBuilder command =
        new StringBuilder("./millrace chaos run --scenario ")
            .append(plan.scenario().name())
            .append(" --seed ")
            .append(plan.seed())
            .append(" --target ")
            .append(plan.target().text());
    if (plan.runs() > 1) {
      command.append(" --runs ").append(plan.runs());
    }
    if (plan.atLeast().toMinutes() > 0) {
      command.append(" --minutes ").append(plan.atLeast().toMinutes());
    }
    if (plan.share() != 1) {
      command.append(" --share ").append(plan.share());
    }
    return command.toString();
  }

  private Scenario scenario() throws IOException, DocumentException {
    return Files.isRegularFile(Path.of(scenario))
        ? Scenarios.in(Path.of(scenario))
        : Scenarios.named(scenario);
  }

  private static Path emptyDirectory(CommandSpec spec, Path wanted) throws IOException {
    Path path =
        wanted.toString().isEmpty()
            ? Path.of("reports", "chaos", DIRECTORY_NAME.format(Instant.now()))
            : wanted;
    Files.createDirectories(path);
    try (Stream<Path> files = Files.list(path)) {
      if (files.findAny().isPresent()) {
        throw new ParameterException(
            spec.commandLine(), path + " is not empty, and a run wants a directory of its own");
      }
    }
    return path;
  }
}
