package io.millrace.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

  private final StringWriter said = new StringWriter();

  @Test
  void wrongUseEndsWithTwoAndSaysWhy() {
    assertThat(execute()).isEqualTo(2);
    assertThat(execute("nonsense")).isEqualTo(2);
    assertThat(execute("http", "--connections", "0")).isEqualTo(2);
    assertThat(execute("http", "--against", "elasticmq")).isEqualTo(2);
    assertThat(said.toString()).contains("--connections is 1 to 1000").contains("elasticmq");
  }

  @Test
  void helpNamesTheHarnesses() {
    assertThat(execute("--help")).isZero();
    assertThat(said.toString()).contains("http");
  }

  private int execute(String... arguments) {
    CommandLine line = Main.commandLine();
    PrintWriter writer = new PrintWriter(said, true);
    return line.setOut(writer).setErr(writer).execute(arguments);
  }
}
