package io.millrace.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.sim.SimWorld;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code millrace chaos sim} by its exit status and its words. */
class SimCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory = Path.of("unset");

  /** Says of each delete that it was done, and does none. */
  private static final class NoDeletes implements SimWorld {
    @Override
    public QueueService service(QueueService service) {
      return request ->
          request instanceof Request.DeleteMessage
              ? CompletableFuture.completedFuture(Reply.Done.DONE)
              : service.submit(request);
    }
  }

  @Test
  void runsThatHoldAreValid() {
    assertThat(run(new SimCommand(), "--seed", "7", "--runs", "3")).isZero();
    assertThat(out.toString()).contains("3 runs from seed 7").endsWith("VALID\n");
  }

  @Test
  void theFirstFailureIsShrunkAndToldAsOneCommand() {
    int status =
        run(new SimCommand(NoDeletes::new), "--runs", "50", "--keep", directory.toString());

    assertThat(status).as("%s", err).isEqualTo(1);
    String said = out.toString();
    assertThat(said).startsWith("INVALID: seed ");
    String last = said.lines().reduce("", (before, line) -> line);
    assertThat(last).startsWith("again: ./millrace chaos sim --seed ");
    List<String> words = List.of(last.split(" ", -1));
    String seed = words.get(5);
    String steps = words.get(7);
    assertThat(steps.chars().filter(each -> each == ',').count()).as(last).isLessThan(12);

    out.getBuffer().setLength(0);
    assertThat(run(new SimCommand(NoDeletes::new), "--seed", seed, "--steps", steps)).isEqualTo(1);
    assertThat(out.toString()).contains("no-zombie").endsWith(last + "\n");
    assertThat(run(new SimCommand(), "--seed", seed, "--steps", steps)).isZero();

    out.getBuffer().setLength(0);
    CommandLine check = new CommandLine(new CheckCommand()).setOut(new PrintWriter(out, true));
    assertThat(check.execute(directory.toString())).isEqualTo(1);
  }

  @Test
  void aStepThatThePlanHasNotIsWrongUse() {
    assertThat(run(new SimCommand(), "--seed", "1", "--steps", "100000")).isEqualTo(2);
    assertThat(err.toString()).contains("has no step 100000");
    assertThat(run(new SimCommand(), "--runs", "-1")).isEqualTo(2);
  }

  private int run(SimCommand command, String... arguments) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
