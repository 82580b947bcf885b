package io.millrace.jmh.http;

import io.millrace.jmh.run.HarnessCommand;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench http}: a server's rate of messages in or out, as a ratio to each baseline's. */
@Command(
    name = "http",
    description =
        "Messages over HTTP, in or out, as a ratio to each baseline driven in the same run, and the"
            + " baselines' ratios to one another.")
public final class HttpCommand extends HarnessCommand {

  @Option(
      names = "--server",
      defaultValue = "millrace",
      description = "the server in question: millrace, empty, group-commit, no-force")
  private String server = "";

  @Option(
      names = "--against",
      defaultValue = "empty",
      split = ",",
      description =
          "the baselines, with commas: empty (a constant answer), group-commit, no-force, elasticmq"
              + " (in memory), metrics-off (Millrace without its metrics)")
  private List<String> against = List.of();

  @Option(
      names = "--operation",
      defaultValue = "send",
      description =
          "send (default), send-batch (ten at a time), receive-delete-batch (ten received and"
              + " deleted at a time)")
  private String operation = "";

  @Option(
      names = "--durability",
      defaultValue = "process-crash",
      description = "Millrace's level: power-loss or process-crash (default)")
  private String durability = "";

  @Option(names = "--connections", defaultValue = "8", description = "1 to 1000 (default 8)")
  private int connections;

  @Option(
      names = "--pairs",
      defaultValue = "10",
      description = "rounds, each with a window of every server: 1 to 1000 (default 10)")
  private int pairs;

  @Option(names = "--seconds", defaultValue = "3", description = "a window, 1 to 60 (default 3)")
  private int seconds;

  @Option(
      names = "--drained",
      defaultValue = "20000",
      description = "messages of a receive-delete-batch window, 100 to 100000 (default 20000)")
  private int drained;

  @Option(names = "--body-bytes", defaultValue = "1024", description = "default 1024")
  private int bodyBytes;

  @Option(names = "--loops", defaultValue = "1", description = "a baseline's event loops")
  private int loops;

  @Option(
      names = "--ratio-min",
      split = ",",
      description =
          "exit 1 when the median ratio is below: a bar for each baseline, in their order, 0 for"
              + " none (default: no bar)")
  private List<Double> ratioMin = List.of();

  @Option(
      names = "--interval-min",
      split = ",",
      description =
          "exit 1 when the low end of the ratio's 95 %% interval is below: likewise (default: no"
              + " bar)")
  private List<Double> intervalMin = List.of();

  @Override
  public Integer call() throws IOException {
    require(Arm.Kind.of(server).isPresent(), "--server: no server is called " + server);
    for (String baseline : against) {
      require(Arm.Kind.of(baseline).isPresent(), "--against: no baseline is called " + baseline);
    }
    require(Set.copyOf(against).size() == against.size(), "--against names a baseline twice");
    require(ratioMin.size() <= against.size(), "--ratio-min has more bars than baselines");
    require(intervalMin.size() <= against.size(), "--interval-min has more bars than baselines");
    requireDurability(durability);
    require(connections >= 1 && connections <= 1000, "--connections is 1 to 1000");
    require(pairs >= 1 && pairs <= 1000, "--pairs is 1 to 1000");
    require(seconds >= 1 && seconds <= 60, "--seconds is 1 to 60");
    require(
        HttpRatio.Operation.of(operation).isPresent(),
        "--operation is send, send-batch or receive-delete-batch");
    require(
        operation.equals("send")
            || (Arm.Kind.keepsMessages(server)
                && against.stream().allMatch(Arm.Kind::keepsMessages)),
        "--operation "
            + operation
            + " takes servers that keep messages: millrace, metrics-off, elasticmq");
    require(drained >= 100 && drained <= 100_000, "--drained is 100 to 100000");
    require(bodyBytes >= 1 && bodyBytes <= 1 << 20, "--body-bytes is 1 to 1048576");
    require(loops >= 1 && loops <= 64, "--loops is 1 to 64");
    HttpRatio.Plan plan =
        new HttpRatio.Plan(
            server,
            against,
            operation,
            durability,
            connections,
            pairs,
            seconds,
            drained - drained % SqsRequests.BATCH,
            bodyBytes,
            loops,
            ratioMin,
            intervalMin,
            "as named, then backwards, in turns");
    return told(new HttpRatio(plan, System.out).run(command(), out()));
  }
}
