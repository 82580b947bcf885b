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
import io.millrace.reports.Verbs;
import io.millrace.reports.platform.EnvironmentCapture;
import io.millrace.reports.platform.GitState;
import io.millrace.reports.record.Circumstances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands that run a scenario have in common: which, where to, and the run itself. */
final class ScenarioOptions {

  private static final int UNKNOWN = 3;
  private static final DateTimeFormatter DIRECTORY_NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--scenario",
      paramLabel = "NAME|FILE",
      defaultValue = "crash-storm",
      description = "one of those `list` names, or a YAML file (default: ${DEFAULT-VALUE})")
  private String scenario = "";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "an empty or new directory (default: reports/chaos/<UTC time>)")
  private Path out = Path.of("");

  /** The scenario that was named. */
  Scenario scenario() throws IOException, DocumentException {
    return Files.isRegularFile(Path.of(scenario))
        ? Scenarios.in(Path.of(scenario))
        : Scenarios.named(scenario);
  }

  /** Runs a plan in a directory of its own and gives the exit status. */
  int run(RunPlan plan) {
    try {
      Path directory = emptyDirectory();
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
      spec.commandLine().getErr().println("millrace: " + Verbs.words(e));
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

  private Path emptyDirectory() throws IOException {
    Path path =
        out.toString().isEmpty()
            ? Path.of("reports", "chaos", DIRECTORY_NAME.format(Instant.now()))
            : out;
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
