package io.millrace.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

  private final StringWriter said = new StringWriter();

  @Test
  void wrongUseEndsWithTwoAndSaysWhy() {
    assertThat(execute()).isEqualTo(2);
    assertThat(execute("nonsense")).isEqualTo(2);
    assertThat(execute("http", "--connections", "0")).isEqualTo(2);
    assertThat(execute("http", "--against", "rabbitmq")).isEqualTo(2);
    assertThat(execute("http", "--against", "elasticmq,elasticmq")).isEqualTo(2);
    assertThat(execute("http", "--against", "elasticmq", "--ratio-min", "4,0.8")).isEqualTo(2);
    assertThat(execute("http", "--interval-min", "0.9,0.9")).isEqualTo(2);
    assertThat(execute("http", "--operation", "send-batch")).isEqualTo(2);
    assertThat(said.toString())
        .contains("--connections is 1 to 1000")
        .contains("rabbitmq")
        .contains("--against names a baseline twice")
        .contains("--interval-min has more bars than baselines")
        .contains("--ratio-min has more bars than baselines")
        .contains("servers that keep messages");
  }

  @Test
  void helpNamesTheHarnesses() {
    assertThat(execute("--help")).isZero();
    assertThat(said.toString()).contains("http");
  }

  @Test
  void everyHarnessHasItsHelpItsRecordsPlaceAndItsOwnRefusals() {
    for (String harness : List.of("http", "long-polls", "load", "micro", "memory")) {
      assertThat(execute(harness, "--help")).as(harness).isZero();
      assertThat(said.toString()).contains("bench " + harness).contains("--out=<out>");
      said.getBuffer().setLength(0);
    }
    assertThat(execute("http", "--durability", "maybe")).isEqualTo(2);
    assertThat(execute("long-polls", "--durability", "maybe")).isEqualTo(2);
    assertThat(execute("micro", "--pairs", "0")).isEqualTo(2);
    assertThat(execute("load", "sub-10ms", "--arrivals", "burst:1")).isEqualTo(2);
    assertThat(execute("load", "--target", "rabbitmq")).isEqualTo(2);
    assertThat(execute("memory", "--case", "none")).isEqualTo(2);
    assertThat(execute("memory", "--count", "-1")).isEqualTo(2);
    assertThat(said.toString())
        .contains("--durability is power-loss or process-crash")
        .contains("--pairs is 1 to 100")
        .contains("burst:N")
        .contains("elasticmq or a URL, not rabbitmq")
        .contains("no case is called none")
        .contains("--count is 0 to 100000000");
  }

  private int execute(String... arguments) {
    CommandLine line = Main.commandLine();
    PrintWriter writer = new PrintWriter(said, true);
    return line.setOut(writer).setErr(writer).execute(arguments);
  }

  @Test
  void everyHelpIsWholeSentences() {
    assertWholeSentences(Main.commandLine());
  }

  /** The parser fills the lines, and takes a bare % for a pattern of its own. */
  private static void assertWholeSentences(CommandLine line) {
    for (String sentence : line.getCommandSpec().usageMessage().description()) {
      assertThat(String.format(Locale.ROOT, sentence)).endsWith(".");
    }
    line.getSubcommands().values().forEach(below -> assertWholeSentences(below));
  }
}
