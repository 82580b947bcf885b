package io.millrace.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RunCommandTest {

  private static final int WRONG_USE = 2;

  @TempDir private Path directory = Path.of("unset");

  private final StringWriter said = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "jump",
        "chaos",
        "run --rate 0",
        "run --rate 20001",
        "run --seconds 3",
        "run --seconds",
        "run --seed many",
        "run --metrics-port 65536",
        "run --loud",
        "run further"
      })
  void wrongUseIsAnsweredInWordsAndWithStatusTwo(String line) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");

    assertThat(execute(arguments)).isEqualTo(WRONG_USE);
    assertThat(said.toString().lines())
        .hasSize(2)
        .allMatch(said -> said.startsWith("millrace"))
        .last()
        .asString()
        .endsWith("--help tells what it takes");
  }

  @Test
  void directoryThatHoldsSomethingIsNotRunInto() throws IOException {
    Files.writeString(directory.resolve("precious"), "mine");

    assertThat(execute("run", "--out", directory.toString())).isEqualTo(WRONG_USE);
    assertThat(said.toString()).contains("is not empty");
  }

  @Test
  void fileIsNotRunInto() throws IOException {
    Path file = Files.writeString(directory.resolve("precious"), "mine");

    assertThat(execute("run", "--out", file.toString())).isEqualTo(WRONG_USE);
  }

  @Test
  void takenMetricsPortIsOneClearLineAndNothingIsBegun() throws IOException {
    Path out = directory.resolve("run");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      assertThat(execute("run", "--metrics-port", port, "--out", out.toString()))
          .isEqualTo(WRONG_USE);
      assertThat(said.toString().lines())
          .singleElement()
          .satisfies(
              line -> assertThat(line).startsWith("millrace: --metrics-port").contains(port));
    }
    assertThat(out).doesNotExist();
  }

  @Test
  void directoryThatCannotBeWrittenToIsOneClearLine() throws IOException {
    Path file = Files.writeString(directory.resolve("precious"), "mine");
    Path out = file.resolve("run");

    assertThat(execute("run", "--metrics-port", "0", "--out", out.toString())).isEqualTo(WRONG_USE);
    assertThat(said.toString().lines())
        .singleElement()
        .satisfies(line -> assertThat(line).contains(out.toString()).contains("cannot be written"));
  }

  private int execute(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setErr(new PrintWriter(said));
    commandLine.setOut(new PrintWriter(said));
    return commandLine.execute(arguments);
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
