package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.engine.journal.ChronicleJournal;
import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalConfig;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where a recovery begins to replay, and what it does when it cannot. */
@Timeout(60)
class RecoveryTest {

  private static final QueueName QUEUE = new QueueName("orders");
  private static final JournalConfig SMALL = JournalConfig.forced(64 << 10, 0, 64 << 20);
  private static final long NEVER = Long.MAX_VALUE >> 1;
  private static final String BODY = "x".repeat(2_000);

  @TempDir Path directory;

  private final List<Journal> journals = new ArrayList<>();
  private TurnedShard shard;
  private int start;
  private int sent;

  @BeforeEach
  void open() throws IOException {
    Journal journal =
        ChronicleJournal.open(
            directory.resolve("journal"), SMALL, new FileStorage(), Runnable::run);
    journals.add(journal);
    shard = new TurnedShard(directory.resolve("shard"), journal, new FileStorage(), NEVER, ++start);
  }

  @AfterEach
  void close() throws IOException {
    shard.close();
    journals.forEach(Journal::close);
  }

  private void restart() throws IOException {
    shard.close();
    open();
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      shard.send(QUEUE, sent++ + BODY);
    }
  }

  private List<Path> checkpoints() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("shard"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("checkpoint-"))
          .sorted()
          .toList();
    }
  }

  private void receivesAllThatWasSent(int from) {
    for (int i = from; i < sent; i++) {
      List<ReceivedMessage> messages = shard.receive(QUEUE, 1, 600);
      assertThat(messages).hasSize(1);
      assertThat(TurnedShard.body(messages.get(0))).isEqualTo(i + BODY);
    }
    assertThat(shard.receive(QUEUE, 10, 600)).isEmpty();
  }

  @Test
  void replayBeginsAtTheNewestCheckpoint() throws IOException {
    shard.create(QUEUE, Map.of());
    send(100);
    shard.takeCheckpoint();
    send(3);
    restart();
    assertThat(shard.counters.recoveryRecords.get()).isEqualTo(3);
    receivesAllThatWasSent(0);
  }

  @Test
  void aDamagedCheckpointIsPassedOverForTheOneBefore() throws IOException {
    shard.create(QUEUE, Map.of());
    send(50);
    shard.takeCheckpoint();
    send(20);
    shard.takeCheckpoint();
    send(3);
    shard.close();
    byte[] newest = Files.readAllBytes(checkpoints().get(1));
    newest[newest.length / 2] ^= 4;
    Files.write(checkpoints().get(1), newest);
    open();
    assertThat(shard.counters.recoveryRecords.get()).isEqualTo(23);
    receivesAllThatWasSent(0);
  }

  @Test
  void withoutACheckpointTheWholeJournalIsReplayed() throws IOException {
    shard.create(QUEUE, Map.of());
    send(100);
    shard.takeCheckpoint();
    restart();
    send(3);
    shard.close();
    for (Path checkpoint : checkpoints()) {
      Files.delete(checkpoint);
    }
    open();
    assertThat(shard.counters.recoveryRecords.get()).isEqualTo(1 + 103);
    receivesAllThatWasSent(0);
  }

  @Test
  void whatIsLeftOfAJournalIsNotServedWithoutTheCheckpointItRestsOn() throws IOException {
    shard.create(QUEUE, Map.of());
    send(100);
    for (int i = 0; i < 100; i++) {
      shard.delete(QUEUE, shard.receive(QUEUE, 1, 600).get(0));
    }
    send(20);
    shard.takeCheckpoint();
    shard.takeCheckpoint();
    assertThat(shard.counters.segmentsDropped.get()).isPositive();
    restart();
    receivesAllThatWasSent(100);
    shard.close();
    for (Path checkpoint : checkpoints()) {
      Files.write(checkpoint, "not a checkpoint".getBytes(StandardCharsets.UTF_8));
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no checkpoint can be read");
  }

  @Test
  void aRecoveryThatFailsLeavesNoFileOpen() throws IOException {
    assumeThat(Files.isDirectory(Path.of("/proc/self/fd"))).as("open files can be listed").isTrue();
    shard.create(QUEUE, Map.of());
    send(100);
    shard.close();
    Path backlog = directory.resolve("shard").resolve("backlog").toRealPath();
    assertThat(openFiles()).doesNotContain(backlog);
    Fuse fuse = new Fuse();
    Journal journal =
        ChronicleJournal.open(
            directory.resolve("journal"), SMALL, new FileStorage(), Runnable::run);
    journals.add(journal);
    fuse.light(1);
    assertThatThrownBy(
            () ->
                new TurnedShard(
                    directory.resolve("shard"),
                    new FusedJournal(journal, fuse, new CRC32C()),
                    new FileStorage(),
                    NEVER,
                    ++start))
        .isInstanceOf(Fuse.Crash.class);
    assertThat(openFiles()).doesNotContain(backlog);
  }

  private static List<Path> openFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.isSymbolicLink(descriptor)) { // the listing's own is closed by now
          files.add(Files.readSymbolicLink(descriptor));
        }
      }
    }
    return files;
  }
}
