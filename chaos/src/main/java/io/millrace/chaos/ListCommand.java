package io.millrace.chaos;

import io.millrace.chaos.scenario.Scenarios;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace chaos list}: the scenarios that come with the lab. */
@Command(
    name = "list",
    description = "Names the scenarios and what each is to find out.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  ListCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    for (String name : Scenarios.names()) {
      out.printf("%-16s %s%n", name, Scenarios.named(name).intent());
    }
    out.flush();
  }
}
