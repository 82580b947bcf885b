package io.millrace.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Judging and showing from files. */
class EvidenceTest {

  private static final long M = 7;

  @TempDir private Path directory = Path.of("unset");

  @Test
  void findingIsShownByTheTimelineOfItsMessageAndTheFaultsWithinIt() throws IOException {
    write(
        Story.ofAWholeRun()
            .send(9_000, M)
            .receive(M, 9_200, 9_201, "h", 1)
            .delete(M, 9_202, 9_203, "h", Ending.OK)
            .receive(M, 16_000, 16_001, "i", 2));

    Judgement judgement = Judge.judge(directory, Rules.STRICT);
    List<String> lines = Evidence.gather(directory, Set.of(M)).get(M);

    assertThat(judgement.findings())
        .extracting(Finding::invariant, Finding::attempt)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(Invariant.DELETE_DURABILITY, M));
    assertThat(lines).hasSize(6);
    assertThat(lines.get(0)).contains("9000.000 ..   9001.000 ms").contains("SEND OK");
    assertThat(lines.get(1)).contains("RECEIVE OK").contains("count 1");
    assertThat(lines.get(2)).contains("DELETE OK");
    assertThat(lines.get(3)).contains("KILL exit 137");
    assertThat(lines.get(4)).contains("RECEIVE OK").contains("count 2");
    assertThat(lines.get(5)).contains("DRAINED");
  }

  @Test
  void cutLogLeavesNothingValid() throws IOException {
    write(Story.ofAWholeRun());
    assertThat(Judge.judge(directory, Rules.STRICT).overall()).isEqualTo(Verdict.valid());
    Path log = directory.resolve("session-000.history");
    byte[] whole = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(whole, whole.length - 1));

    Judgement judgement = Judge.judge(directory, Rules.STRICT);

    assertThat(judgement.cutLogs()).containsExactly("session-000.history");
    assertThat(judgement.overall())
        .isEqualTo(new Verdict.Unknown("logs without an end: session-000.history"));
  }

  @Test
  void judgeTellsHowFarItIsEntryByEntry() throws IOException {
    Story story = Story.ofAWholeRun();
    write(story);
    List<Long> told = new ArrayList<>();

    Judge.judge(directory, Rules.STRICT, told::add);

    assertThat(told)
        .containsExactlyElementsOf(story.entries().stream().map(Entry::returnedNs).toList());
  }

  private void write(Story story) throws IOException {
    try (HistoryWriter log = HistoryWriter.create(directory, 0, Origin.now())) {
      for (Entry entry : story.entries()) {
        log.append(entry);
      }
    }
  }
}
