package io.millrace.jmh.load;

import io.millrace.chaos.document.DocumentException;
import io.millrace.jmh.run.HarnessCommand;
import io.millrace.reports.record.LatencyVerdict;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench load}: what a user of a queue feels, open loop. */
@Command(
    name = "load",
    description = {
      "Latency under load, open loop: every message counts from the moment it was due, on a schedule"
          + " that never moves.",
      "Exit status: 0 when no bar was missed, 1 when one was or the limit was not kept, 3 when a leg"
          + " was invalid."
    })
public final class LoadCommand extends HarnessCommand {

  private static final int NOT_KEPT = 1;
  private static final int INVALID = 3;
  private static final int WARM_WINDOWS_MAX = 24;
  private static final int IDLE_SECONDS = 10;

  @Parameters(
      arity = "0..1",
      defaultValue = "sub-10ms",
      paramLabel = "WORKLOAD",
      description =
          "sub-10ms (default), saturation, backlog-drain, long-poll-crowd, big-messages,"
              + " consumers-scale, many-queues, or a YAML file")
  private String workload = "";

  @Option(
      names = "--target",
      defaultValue = "http",
      description =
          "the service: http (default: a Millrace server in its own JVM), embedded, elasticmq, or the"
              + " URL of any SQS endpoint")
  private String target = "";

  @Option(
      names = "--client",
      defaultValue = "lean",
      description = "lean (default: raw sockets) or sdk (AWS SDK for Java v2)")
  private String client = "";

  @Option(
      names = "--vs",
      defaultValue = "",
      description = "a second service that takes turns with the first, such as elasticmq")
  private String vs = "";

  @Option(names = "--pairs", defaultValue = "1", description = "legs of each service (default 1)")
  private int pairs;

  @Option(
      names = "--rates",
      split = ",",
      description = "sends a second, instead of the workload's; several are a sweep")
  private List<Integer> rates = List.of();

  @Option(
      names = "--search",
      description =
          "after the workload's rates, searches for the highest rate that keeps the limit, between"
              + " the first of them and this one")
  private int search;

  @Option(
      names = "--confirmations",
      defaultValue = "3",
      description = "further legs that must keep the limit at the rate found (default 3)")
  private int confirmations;

  @Option(names = "--seconds", description = "measured length of a leg, instead of the workload's")
  private int seconds;

  @Option(
      names = "--arrivals",
      defaultValue = "",
      description = "constant, poisson or burst:N, instead of the workload's")
  private String arrivals = "";

  @Option(
      names = "--durability",
      defaultValue = "",
      description = "power-loss or process-crash, instead of the workload's")
  private String durability = "";

  @Option(names = "--seed", defaultValue = "1", description = "of random arrivals (default 1)")
  private long seed;

  @Option(
      names = "--warm-windows-max",
      defaultValue = "" + WARM_WINDOWS_MAX,
      description =
          "windows of 5 s after which a leg is measured although it is not warm, 3 to 1000"
              + " (default 24)")
  private int warmWindowsMax;

  @Option(
      names = "--idle-seconds",
      defaultValue = "" + IDLE_SECONDS,
      description =
          "how long the machine is metered by itself before the first leg and after the last, 0 to"
              + " 600 (default 10)")
  private int idleSeconds;

  @Option(
      names = "--ratio-max",
      defaultValue = "0",
      description =
          "with --vs: exit 1 when the p99.9 is more than this share of the other service's"
              + " (default 0: no bar)")
  private double ratioMax;

  @Override
  public Integer call() throws IOException {
    Workload asked = workload();
    boolean sdk = client.equals("sdk");
    require(sdk || client.equals("lean"), "--client is lean or sdk");
    Subject.Choice subject = new Subject.Choice(target, sdk);
    Optional<Subject.Choice> other =
        vs.isEmpty() ? Optional.empty() : Optional.of(new Subject.Choice(vs, sdk));
    require(subject.legal(), "--target is http, embedded, elasticmq or a URL, not " + target);
    require(
        other.map(Subject.Choice::legal).orElse(true),
        "--vs is http, embedded, elasticmq or a URL, not " + vs);
    require(pairs >= 1 && pairs <= 100, "--pairs is 1 to 100");
    require(warmWindowsMax >= 3 && warmWindowsMax <= 1000, "--warm-windows-max is 3 to 1000");
    require(idleSeconds >= 0 && idleSeconds <= 600, "--idle-seconds is 0 to 600");
    require(confirmations >= 1 && confirmations <= 100, "--confirmations is 1 to 100");
    int lowest = asked.rates().get(0);
    require(
        search == 0 || (lowest > 0 && search >= lowest && other.isEmpty()),
        "--search is a rate above the workload's first, and for one service alone");
    LoadRun.Plan plan =
        new LoadRun.Plan(
            asked,
            subject,
            other,
            pairs,
            other.isPresent() ? "A B, B A, A B, ..." : "one after the other",
            seed,
            ratioMax,
            search > 0
                ? Optional.of(new RateSearch(lowest, search, confirmations))
                : Optional.empty(),
            idleSeconds,
            LoadRun.Plan.GATES);
    LoadRun.Finished finished =
        new LoadRun(plan, command(asked), new LoadLeg.Warmth(5, warmWindowsMax), System.out)
            .run(out());
    System.out.println(
        "record: " + finished.directory().resolve(finished.record().bench() + ".json"));
    System.out.println(
        "page: "
            + finished.directory().resolve("report.html").toAbsolutePath().normalize().toUri());
    return status(finished, search > 0);
  }

  /** A search looks for rates that fail, so they are no failure of the run. */
  private static int status(LoadRun.Finished finished, boolean searched) {
    if (!finished.record().passed()) {
      return NOT_KEPT;
    }
    if (searched || finished.measured().curves().size() > 0) {
      return 0;
    }
    if (!finished.measured().valid()) {
      return INVALID;
    }
    boolean failed =
        finished.measured().legs().stream()
            .filter(leg -> leg.subject().startsWith("millrace"))
            .flatMap(leg -> leg.verdict().stream())
            .anyMatch(verdict -> verdict.outcome() == LatencyVerdict.Outcome.FAIL);
    return failed ? NOT_KEPT : 0;
  }

  private Workload workload() throws IOException {
    try {
      Workload read = WorkloadDocument.read(workload);
      require(
          durability.isEmpty()
              || durability.equals("power-loss")
              || durability.equals("process-crash"),
          "--durability is power-loss or process-crash");
      require(seconds >= 0 && seconds <= 86_400, "--seconds is 1 to 86400");
      require(
          rates.stream().allMatch(rate -> rate >= 1 && rate <= 1_000_000),
          "--rates are 1 to 1000000");
      return read.with(
          arrivals.isEmpty() ? read.arrivals() : arrivals(),
          rates.isEmpty() ? read.rates() : rates,
          seconds == 0 ? read.seconds() : seconds,
          durability.isEmpty() ? read.durability() : durability);
    } catch (DocumentException e) {
      require(false, String.join("\n", e.complaints()));
      throw new AssertionError("refused above", e);
    }
  }

  /** What repeats the run: everything that is not the workload's own. */
  private String command(Workload asked) {
    StringBuilder text = new StringBuilder("./millrace bench load ").append(asked.name());
    text.append(" --target ").append(target).append(" --client ").append(client);
    if (!vs.isEmpty()) {
      text.append(" --vs ").append(vs).append(" --pairs ").append(pairs);
    }
    if (!rates.isEmpty()) {
      text.append(" --rates ")
          .append(rates.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
    if (search > 0) {
      text.append(" --search ").append(search).append(" --confirmations ").append(confirmations);
    }
    if (!arrivals.isEmpty()) {
      text.append(" --arrivals ").append(arrivals);
    }
    if (warmWindowsMax != WARM_WINDOWS_MAX) {
      text.append(" --warm-windows-max ").append(warmWindowsMax);
    }
    if (idleSeconds != IDLE_SECONDS) {
      text.append(" --idle-seconds ").append(idleSeconds);
    }
    if (ratioMax > 0) {
      text.append(" --ratio-max ").append(ratioMax);
    }
    return text.append(" --seconds ")
        .append(asked.seconds())
        .append(" --durability ")
        .append(asked.durability())
        .append(" --seed ")
        .append(seed)
        .toString();
  }

  private Arrivals arrivals() {
    if (arrivals.equals("constant")) {
      return new Arrivals.Constant();
    }
    if (arrivals.equals("poisson")) {
      return new Arrivals.Poisson();
    }
    require(
        arrivals.matches("burst:[1-9][0-9]{0,4}") && !arrivals.equals("burst:1"),
        "--arrivals is constant, poisson or burst:N with N from 2 to 99999");
    return new Arrivals.Burst(Integer.parseInt(arrivals.substring("burst:".length())));
  }
}
