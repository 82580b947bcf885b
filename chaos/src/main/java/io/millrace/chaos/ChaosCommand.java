package io.millrace.chaos;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The lab's own verbs. */
@Command(
    name = "chaos",
    description = "Forces faults, records histories and judges them.",
    subcommands = {
      ListCommand.class,
      ScenarioCommand.class,
      ReplayCommand.class,
      CheckCommand.class,
      DiskCommand.class,
      SimCommand.class
    },
    mixinStandardHelpOptions = true)
public final class ChaosCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a verb is missing");
  }
}
