package io.millrace.chaos;

import io.millrace.reports.Verbs;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The lab's entry. Exit status: 0 VALID, 1 INVALID, 2 wrong use, 3 UNKNOWN or not brought to its
 * end.
 */
@Command(
    name = "millrace",
    description = "The lab: real traffic, faults on purpose, and a verdict.",
    subcommands = {RunCommand.class, ChaosCommand.class},
    mixinStandardHelpOptions = true)
public final class Main implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  Main() {}

  /** Runs a verb and ends the JVM with its status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return Verbs.commandLine(new Main(), "millrace");
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a verb is missing");
  }
}
