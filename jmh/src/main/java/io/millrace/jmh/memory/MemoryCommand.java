package io.millrace.jmh.memory;

import io.millrace.jmh.run.HarnessCommand;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench memory}: millions of messages in 128 MiB of heap. */
@Command(
    name = "memory",
    description = "Millions of messages in 128 MiB of heap, killed and opened again.")
public final class MemoryCommand extends HarnessCommand {

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

  @Override
  public Integer call() throws IOException {
    List<MemoryRun.Case> cases =
        Arrays.stream(MemoryRun.Case.values())
            .filter(one -> name.equals("all") || one.word.equals(name))
            .toList();
    require(!cases.isEmpty(), "--case: no case is called " + name);
    require(count >= 0 && count <= 100_000_000, "--count is 0 to 100000000");
    int status = 0;
    for (MemoryRun.Case chosen : cases) {
      MemoryRun.Plan plan =
          new MemoryRun.Plan(chosen.word, count == 0 ? chosen.count : count, MemoryRun.FLAGS);
      status =
          Math.max(status, told(new MemoryRun(plan, System.out).run(chosen, command(), out())));
    }
    return status;
  }
}
