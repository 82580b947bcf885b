package io.millrace.jmh.micro;

import io.millrace.engine.shard.Durability;
import io.millrace.jmh.run.BenchRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench micro}: a send beside a raw append, and the bytes of a cycle. */
@Command(
    name = "micro",
    description = "What a send costs beside a raw append, and what a cycle allocates.",
    mixinStandardHelpOptions = true)
public final class MicroCommand implements Callable<Integer> {

  private static final int MISSED = 1;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--pairs", defaultValue = "5", description = "of forks, 1 to 100 (default 5)")
  private int pairs;

  @Option(
      names = "--out",
      defaultValue = "reports/runs/bench",
      description = "directory for the run record (default ${DEFAULT-VALUE})")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException, RunnerException {
    if (pairs < 1 || pairs > 100) {
      throw new ParameterException(spec.commandLine(), "--pairs is 1 to 100");
    }
    MicroRun.Plan plan =
        new MicroRun.Plan(
            pairs,
            SendBenchmark.SENDS,
            SendBenchmark.OUTSTANDING,
            CycleBenchmark.CYCLES,
            SendBenchmark.BODY_BYTES,
            Durability.PROCESS_CRASH.label());
    Files.createDirectories(out);
    BenchRecord record = new MicroRun(plan, System.out).run(out);
    System.out.println("record: " + out.resolve(record.bench() + ".json"));
    return record.passed() ? 0 : MISSED;
  }
}
