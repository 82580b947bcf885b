package io.millrace.jmh.micro;

import io.millrace.engine.shard.Durability;
import io.millrace.jmh.run.HarnessCommand;
import java.io.IOException;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench micro}: a send beside a raw append, and the bytes of a cycle. */
@Command(
    name = "micro",
    description = "What a send costs beside a raw append, and what a cycle allocates.")
public final class MicroCommand extends HarnessCommand {

  @Option(names = "--pairs", defaultValue = "5", description = "of forks, 1 to 100 (default 5)")
  private int pairs;

  @Override
  public Integer call() throws IOException, RunnerException {
    require(pairs >= 1 && pairs <= 100, "--pairs is 1 to 100");
    MicroRun.Plan plan =
        new MicroRun.Plan(
            pairs,
            SendBenchmark.SENDS,
            SendBenchmark.OUTSTANDING,
            CycleBenchmark.CYCLES,
            SendBenchmark.BODY_BYTES,
            Durability.PROCESS_CRASH.label());
    return told(new MicroRun(plan, System.out).run(command(), out()));
  }
}
