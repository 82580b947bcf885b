package io.millrace.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that refuses a force: nothing acknowledged is lost, nothing comes twice. */
class FailedForceTest {

  private static final JournalConfig POWER_LOSS =
      JournalConfig.forced(256 << 10, 32 << 10, 64 << 20);
  private static final JournalConfig PROCESS_CRASH = JournalConfig.forced(256 << 10, 32 << 10, 0);

  private final FaultyStorage storage = new FaultyStorage();
  private final ReadBuffer buffer = new ReadBuffer();
  private final List<Journal> opened = new ArrayList<>();

  @TempDir Path root;
  @TempDir Path image;

  @AfterEach
  void closeAll() {
    storage.forcesFail = false;
    opened.forEach(Journal::close);
  }

  private Journal open(JournalConfig config) {
    return open(config, Runnable::run);
  }

  private Journal open(JournalConfig config, Executor background) {
    Journal journal = ChronicleJournal.open(root, config, storage, background);
    opened.add(journal);
    return journal;
  }

  @Test
  void trustsNoSpaceWhosePreparationCouldNotBeForced() {
    Journal journal = open(POWER_LOSS);
    List<Written> all = new ArrayList<>(new Records(1).append(journal, 10, 2_000));
    journal.force();
    storage.forcesFail = true;
    List<Written> tail = new ArrayList<>();
    Records records = new Records(2);
    assertThatThrownBy(
            () -> {
              while (tail.size() < 1_000) {
                tail.addAll(records.append(journal, 1, 2_000));
              }
            })
        .isInstanceOf(JournalForceException.class)
        .hasStackTraceContaining("prepared space could not be forced");
    assertThat(tail).isNotEmpty();

    storage.forcesFail = false;
    all.addAll(rewrite(journal, tail));

    assertThat(Records.replay(journal)).containsExactlyElementsOf(all);
    all.addAll(new Records(3).append(journal, 1_000, 2_000));
    assertThat(Records.replay(journal)).containsExactlyElementsOf(all);
  }

  @Test
  void hearsOfPagesLostEvenIfPreparationHeardOfThemFirst() {
    Queue<Runnable> preparation = new ArrayDeque<>();
    Journal journal = open(POWER_LOSS, preparation::add);
    List<Written> all = new ArrayList<>(new Records(1).append(journal, 10, 2_000));
    runAll(preparation);
    long durable = journal.force();
    List<Written> tail = new ArrayList<>();
    Records records = new Records(2);
    do {
      tail.addAll(records.append(journal, 1, 2_000));
    } while (preparation.isEmpty());

    storage.failWriteBack();
    runAll(preparation);

    assertThatThrownBy(journal::force).isInstanceOf(JournalForceException.class);
    assertThat(journal.durablePosition()).isEqualTo(durable);
    all.addAll(rewrite(journal, tail));
    assertThat(Records.replay(journal)).containsExactlyElementsOf(all);
  }

  private static void runAll(Queue<Runnable> tasks) {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 50, 1_000})
  void rewritesTheUnforcedTailIntoANewSegment(int unforced) {
    Journal journal = open(POWER_LOSS);
    List<Written> all = new ArrayList<>(new Records(1).append(journal, 100, 2_000));
    long durable = journal.force();
    List<Written> tail = new Records(2).append(journal, unforced, 2_000);
    storage.forcesFail = true;
    assertThatThrownBy(journal::force).isInstanceOf(JournalForceException.class);
    assertThat(journal.needsRewrite()).isTrue();
    assertThat(journal.durablePosition()).isEqualTo(durable);
    assertThatThrownBy(() -> Records.append(journal, new byte[] {1}))
        .isInstanceOf(JournalForceException.class);
    assertThatThrownBy(journal::force).isInstanceOf(JournalForceException.class);

    storage.forcesFail = false;
    List<Written> moved = rewrite(journal, tail);

    assertThat(journal.needsRewrite()).isFalse();
    assertThat(journal.durablePosition()).isEqualTo(journal.tailPosition());
    all.addAll(moved);
    assertThat(Records.replay(journal)).containsExactlyElementsOf(all);
    all.addAll(new Records(3).append(journal, 100, 2_000));
    journal.force();
    for (Written each : all) {
      assertThat(Records.bytes(journal.read(each.position(), buffer))).isEqualTo(each.body());
    }
    Journal again = open(POWER_LOSS);
    assertThat(Records.replay(again)).containsExactlyElementsOf(all);
    journal.close();
    assertThat(Records.replay(open(POWER_LOSS))).containsExactlyElementsOf(all);
  }

  private static List<Written> rewrite(Journal journal, List<Written> tail) {
    List<Written> told = new ArrayList<>();
    List<Written> moved = new ArrayList<>();
    journal.rewriteTail(
        (oldPosition, newPosition, body) -> {
          byte[] bytes = Records.bytes(body);
          told.add(new Written(oldPosition, bytes));
          moved.add(new Written(newPosition, bytes));
        });
    assertThat(told).containsExactlyElementsOf(tail);
    return moved;
  }

  @Test
  void whatAKilledProcessCouldNotForceIsWrittenAgainBeforeItCounts() throws IOException {
    Journal killed = open(POWER_LOSS);
    List<Written> all = new ArrayList<>(new Records(1).append(killed, 10, 2_000));
    killed.force();
    Path disk = DiskImage.copy(root, image);
    all.addAll(new Records(2).append(killed, 300, 2_000));
    storage.forcesFail = true;
    assertThatThrownBy(killed::force).isInstanceOf(JournalForceException.class);
    storage.forcesFail = false;

    // The pages of the second lot are clean now, and lost: only what is written again is forced.
    WritesKept rest = new WritesKept();
    Journal next = ChronicleJournal.open(root, POWER_LOSS, rest, Runnable::run);
    assertThat(Records.replay(next)).containsExactlyElementsOf(all);
    next.forceAll();
    for (WritesKept.Write write : rest.writes) {
      Path file = root.relativize(write.file());
      if (file.startsWith("00000001")) { // What the killed process had written to.
        DiskImage.overwrite(disk.resolve(file), write.offset(), write.bytes());
      }
    }
    next.close();

    try (Journal afterPowerCut =
        ChronicleJournal.open(disk, POWER_LOSS, new FileStorage(), Runnable::run)) {
      assertThat(Records.replay(afterPowerCut)).containsExactlyElementsOf(all);
    }
  }

  /** Real files, and what was written to them through the port. */
  private static final class WritesKept extends ForwardingStorage {

    record Write(Path file, long offset, byte[] bytes) {}

    final List<Write> writes = new ArrayList<>();

    WritesKept() {
      super(new FileStorage());
    }

    @Override
    protected StorageFile wrap(StorageFile file) {
      return new ForwardingFile(file) {
        @Override
        public void write(ByteBuffer from, long position) throws IOException {
          writes.add(new Write(path(), position, Records.bytes(from.duplicate())));
          super.write(from, position);
        }
      };
    }
  }

  @Test
  void survivesASecondFailureLater() {
    Journal journal = open(POWER_LOSS);
    List<Written> all = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      all.addAll(new Records(round).append(journal, 100, 2_000));
      journal.force();
      List<Written> tail = new Records(100 + round).append(journal, 100, 2_000);
      storage.forcesFail = true;
      assertThatThrownBy(journal::force).isInstanceOf(JournalForceException.class);
      storage.forcesFail = false;
      all.addAll(rewrite(journal, tail));
    }
    assertThat(Records.replay(open(POWER_LOSS))).containsExactlyElementsOf(all);
  }

  @Test
  void failsForGoodWhenTheRewriteFailsToo() {
    Journal journal = open(POWER_LOSS);
    List<Written> durable = new Records(1).append(journal, 10, 2_000);
    journal.force();
    new Records(2).append(journal, 10, 2_000);
    storage.forcesFail = true;
    assertThatThrownBy(journal::force).isInstanceOf(JournalForceException.class);
    assertThatThrownBy(() -> journal.rewriteTail((oldPosition, newPosition, body) -> {}))
        .isInstanceOf(JournalFailedException.class);
    storage.forcesFail = false;
    assertThatThrownBy(() -> Records.append(journal, new byte[] {1}))
        .isInstanceOf(JournalFailedException.class);
    assertThatThrownBy(journal::force).isInstanceOf(JournalFailedException.class);
    assertThatThrownBy(() -> journal.rewriteTail((oldPosition, newPosition, body) -> {}))
        .isInstanceOf(JournalFailedException.class);
    assertThat(Records.replay(open(POWER_LOSS))).startsWith(durable.toArray(Written[]::new));
  }

  @Test
  void atProcessCrashLevelTheTailIsTakenFromTheFiles() {
    Journal journal = open(PROCESS_CRASH);
    List<Written> tail = new Records(1).append(journal, 20, 2_000);
    storage.forcesFail = true;
    assertThatThrownBy(journal::force).isInstanceOf(JournalForceException.class);
    storage.forcesFail = false;
    List<Written> moved = rewrite(journal, tail);
    assertThat(Records.replay(journal)).containsExactlyElementsOf(moved);
    assertThat(Records.replay(open(PROCESS_CRASH))).containsExactlyElementsOf(moved);
  }

  @Test
  void droppingTheSegmentThatVoidedATailDoesNotBringItBack() {
    Journal journal = open(POWER_LOSS);
    List<Written> kept = new Records(1).append(journal, 10, 2_000);
    journal.force();
    List<Written> tail = new Records(2).append(journal, 10, 2_000);
    storage.forcesFail = true;
    assertThatThrownBy(journal::force).isInstanceOf(JournalForceException.class);
    storage.forcesFail = false;
    rewrite(journal, tail);
    long voiding = journal.activeSegment();
    List<Written> rest =
        new Records(3)
            .append(journal, 500, 2_000).stream()
                .filter(each -> Position.segment(each.position()) != voiding)
                .toList();
    journal.force();
    journal.dropSegment(voiding);
    List<Written> expected = new ArrayList<>(kept);
    expected.addAll(rest);
    assertThat(Records.replay(open(POWER_LOSS))).containsExactlyElementsOf(expected);
  }

  @Test
  void refusesAppendsBeyondTheUnforcedBudgetUntilAForce() {
    Journal journal = open(JournalConfig.forced(16 << 20, 0, JournalConfig.UNFORCED_BYTES_MIN));
    byte[] body = new byte[1 << 20];
    List<Written> written = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              while (true) {
                written.add(Records.append(journal, body));
              }
            })
        .isInstanceOf(JournalBusyException.class);
    assertThat(written).hasSize(7);
    journal.force();
    written.add(Records.append(journal, body));
    assertThat(Records.replay(journal)).containsExactlyElementsOf(written);
  }

  @Test
  void forceRunsBesideAppends() throws Exception {
    Journal journal = open(POWER_LOSS);
    Records.append(journal, new byte[] {1});
    Thread flusher =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()
                  && journal.durablePosition() < Position.of(8, 0)) {
                journal.force();
              }
            });
    flusher.start();
    ByteBuffer body = ByteBuffer.allocate(1_000);
    long last = 0;
    while (journal.activeSegment() < 9) {
      last = journal.append(body.clear(), Space.NORMAL);
    }
    flusher.join();
    assertThat(journal.durablePosition()).isGreaterThan(Position.of(8, 0));
    assertThat(journal.force()).isGreaterThan(last);
  }
}
