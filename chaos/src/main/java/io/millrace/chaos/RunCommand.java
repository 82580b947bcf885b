package io.millrace.chaos;

import io.millrace.chaos.run.LabMetrics;
import io.millrace.chaos.run.MainJob;
import io.millrace.chaos.run.RunPlan;
import io.millrace.engine.telemetry.AddressUnavailableException;
import io.millrace.reports.RunDirectory;
import io.millrace.reports.SummaryText;
import io.millrace.reports.Verbs;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace run}: the main job. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Drives a fresh server with real clients: without a fault, then under forced duplicates, forced"
          + " reordering and lost responses; kills it with kill -9, brings it back, checks what was"
          + " delivered, and writes a report.",
      "Exit status: 0 VALID, 1 INVALID, 2 wrong use, 3 UNKNOWN; 130 when interrupted."
    })
final class RunCommand implements Callable<Integer> {

  private static final int QUICK_RATE = 500;
  private static final int RATE = 1_000;
  private static final int QUICK_SECONDS = 18;
  private static final int SECONDS = 55;
  private static final int PORT_MAX = 65_535;
  private static final DateTimeFormatter DIRECTORY_NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--quick",
      description = "500 messages/s for 18 s instead of 1,000 messages/s for 55 s")
  private boolean quick;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "seed of customers, padding, faults and the kill's instant (default: a new one)")
  private Optional<Long> seed = Optional.empty();

  @Option(names = "--rate", paramLabel = "N", description = "messages a second, 1 to 20000")
  private Optional<Integer> rate = Optional.empty();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "how long messages are sent, 4 to 3600; start, warm-up and drain come on top")
  private Optional<Integer> seconds = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "an empty or new directory (default: reports/runs/<UTC time>)")
  private Path out = Path.of("");

  @Option(
      names = "--metrics-port",
      paramLabel = "N",
      defaultValue = "" + LabMetrics.DEFAULT_PORT,
      description =
          "port of the lab's own /metrics on loopback, 0 for a free one (default: ${DEFAULT-VALUE})")
  private int metricsPort;

  RunCommand() {}

  @Override
  public Integer call() {
    RunPlan plan = plan();
    if (metricsPort < 0 || metricsPort > PORT_MAX) {
      throw new ParameterException(spec.commandLine(), "--metrics-port: 0 to " + PORT_MAX);
    }
    try (LabMetrics metrics = LabMetrics.open(metricsPort)) {
      return run(plan, directory(), metrics);
    } catch (AddressUnavailableException e) {
      complain(
          new CannotBegin(
              "--metrics-port "
                  + metricsPort
                  + " is taken; name another, or 0 for any that is free",
              e));
      return spec.exitCodeOnInvalidInput();
    } catch (CannotBegin e) {
      complain(e);
      return spec.exitCodeOnInvalidInput();
    } catch (IOException e) {
      complain(e);
      return statusOf(Verdict.UNKNOWN);
    }
  }

  private int run(RunPlan plan, RunDirectory directory, LabMetrics metrics) throws IOException {
    PrintStream console = System.out;
    Thread atInterrupt = new Thread(() -> nameWhatIsThere(directory), "run-interrupted");
    Runtime.getRuntime().addShutdownHook(atInterrupt);
    try {
      RunRecord record =
          new MainJob(
                  plan,
                  directory,
                  console,
                  isTerminal(),
                  metrics,
                  System.getenv().getOrDefault("MILLRACE_JAVA_OPTS", ""))
              .run();
      SummaryText.lines(record, directory).forEach(console::println);
      return statusOf(record.verdict().verdict());
    } finally {
      removeHook(atInterrupt);
    }
  }

  /** While the JVM goes down no hook can be taken away, and this one has been run. */
  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException goingDown) {
      return;
    }
  }

  /**
   * Whether the output is a terminal. {@link System#console()} no longer tells on newer JDKs; the
   * kernel does. Where it cannot be asked, lines are printed plainly.
   */
  private static boolean isTerminal() {
    try {
      Path output = Files.readSymbolicLink(Path.of("/proc/self/fd/1"));
      return output.startsWith("/dev/pts") || output.toString().startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException notLinux) {
      return false;
    }
  }

  /** What the command line asks for is not to be had; nothing was begun. */
  private static final class CannotBegin extends IOException {
    private static final long serialVersionUID = 1;

    CannotBegin(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private void complain(IOException e) {
    spec.commandLine().getErr().println("millrace: " + Verbs.words(e));
    spec.commandLine().getErr().flush();
  }

  /** Runs as the JVM goes down before the run has ended; the server's own hook ends the server. */
  private static void nameWhatIsThere(RunDirectory directory) {
    System.err.println(
        "millrace: interrupted, so there is no verdict; "
            + directory.path()
            + " holds what there is: server.log, data/ and the cut logs in history/");
  }

  private static int statusOf(Verdict verdict) {
    return switch (verdict) {
      case VALID -> 0;
      case INVALID -> 1;
      case UNKNOWN -> 3;
    };
  }

  private RunPlan plan() {
    try {
      return new RunPlan(
          quick,
          seed.orElseGet(() -> (long) new SecureRandom().nextInt(Integer.MAX_VALUE)),
          rate.orElse(quick ? QUICK_RATE : RATE),
          seconds.orElse(quick ? QUICK_SECONDS : SECONDS));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private RunDirectory directory() throws IOException {
    Path path =
        out.toString().isEmpty()
            ? Path.of("reports", "runs", DIRECTORY_NAME.format(Instant.now()))
            : out;
    if (Files.exists(path)) {
      if (!Files.isDirectory(path)) {
        throw new ParameterException(spec.commandLine(), path + " is not a directory");
      }
      try (Stream<Path> files = Files.list(path)) {
        if (files.findAny().isPresent()) {
          throw new ParameterException(
              spec.commandLine(), path + " is not empty, and a run wants a directory of its own");
        }
      }
    }
    try {
      RunDirectory directory = RunDirectory.create(path);
      Files.delete(Files.createTempFile(path, "writable", ""));
      return directory;
    } catch (IOException e) {
      throw new CannotBegin(path + " cannot be written to: " + Verbs.words(e), e);
    }
  }
}
