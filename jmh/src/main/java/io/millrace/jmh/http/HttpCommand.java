package io.millrace.jmh.http;

import io.millrace.jmh.run.HarnessCommand;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench http}: a server's rate of single sends, as a ratio to a baseline's. */
@Command(
    name = "http",
    description = "Sends over HTTP, as a ratio to a baseline driven in the same run.")
public final class HttpCommand extends HarnessCommand {

  @Option(
      names = "--server",
      defaultValue = "millrace",
      description = "the server in question: millrace, empty, group-commit, no-force")
  private String server = "";

  @Option(
      names = "--against",
      defaultValue = "empty",
      description = "the baseline: empty (a constant answer), group-commit, no-force")
  private String against = "";

  @Option(
      names = "--durability",
      defaultValue = "process-crash",
      description = "Millrace's level: power-loss or process-crash (default)")
  private String durability = "";

  @Option(names = "--connections", defaultValue = "8", description = "1 to 1000 (default 8)")
  private int connections;

  @Option(names = "--pairs", defaultValue = "10", description = "1 to 1000 (default 10)")
  private int pairs;

  @Option(names = "--seconds", defaultValue = "3", description = "a window, 1 to 60 (default 3)")
  private int seconds;

  @Option(names = "--body-bytes", defaultValue = "1024", description = "default 1024")
  private int bodyBytes;

  @Option(names = "--loops", defaultValue = "1", description = "a baseline's event loops")
  private int loops;

  @Option(
      names = "--ratio-min",
      defaultValue = "0",
      description = "exit 1 when the median ratio is below (default 0: no bar)")
  private double ratioMin;

  @Override
  public Integer call() throws IOException {
    require(Arm.Kind.of(server).isPresent(), "--server: no server is called " + server);
    require(Arm.Kind.of(against).isPresent(), "--against: no baseline is called " + against);
    requireDurability(durability);
    require(connections >= 1 && connections <= 1000, "--connections is 1 to 1000");
    require(pairs >= 1 && pairs <= 1000, "--pairs is 1 to 1000");
    require(seconds >= 1 && seconds <= 60, "--seconds is 1 to 60");
    require(bodyBytes >= 1 && bodyBytes <= 1 << 20, "--body-bytes is 1 to 1048576");
    require(loops >= 1 && loops <= 64, "--loops is 1 to 64");
    HttpRatio.Plan plan =
        new HttpRatio.Plan(
            server,
            against,
            durability,
            connections,
            pairs,
            seconds,
            bodyBytes,
            loops,
            ratioMin,
            "A B, B A, A B, ...");
    return told(new HttpRatio(plan, System.out).run(out()));
  }
}
