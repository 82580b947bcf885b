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
}
