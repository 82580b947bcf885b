package io.millrace.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleJournalTest extends JournalContract {

  static final JournalConfig SMALL = JournalConfig.forced(256 << 10, 32 << 10, 64 << 20);

  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private final ExecutorService others = Executors.newCachedThreadPool();
  private final Storage storage = new FileStorage();

  @TempDir Path root;

  @Override
  void stop() {
    background.shutdown();
    others.shutdown();
  }

  @Override
  Journal open() {
    return ChronicleJournal.open(root, SMALL, storage, background);
  }

  @Override
  Journal reopen(Journal last) {
    return open();
  }

  @Test
  void worksWithStepsRunByTheAppenderItself() {
    Journal journal = opened(ChronicleJournal.open(root, SMALL, storage, Runnable::run));
    List<Written> written = new Records(5).append(journal, 1_000, 2_000);
    assertThat(Records.replay(journal)).containsExactlyElementsOf(written);
  }

  /** A file system takes tens of milliseconds to let a large segment's pages go. */
  @Test
  void aForceDoesNotWaitForTheDeletionOfASegment() throws Exception {
    AtomicBoolean slowly = new AtomicBoolean();
    CountDownLatch deleting = new CountDownLatch(1);
    CountDownLatch forced = new CountDownLatch(1);
    Storage slow =
        new ForwardingStorage(storage) {
          @Override
          protected StorageFile wrap(StorageFile file) {
            return file;
          }

          @Override
          public void delete(Path path) throws IOException {
            if (slowly.get()) {
              deleting.countDown();
              try {
                forced.await();
              } catch (InterruptedException e) {
                throw new InterruptedIOException("the test gave up");
              }
            }
            super.delete(path);
          }
        };
    Journal journal = opened(ChronicleJournal.open(root, SMALL, slow, background));
    Records records = new Records(5);
    records.append(journal, 1_000, 2_000);
    journal.force();
    long oldest = journal.segments().get(0).number();
    slowly.set(true);
    CompletableFuture<Void> drop =
        CompletableFuture.runAsync(() -> journal.dropSegment(oldest), others);
    deleting.await();

    List<Written> later = records.append(journal, 1, 2_000);
    CompletableFuture<Long> force = CompletableFuture.supplyAsync(journal::force, others);
    try {
      assertThat(force.get(30, TimeUnit.SECONDS)).isGreaterThan(later.get(0).position());
    } finally {
      forced.countDown();
    }
    drop.get();

    assertThat(journal.segments()).noneMatch(segment -> segment.number() == oldest);
  }

  @Test
  void anUnusedStartLeavesNothingBehind() throws Exception {
    Journal journal = opened(open());
    List<Written> written = new ArrayList<>(new Records(5).append(journal, 10, 2_000));
    journal.close();
    List<Path> before = storage.list(root);
    for (int i = 0; i < 3; i++) {
      Journal unused = opened(open());
      assertThat(Records.replay(unused)).containsExactlyElementsOf(written);
      unused.close();
    }
    assertThat(storage.list(root)).isEqualTo(before);
  }

  @Test
  void aStartThatWasKilledBeforeItsFirstAppendIsNoLoss() throws Exception {
    Journal killed = opened(ChronicleJournal.open(root, SMALL, storage, Runnable::run));
    assertThat(storage.list(root)).hasSize(1);
    Journal journal = opened(open());
    assertThat(journal.startPosition()).isZero();
    List<Written> written = new Records(5).append(journal, 10, 2_000);
    assertThat(journal.startPosition()).isZero();
    Journal again = opened(open());
    assertThat(again.startPosition()).isZero();
    assertThat(Records.replay(again)).containsExactlyElementsOf(written);
    assertThat(again.startPosition()).isZero();
    assertThat(killed.activeSegment()).isEqualTo(Journal.NO_POSITION);
  }

  @Test
  void givesBackTheSpaceAKilledProcessHadPrepared() throws Exception {
    Journal killed = opened(open());
    List<Written> written = new Records(5).append(killed, 10, 2_000);
    Path file = DiskImage.segment(root, killed.activeSegment());
    Path image = DiskImage.copy(root, root.resolve("image"));
    Path copy = DiskImage.segment(image, killed.activeSegment());
    assertThat(Files.size(copy)).isGreaterThan(Position.offset(killed.tailPosition()));
    Journal journal = opened(ChronicleJournal.open(image, SMALL, storage, background));
    assertThat(Records.replay(journal)).containsExactlyElementsOf(written);
    journal.forceAll();
    assertThat(Files.size(copy)).isEqualTo(Position.offset(killed.tailPosition()));
    assertThat(Records.replay(opened(ChronicleJournal.open(image, SMALL, storage, background))))
        .containsExactlyElementsOf(written);
    assertThat(file).exists();
  }
}
