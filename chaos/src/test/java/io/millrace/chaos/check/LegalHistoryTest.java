package io.millrace.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Histories made by a tiny model of a legal queue, with unknown sends, lost answers, failed and
 * unknown deletes, slow consumers and a kill: a judge that accuses any of them is wrong.
 */
class LegalHistoryTest {

  private static final int MESSAGES = 60;
  private static final long KILL_FROM_MS = 10_000;
  private static final long KILL_TO_MS = 10_005;

  @Property(tries = 300)
  void legalHistoryIsNeverAccused(@ForAll long seed) {
    Judgement judgement = legalStory(seed).judged();

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.overall()).isEqualTo(Verdict.valid());
  }

  @Property(tries = 100)
  void takingOneAcknowledgedMessageOutOfEveryReceiveIsALoss(@ForAll long seed) {
    Story story = new Story();
    List<Entry> entries = legalStory(seed).entries();
    long victim =
        entries.stream()
            .filter(Entry.Send.class::isInstance)
            .map(Entry.Send.class::cast)
            .filter(send -> send.ending() == Ending.OK)
            .mapToLong(Entry.Send::attempt)
            .max()
            .orElseThrow();
    for (Entry entry : entries) {
      if (entry instanceof Entry.Receive poll
          && poll.deliveries().stream().anyMatch(each -> each.attempt() == victim)) {
        continue;
      }
      if (entry instanceof Entry.Delete delete && delete.attempt() == victim) {
        continue;
      }
      story.add(entry);
    }

    assertThat(story.judged().findings())
        .extracting(Finding::invariant, Finding::attempt)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(Invariant.LOSS, victim));
  }

  private static Story legalStory(long seed) {
    Random random = new Random(seed);
    Story story = Story.ofAWholeRun();
    for (int i = 0; i < MESSAGES; i++) {
      tell(story, i, random);
    }
    return story;
  }

  /**
   * One message's life: everything the model decides happens at an instant inside the operation's
   * interval.
   */
  private static void tell(Story story, long attempt, Random random) {
    long sendFrom = random.nextInt(40_000);
    long sendTo = sendFrom + 1 + random.nextInt(200);
    boolean duringKill = sendFrom >= KILL_FROM_MS - 100 && sendFrom <= KILL_TO_MS;
    Ending sent =
        duringKill && random.nextBoolean()
            ? Ending.INFO
            : random.nextInt(20) == 0 ? Ending.FAIL : Ending.OK;
    story.send(sendFrom, sendTo, attempt, sent);
    if (sent == Ending.FAIL || (sent == Ending.INFO && random.nextBoolean())) {
      return;
    }
    long visibleAt = sendFrom + random.nextInt((int) (sendTo - sendFrom));
    int count = 0;
    Fingerprint messageId = Story.messageId(attempt);
    List<Long> handed = new ArrayList<>();
    while (true) {
      long handedAt = visibleAt + random.nextInt(300);
      count++;
      visibleAt = handedAt + Story.VISIBILITY_MS;
      boolean lastTry = handed.size() >= 4;
      if (!lastTry && random.nextInt(10) == 0) {
        continue; // The answer was lost: counted by the server, seen by nobody.
      }
      handed.add(handedAt);
      String handle = attempt + "/" + count;
      long pollFrom = handedAt - random.nextInt(2_000);
      long pollTo = handedAt + 1 + random.nextInt(50);
      story.receive(pollFrom, pollTo, Story.delivery(attempt, messageId, handle, count, Set.of()));
      // A slow consumer comes back after its lease has ended; the latest receipt deletes all the
      // same.
      long deleteFrom = pollTo + random.nextInt(lastTry || random.nextInt(4) > 0 ? 100 : 6_000);
      long deleteTo = deleteFrom + 1 + random.nextInt(20);
      int draw = lastTry ? 9 : random.nextInt(10);
      if (draw == 0) {
        continue; // The consumer died before its delete.
      } else if (draw == 1) {
        story.delete(attempt, deleteFrom, deleteTo, handle, Ending.FAIL);
        continue;
      } else if (draw == 2) {
        story.delete(attempt, deleteFrom, deleteTo, handle, Ending.INFO);
        if (random.nextBoolean() && deleteTo < visibleAt) {
          return;
        }
        continue;
      }
      story.delete(attempt, deleteFrom, deleteTo, handle, Ending.OK);
      if (deleteTo < visibleAt) {
        return;
      }
      // Too late: the lease had ended, the message may have been on its way to somebody else.
    }
  }

  @Property(tries = 20)
  void withoutADrainALegalHistoryIsUnknownAtWorst(@ForAll long seed) {
    Judgement judgement = legalStory(seed).without(EventKind.DRAINED).judged();

    assertThat(judgement.findings()).isEmpty();
  }
}
