package io.millrace.jmh.memory;

import io.millrace.jmh.run.BenchRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench memory}: millions of messages in 128 MiB of heap. */
@Command(
    name = "memory",
    description = "Millions of messages in 128 MiB of heap, killed and opened again.",
    mixinStandardHelpOptions = true)
public final class MemoryCommand implements Callable<Integer> {

  private static final int MISSED = 1;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--case",
      defaultValue = "all",
      description =
          "waiting, returned, delayed-same, delayed-random, queues, cycles, recovery or all"
              + " (default)")
  private String name = "";

  @Option(
      names = "--count",
      defaultValue = "0",
      description = "messages, queues or cycles, a multiple of 10000 (default: the case's own)")
  private long count;

  @Option(
      names = "--out",
      defaultValue = "reports/runs/bench",
      description = "directory for the run record (default ${DEFAULT-VALUE})")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    List<MemoryRun.Case> cases =
        Arrays.stream(MemoryRun.Case.values())
            .filter(one -> name.equals("all") || one.word.equals(name))
            .toList();
    if (cases.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--case: no case is called " + name);
    }
    if (count < 0 || count > 100_000_000) {
      throw new ParameterException(spec.commandLine(), "--count is 0 to 100000000");
    }
    Files.createDirectories(out);
    boolean passed = true;
    for (MemoryRun.Case chosen : cases) {
      MemoryRun.Plan plan =
          new MemoryRun.Plan(chosen.word, count == 0 ? chosen.count : count, MemoryRun.FLAGS);
      BenchRecord record = new MemoryRun(plan, System.out).run(chosen, out);
      System.out.println("record: " + out.resolve(record.bench() + ".json"));
      passed &= record.passed();
    }
    return passed ? 0 : MISSED;
  }
}
