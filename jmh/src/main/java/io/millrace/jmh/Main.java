package io.millrace.jmh;

import io.millrace.jmh.check.CheckCommand;
import io.millrace.jmh.http.HttpCommand;
import io.millrace.jmh.http.LongPollsCommand;
import io.millrace.jmh.load.LoadCommand;
import io.millrace.jmh.memory.MemoryCommand;
import io.millrace.jmh.micro.JmhCommand;
import io.millrace.jmh.micro.MicroCommand;
import io.millrace.reports.Verbs;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code ./millrace bench}: picks the harness. Exit status 0 when every bar asked for was met, 1
 * when one was missed or the run failed, 2 for wrong use.
 */
@Command(
    name = "bench",
    description = "Measures the engine and the server next to their baselines.",
    mixinStandardHelpOptions = true,
    subcommands = {
      HttpCommand.class,
      LongPollsCommand.class,
      LoadCommand.class,
      MicroCommand.class,
      MemoryCommand.class,
      CheckCommand.class,
      JmhCommand.class
    })
public final class Main implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs the command line, with or without the leading word {@code bench}. */
  public static void main(String[] arguments) {
    boolean named = arguments.length > 0 && arguments[0].equals("bench");
    String[] rest = named ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
    System.exit(commandLine().execute(rest));
  }

  static CommandLine commandLine() {
    return Verbs.commandLine(new Main(), "millrace bench")
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              command.getErr().println("bench: " + failure.getMessage());
              failure.printStackTrace(command.getErr());
              return 1;
            });
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which benchmark?");
  }
}
