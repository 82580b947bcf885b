package io.millrace.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records read in order are read together, and never otherwise than alone. */
class ReadAheadTest {

  private static final int MESSAGE_BYTES = 1_100;

  private final CountedReads storage = new CountedReads();
  private final ReadBuffer buffer = new ReadBuffer();
  private Journal journal;

  @TempDir Path root;

  @BeforeEach
  void open() {
    journal =
        ChronicleJournal.open(
            root, JournalConfig.forced(256 << 10, 32 << 10, 64 << 20), storage, Runnable::run);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private List<Written> messages(int count) {
    Random random = new Random(5);
    List<Written> written = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      written.add(Records.append(journal, Records.random(random, MESSAGE_BYTES)));
    }
    return written;
  }

  private void assertRead(List<Written> all) {
    for (Written each : all) {
      assertThat(Records.bytes(journal.read(each.position(), buffer))).isEqualTo(each.body());
    }
  }

  @Test
  void recordsInOrderCostAReadForATenOfThem() {
    List<Written> written = messages(1_000); // over five segments
    storage.reads = 0;
    assertRead(written);
    assertThat(storage.reads).isBetween(1_000 / 20, 1_000 / 10);
  }

  @Test
  void recordsOutOfOrderAreReadAloneAndShort() {
    List<Written> written = new ArrayList<>(messages(400));
    Collections.reverse(written);
    storage.reads = 0;
    storage.bytesAsked = 0;
    assertRead(written);
    assertThat(storage.reads).isEqualTo(400);
    assertThat(storage.bytesAsked).isEqualTo(400L * ReadBuffer.SINGLE_BYTES);
  }

  @Test
  void whatIsAppendedAfterAReadAheadIsReadAsItIs() {
    List<Written> all = messages(3);
    assertRead(all);
    for (int round = 0; round < 100; round++) {
      List<Written> more = messages(1 + round % 3);
      assertRead(more);
      assertRead(all.subList(all.size() - 2, all.size()));
      all.addAll(more);
    }
    assertRead(all);
  }

  @Test
  void nothingBehindTheTailIsAskedFor() {
    List<Written> written = messages(2);
    assertRead(written.subList(0, 1));
    storage.bytesAsked = 0;
    assertRead(written.subList(1, 2));
    assertThat(storage.bytesAsked).isEqualTo(ReadBuffer.SINGLE_BYTES);
  }

  @Test
  void aBadPlaceBehindARecordDoesNotHideTheRecord() {
    List<Written> written = messages(12);
    assertRead(written.subList(0, 1));
    storage.badFrom = Position.offset(written.get(8).position());
    assertRead(written.subList(1, 7));
  }

  @Test
  void aDamagedRecordAmongOthersIsToldAsOneReadAlone() {
    List<Written> written = messages(12);
    long damaged = written.get(6).position();
    storage.spoiltAt = Position.offset(damaged) + 500;
    assertRead(written.subList(0, 6));
    assertThatThrownBy(() -> journal.read(damaged, buffer))
        .isInstanceOf(DamagedRecordException.class)
        .hasMessageContaining("checksum differs");
    assertRead(written.subList(7, 12));
  }

  /** Counts reads, spoils a byte, and fails what reaches a bad place. */
  private static final class CountedReads extends ForwardingStorage {
    private int reads;
    private long bytesAsked;
    private long badFrom = Long.MAX_VALUE;
    private long spoiltAt = Long.MAX_VALUE;

    CountedReads() {
      super(new FileStorage());
    }

    @Override
    protected StorageFile wrap(StorageFile file) {
      return new ForwardingFile(file) {
        @Override
        public int read(ByteBuffer into, long position) throws IOException {
          reads++;
          bytesAsked += into.remaining();
          if (position + into.remaining() > badFrom) {
            throw new IOException("a bad place");
          }
          int read = super.read(into, position);
          if (spoiltAt >= position && spoiltAt < position + read) {
            int at = into.position() - read + (int) (spoiltAt - position);
            into.put(at, (byte) (into.get(at) ^ 1));
          }
          return read;
        }
      };
    }
  }
}
