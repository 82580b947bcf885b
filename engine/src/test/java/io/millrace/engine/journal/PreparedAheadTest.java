package io.millrace.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where replies wait for forces and demand lasts, no force meets the zeros of preparation. */
class PreparedAheadTest {

  /** Twice what the lead over the writer grows to: no segment is whole by that alone. */
  private static final long SEGMENT_BYTES = 32 << 20;

  private static final int RECORD_BYTES_MAX = 2_000;

  /** Enough for the lead over the writer to have grown, whatever the order of steps. */
  private static final int RECORDS_OF_LASTING_DEMAND = 100_000;

  private final List<String> zeroed = new ArrayList<>();

  @TempDir Path root;

  @Test
  void zeroesAndForcesSegmentsFromEndToEndBeforeTheyAreWritten() {
    Records records = new Records(1);
    try (Journal journal = open(JournalConfig.forced(SEGMENT_BYTES, 32 << 10, 64 << 20))) {
      for (int i = 0; i < RECORDS_OF_LASTING_DEMAND / 1_000; i++) {
        records.append(journal, 1_000, RECORD_BYTES_MAX);
        journal.force();
      }
      long rolls = journal.activeSegment();
      zeroed.clear();

      List<String> meeting = new ArrayList<>();
      for (int i = 0; i < 80_000; i++) {
        records.append(journal, 1, RECORD_BYTES_MAX);
        String active = ChronicleWriter.fileName(journal.activeSegment());
        if (zeroed.contains(active)) {
          meeting.add(active);
        }
        zeroed.clear();
        if (i % 1_000 == 0) {
          journal.force();
        }
      }

      assertThat(journal.activeSegment() - rolls).isGreaterThanOrEqualTo(2);
      assertThat(meeting).as("zeroed while they were written").isEmpty();
    }
  }

  private Journal open(JournalConfig config) {
    return ChronicleJournal.open(root, config, new ZeroesSeen(), Runnable::run);
  }

  /** Notes the files that preparation writes to. */
  private final class ZeroesSeen extends ForwardingStorage {

    private ZeroesSeen() {
      super(new FileStorage());
    }

    @Override
    protected StorageFile wrap(StorageFile file) {
      return new ForwardingFile(file) {
        @Override
        public void write(ByteBuffer from, long position) throws IOException {
          zeroed.add(String.valueOf(path().getFileName()));
          super.write(from, position);
        }
      };
    }
  }
}
