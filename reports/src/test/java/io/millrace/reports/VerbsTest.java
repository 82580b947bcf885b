package io.millrace.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every verb says when it is used wrongly. */
class VerbsTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Command(mixinStandardHelpOptions = true)
  static final class Complaining implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      throw new ParameterException(spec.commandLine(), "line 1 is wrong\n  line 2 too\n");
    }
  }

  private int execute(CommandLine line, String... arguments) {
    return line.setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void wrongUseIsTwoLinesAndStatusTwo() {
    assertThat(execute(Main.commandLine(), "render", "there", "--nonsense")).isEqualTo(2);
    assertThat(err)
        .hasToString(
            """
            millrace report render: Unknown option: '--nonsense'
            millrace report render --help tells what it takes
            """);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aComplaintOfSeveralLinesIsToldInOne() {
    assertThat(execute(Verbs.commandLine(new Complaining(), "millrace complain"))).isEqualTo(2);
    assertThat(err)
        .hasToString(
            """
            millrace complain: line 1 is wrong; line 2 too
            millrace complain --help tells what it takes
            """);
  }

  @Test
  void versionIsTold() {
    assertThat(execute(Main.commandLine(), "--version")).isZero();
    assertThat(out.toString()).startsWith("millrace ").hasLineCount(1);
  }
}
