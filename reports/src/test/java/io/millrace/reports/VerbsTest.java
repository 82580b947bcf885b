package io.millrace.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
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
  void aWordThatIsNoVerbIsToldWithThoseThatAre() {
    assertThat(execute(Main.commandLine(), "rander")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "millrace report: there is no 'rander', there are render, verify, compare, gate, publish");
  }

  @Test
  void aWordTooManyIsTold() {
    assertThat(execute(Verbs.commandLine(new Complaining(), "millrace complain"), "loudly"))
        .isEqualTo(2);
    assertThat(err.toString()).startsWith("millrace complain: 'loudly' is one word too many");
  }

  @Test
  void aRefusalOfTheFileSystemIsToldInWords() {
    assertThat(Verbs.words(new NoSuchFileException("a/b"))).isEqualTo("there is no a/b");
    assertThat(Verbs.words(new AccessDeniedException("a/b"))).isEqualTo("no permission for a/b");
    assertThat(Verbs.words(new FileSystemException("a/b", null, "Read-only file system")))
        .isEqualTo("a/b: Read-only file system");
    assertThat(Verbs.words(new DirectoryNotEmptyException("a/b")))
        .isEqualTo("DirectoryNotEmptyException: a/b");
    assertThat(Verbs.words(new IOException("one\ntwo"))).isEqualTo("one two");
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
