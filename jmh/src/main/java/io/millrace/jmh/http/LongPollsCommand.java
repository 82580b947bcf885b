package io.millrace.jmh.http;

import io.millrace.jmh.run.HarnessCommand;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench long-polls}: what waiting receivers cost and how fast a send wakes one. */
@Command(
    name = "long-polls",
    description = "What waiting receivers cost, and how fast a send wakes one.")
public final class LongPollsCommand extends HarnessCommand {

  /** So that ten samples lie beyond the p99. */
  private static final int SENDS_MIN = 1000;

  @Option(
      names = "--durability",
      defaultValue = "process-crash",
      description = "power-loss or process-crash (default)")
  private String durability = "";

  @Option(names = "--receivers", defaultValue = "2000", description = "1 to 20000 (default 2000)")
  private int receivers;

  @Option(names = "--queues", defaultValue = "1", description = "1 to 1000 (default 1)")
  private int queues;

  @Option(names = "--sends", defaultValue = "3000", description = "1000 or more (default 3000)")
  private int sends;

  @Option(names = "--rate", defaultValue = "150", description = "sends a second (default 150)")
  private int rate;

  @Override
  public Integer call() throws IOException {
    requireDurability(durability);
    require(receivers >= 1 && receivers <= 20_000, "--receivers is 1 to 20000");
    require(queues >= 1 && queues <= 1000, "--queues is 1 to 1000");
    require(sends >= SENDS_MIN && sends <= 1_000_000, "--sends is 1000 to 1000000");
    require(rate >= 1 && rate <= 10_000, "--rate is 1 to 10000");
    LongPolls.Plan plan = new LongPolls.Plan(durability, receivers, queues, sends, rate, 1024);
    return told(new LongPolls(plan, System.out).run(command(), out()));
  }
}
