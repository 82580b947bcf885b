package io.millrace.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.MemoryHistory;
import io.millrace.chaos.history.Origin;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code millrace chaos check} by its exit status and its words. */
class CheckCommandTest {

  private static final long MS = 1_000_000;
  private static final Fingerprint MESSAGE = new Fingerprint(1, 7);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory = Path.of("unset");

  @Test
  void brokenInvariantIsToldWithTheTimelineOfItsMessageAndTheFaultsAroundIt() throws IOException {
    history(true).write(directory, new Origin(0, 0));

    int status = check(directory.toString());

    assertThat(status).as("%s", err).isEqualTo(1);
    String said = out.toString();
    assertThat(said).startsWith("INVALID, profile strict");
    String text = said.substring(said.indexOf("INVALID  no-zombie"));
    assertThat(text.substring(0, text.indexOf("UNKNOWN")).lines().map(String::stripTrailing))
        .containsExactly(
            """
            INVALID  no-zombie                1 judged, receivedAfterDelete 1
              at 6001.000 ms, attempt 0: received again after a confirmed delete
                   100.000 ..    101.000 ms  session 0  SEND OK, message %1$s
                   200.000 ..    201.000 ms  session 1  RECEIVE OK, message %1$s, handle %2$s, count 1, visibility 5000 ms
                   202.000 ..    203.000 ms  session 1  DELETE OK, handle %2$s
                   300.000 ..    300.000 ms  session 2  FAULT latency FIRED, number 4, proxy: 40 ms added
                  6000.000 ..   6001.000 ms  session 1  RECEIVE OK, message %1$s, handle %3$s, count 2, visibility 5000 ms
                 90000.000 ..  90000.000 ms  session 2  DRAINED nothing left
            """
                .formatted(MESSAGE, Fingerprint.of("h"), Fingerprint.of("i"))
                .lines()
                .toArray(String[]::new));
  }

  @Test
  void profileDecidesWhatIsHeldAgainstATarget() throws IOException {
    history(true).write(directory, new Origin(0, 0));

    assertThat(check(directory.toString(), "--profile", "aws-standard")).isZero();
    assertThat(out.toString()).startsWith("VALID, profile aws-standard");
  }

  @Test
  void legalHistoryIsValidAlsoWhereARunKeptIt() throws IOException {
    Path logs = Files.createDirectory(directory.resolve("history"));
    history(false).write(logs, new Origin(0, 0));

    assertThat(check(directory.toString())).as("%s%s", out, err).isZero();
  }

  @Test
  void wrongUseIsToldApart() {
    assertThat(check(directory.resolve("nothing").toString())).isEqualTo(2);
    assertThat(check(directory.toString(), "--profile", "polite")).isEqualTo(2);
    assertThat(err.toString())
        .contains("millrace chaos check: there is no history at " + directory.resolve("nothing"))
        .contains("there is no profile polite")
        .hasLineCount(4);
    assertThat(commandLine().execute("chaos")).isEqualTo(2);
  }

  private int check(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "chaos";
    all[1] = "check";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return commandLine().execute(all);
  }

  private CommandLine commandLine() {
    return Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
  }

  private static MemoryHistory history(boolean zombie) {
    MemoryHistory history = new MemoryHistory();
    history.append(
        new Entry.Send(0, 100 * MS, 101 * MS, Ending.OK, "", 0, 0, 100 * MS, 0, MESSAGE, true));
    history.append(receive(200, "h", 1));
    history.append(
        new Entry.Delete(
            1, 202 * MS, 203 * MS, Ending.OK, "", 0, Fingerprint.of("h"), Entry.ALONE));
    history.append(
        new Entry.Fault(
            2,
            300 * MS,
            300 * MS,
            4,
            FaultKind.LATENCY,
            FaultPhase.FIRED,
            Entry.FIRST_QUEUE,
            Fingerprint.NONE,
            "proxy",
            "40 ms added"));
    if (zombie) {
      history.append(receive(6_000, "i", 2));
    }
    history.append(new Entry.Event(2, 90_000 * MS, 90_000 * MS, EventKind.DRAINED, "nothing left"));
    return history;
  }

  private static Entry.Receive receive(long atMs, String handle, int count) {
    return new Entry.Receive(
        1,
        atMs * MS,
        (atMs + 1) * MS,
        Ending.OK,
        "",
        0,
        5_000,
        10,
        List.of(new Delivery(0, MESSAGE, Fingerprint.of(handle), count, 0, 0, Set.of())));
  }
}
