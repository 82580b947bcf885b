package io.millrace.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryJournalTest extends JournalContract {

  @Override
  Journal open() {
    return new MemoryJournal(256 << 10, Long.MAX_VALUE, 0);
  }

  @Override
  Journal reopen(Journal last) {
    return ((MemoryJournal) last).reopen();
  }

  @Test
  void aPowerCutKeepsTheDurablePrefixAndNothingElse() {
    MemoryJournal journal = new MemoryJournal();
    List<Written> durable = new ArrayList<>(new Records(1).append(journal, 50, 1_000));
    journal.force();
    new Records(2).append(journal, 50, 1_000);
    MemoryJournal after = journal.crash();
    assertThat(Records.replay(after)).containsExactlyElementsOf(durable);
    durable.addAll(new Records(3).append(after, 50, 1_000));
    assertThat(Records.replay(after)).containsExactlyElementsOf(durable);
  }

  @Test
  void aPowerCutBeforeTheRecoverysForceKeepsWhatWasDurableBefore() {
    MemoryJournal journal = new MemoryJournal();
    List<Written> durable = new Records(1).append(journal, 50, 1_000);
    journal.force();
    new Records(2).append(journal, 50, 1_000);
    MemoryJournal killed = journal.reopen();
    assertThat(Records.replay(killed.crash())).containsExactlyElementsOf(durable);
    assertThat(Records.replay(killed.crash().crash())).containsExactlyElementsOf(durable);
    killed.forceAll();
    assertThat(Records.replay(killed.crash())).hasSize(100);
  }

  @Test
  void whenFullOnlyTheReserveIsLeft() {
    MemoryJournal journal = new MemoryJournal(64 << 10, 128 << 10, 16 << 10);
    ByteBuffer body = ByteBuffer.allocate(1_000);
    assertThatThrownBy(
            () -> {
              while (true) {
                journal.append(body.clear(), Space.NORMAL);
              }
            })
        .isInstanceOf(JournalFullException.class);
    journal.append(body.clear(), Space.RESERVE);
    journal.dropSegment(journal.segments().get(0).number());
    journal.append(body.clear(), Space.NORMAL);
  }

  @Test
  void aPowerCutThatTearsARecordKeepsTheWholeOnesBeforeIt() {
    MemoryJournal journal = new MemoryJournal(64 << 10, Long.MAX_VALUE, 0);
    List<Written> all = new ArrayList<>(new Records(1).append(journal, 20, 1_000));
    journal.force();
    all.addAll(new Records(2).append(journal, 200, 1_000));
    long unforced = journal.unforcedBytes();
    for (long kept = 0; kept <= unforced; kept += 997) {
      MemoryJournal after = journal.crash(kept);
      List<Written> found = Records.replay(after);
      assertThat(found.size()).isGreaterThanOrEqualTo(20);
      assertThat(found).as("%d bytes kept", kept).isEqualTo(all.subList(0, found.size()));
      List<Written> more = new Records(3).append(after, 2, 1_000);
      assertThat(Records.replay(after)).endsWith(more.toArray(new Written[0]));
    }
    assertThat(Records.replay(journal.crash(unforced))).isEqualTo(all);
  }

  @Test
  void aFlippedBitInAPromisedRecordIsDamageAndTheRestIsRead() {
    MemoryJournal journal = new MemoryJournal();
    List<Written> all = new Records(1).append(journal, 20, 1_000);
    journal.force();
    for (long bit = 0; bit < 2_000; bit += 37) {
      MemoryJournal after = journal.crash();
      after.flip(all.get(7).position(), bit);
      List<Written> rest = new ArrayList<>(all);
      rest.remove(7);
      List<Written> found = new ArrayList<>();
      ReplayReport report = after.replay(0, Records.into(found));
      assertThat(found).as("bit %d", bit).isEqualTo(rest);
      assertThat(report.damaged()).hasSize(1);
      assertThat(report.damaged().get(0).fromPosition()).isEqualTo(all.get(7).position());
    }
  }

  @Test
  void aFlippedBitBeyondWhatWasPromisedEndsTheLog() {
    MemoryJournal journal = new MemoryJournal();
    List<Written> all = new ArrayList<>(new Records(1).append(journal, 20, 1_000));
    journal.force();
    all.addAll(new Records(2).append(journal, 20, 1_000));
    MemoryJournal after = journal.crash(journal.unforcedBytes());
    after.flip(all.get(30).position(), 5);
    ReplayReport report = after.replay(0, (position, bytes, body) -> {});
    assertThat(report.ending()).isEqualTo(ReplayReport.Ending.TORN);
    assertThat(report.damaged()).isEmpty();
    assertThat(Records.replay(after)).isEqualTo(all.subList(0, 30));
  }

  @Test
  void afterAFailedForceOnlyARewriteHelps() {
    MemoryJournal journal = new MemoryJournal();
    List<Written> durable = new Records(1).append(journal, 20, 1_000);
    journal.force();
    List<Written> tail = new Records(2).append(journal, 5, 1_000);
    journal.failNextForce();
    assertThatThrownBy(journal::force).isInstanceOf(JournalForceException.class);
    assertThatThrownBy(journal::force).isInstanceOf(JournalForceException.class);
    assertThat(journal.needsRewrite()).isTrue();
    ByteBuffer body = ByteBuffer.allocate(10);
    assertThatThrownBy(() -> journal.append(body, Space.RESERVE))
        .isInstanceOf(JournalForceException.class);
    List<Long> moved = new ArrayList<>();
    journal.rewriteTail((from, to, record) -> moved.add(from));
    assertThat(moved).isEqualTo(tail.stream().map(Written::position).toList());
    assertThat(journal.durablePosition()).isEqualTo(journal.tailPosition());
    List<Written> after = Records.replay(journal.crash());
    assertThat(after.subList(0, 20)).isEqualTo(durable);
    for (int i = 0; i < 5; i++) {
      assertThat(after.get(20 + i).body()).isEqualTo(tail.get(i).body());
    }
  }

  @Test
  void aLogWhoseVeryFirstForceFailedStillBeginsAtItsBeginning() {
    MemoryJournal journal = new MemoryJournal();
    List<Written> first = new Records(1).append(journal, 5, 1_000);
    journal.failNextForce();
    assertThatThrownBy(journal::force).isInstanceOf(JournalForceException.class);
    journal.rewriteTail((from, to, record) -> {});
    assertThat(journal.scanSegment(1, (position, bytes, body) -> {}).records()).isZero();
    MemoryJournal after = journal.crash();
    assertThat(after.startPosition()).isZero();
    assertThat(Records.replay(after)).hasSameSizeAs(first);
  }
}
