package io.millrace.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentPreparerTest {

  private static final long RESERVE_BYTES = 1L << 20;
  private static final long RECORD_BYTES = 1200;

  private final ArrayDeque<Runnable> background = new ArrayDeque<>();

  @TempDir private Path directory;

  @Test
  void onceDemandIsKnownTheWriterFindsItsSpaceReadyBesideTheReserve() throws IOException {
    JournalConfig config = JournalConfig.forced(64L << 20, RESERVE_BYTES, 0);
    FileStorage storage = new FileStorage();
    try (PreparedSegment segment =
        PreparedSegment.create(
            storage, directory.resolve("segment"), 0, 4096, JournalConfig.PAGE_BYTES)) {
      SegmentPreparer preparer =
          new SegmentPreparer(
              segment,
              config,
              bytes ->
                  PreparedSegment.create(
                      storage, directory.resolve("next"), 1, bytes, JournalConfig.PAGE_BYTES),
              background::add);
      int late = 0;
      long records = (20L << 20) / RECORD_BYTES;
      for (long record = 1; record <= records; record++) {
        long end = record * RECORD_BYTES;
        if (segment.preparedTo() < end + RESERVE_BYTES) {
          late++;
        }
        preparer.require(end + RESERVE_BYTES, 0);
        preparer.poke(end);
        runBackground();
      }
      assertThat(late).as("appends that had to prepare for themselves").isEqualTo(1);
    }
  }

  @Test
  void anIdleJournalKeepsLittleBesideTheReserve() throws IOException {
    JournalConfig config = JournalConfig.forced(64L << 20, RESERVE_BYTES, 0);
    FileStorage storage = new FileStorage();
    try (PreparedSegment segment =
        PreparedSegment.create(
            storage, directory.resolve("segment"), 0, 4096, JournalConfig.PAGE_BYTES)) {
      SegmentPreparer preparer =
          new SegmentPreparer(segment, config, bytes -> segment, background::add);
      preparer.require(RECORD_BYTES + RESERVE_BYTES, 0);
      preparer.poke(RECORD_BYTES);
      runBackground();
      assertThat(segment.preparedTo()).isLessThan(RESERVE_BYTES + 4 * JournalConfig.LEAD_BYTES_MIN);
    }
  }

  @Test
  void aStepWhoseSegmentIsRolledForcedAndClosedMeanwhileSpoilsNothing() {
    Records records = new Records(1);
    AtomicReference<Runnable> beforeNextForce = new AtomicReference<>(() -> {});
    Storage storage =
        new ForwardingStorage(new FileStorage()) {
          @Override
          protected StorageFile wrap(StorageFile file) {
            return new ForwardingFile(file) {
              @Override
              public void force() throws IOException {
                beforeNextForce.getAndSet(() -> {}).run();
                super.force();
              }
            };
          }
        };
    JournalConfig config = JournalConfig.forced(256L << 10, 32L << 10, 64L << 20);
    try (Journal journal = ChronicleJournal.open(directory, config, storage, background::add)) {
      List<Written> written = new ArrayList<>(records.append(journal, 1, 2_000));
      runBackground();
      while (background.isEmpty()) {
        written.addAll(records.append(journal, 1, 2_000));
      }
      long segment = journal.activeSegment();
      beforeNextForce.set(
          () -> {
            while (journal.activeSegment() == segment) {
              written.addAll(records.append(journal, 1, 2_000));
            }
            journal.force();
          });
      runBackground();
      assertThat(journal.activeSegment()).isGreaterThan(segment);

      written.addAll(records.append(journal, 1_000, 2_000));

      assertThat(journal.needsRewrite()).isFalse();
      assertThat(Records.replay(journal)).containsExactlyElementsOf(written);
    }
  }

  private void runBackground() {
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }
}
