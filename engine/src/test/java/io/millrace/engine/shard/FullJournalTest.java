package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.MemoryJournal;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches that the journal has room for in part. */
class FullJournalTest {

  private static final QueueName QUEUE = new QueueName("jobs");
  private static final int MESSAGES = 6;

  @TempDir Path directory;

  @Test
  void aBatchOfVisibilityChangesTellsOfEachEntryWhetherItWasDone() throws IOException {
    MemoryJournal journal = new MemoryJournal();
    try (TurnedShard shard = new TurnedShard(directory, journal, new FileStorage(), 1 << 30, 1)) {
      shard.create(QUEUE, Map.of());
      for (int i = 0; i < MESSAGES; i++) {
        shard.send(QUEUE, "m" + i);
      }
      List<Request.VisibilityEntry> entries = new ArrayList<>();
      for (ReceivedMessage message : shard.receive(QUEUE, MESSAGES, 30)) {
        entries.add(new Request.VisibilityEntry("e" + entries.size(), message.receiptHandle(), 0));
      }
      journal.limitTo(journal.diskBytes() + 300, 0); // for two or three of six

      Reply reply =
          shard.ask(new Request.ChangeMessageVisibilityBatch(Caller.LOCAL, QUEUE, entries));

      List<Reply.Entry> outcomes = ((Reply.BatchDone) reply).entries();
      long done = outcomes.stream().filter(Reply.Entry.Succeeded.class::isInstance).count();
      assertThat(outcomes).hasSize(MESSAGES);
      assertThat(done).isBetween(1L, MESSAGES - 1L);
      assertThat(shard.state(QUEUE).visible()).isEqualTo(done);
      journal.limitTo(Long.MAX_VALUE, 0);
    }
  }

  @Test
  void aBatchForWhichThereIsNoRoomAtAllIsRefusedAsAWhole() throws IOException {
    MemoryJournal journal = new MemoryJournal();
    try (TurnedShard shard = new TurnedShard(directory, journal, new FileStorage(), 1 << 30, 1)) {
      shard.create(QUEUE, Map.of());
      shard.send(QUEUE, "m");
      String handle = shard.receive(QUEUE, 1, 30).get(0).receiptHandle();
      journal.limitTo(journal.diskBytes(), 0);

      Reply reply =
          shard.ask(
              new Request.ChangeMessageVisibilityBatch(
                  Caller.LOCAL, QUEUE, List.of(new Request.VisibilityEntry("e", handle, 0))));

      assertThat(reply).isInstanceOf(Reply.Failed.class);
      assertThat(shard.state(QUEUE).inFlight()).isEqualTo(1);
      journal.limitTo(Long.MAX_VALUE, 0);
    }
  }
}
