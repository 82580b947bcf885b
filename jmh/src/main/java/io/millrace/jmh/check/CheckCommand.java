package io.millrace.jmh.check;

import io.millrace.jmh.run.HarnessCommand;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench check}: the lab's judge over a long history. */
@Command(
    name = "check",
    description = "All invariants over ten million operations, in 128 MiB of heap.")
public final class CheckCommand extends HarnessCommand {

  @Option(
      names = "--operations",
      defaultValue = "10000000",
      description = "sends, receives and deletes, 1000 to 1000000000 (default ${DEFAULT-VALUE})")
  private long operations;

  @Override
  public Integer call() throws IOException {
    require(
        operations >= 1_000 && operations <= 1_000_000_000, "--operations is 1000 to 1000000000");
    return told(new CheckRun(System.out).run(operations, command(), out()));
  }
}
