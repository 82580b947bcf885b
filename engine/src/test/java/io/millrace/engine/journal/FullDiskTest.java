package io.millrace.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk is an error to the appender: nothing is lost, and space given back is used. */
class FullDiskTest {

  private static final JournalConfig SMALL = JournalConfig.forced(256 << 10, 64 << 10, 64 << 20);

  @TempDir Path root;

  @Test
  void refusesRecordsKeepsTheReserveAndGoesOnWhenThereIsRoom() {
    FaultyStorage storage = new FaultyStorage();
    storage.roomBytes.set(1 << 20);
    try (Journal journal = ChronicleJournal.open(root, SMALL, storage, Runnable::run)) {
      List<Written> written = fill(journal, Space.NORMAL, 2_000);
      assertThat(written).hasSizeGreaterThan(100);
      List<Written> deletes = fill(journal, Space.RESERVE, 100);
      assertThat(deletes).hasSizeGreaterThan((64 << 10) / 200);
      written.addAll(deletes);
      journal.force();
      assertThat(Records.replay(journal)).containsExactlyElementsOf(written);

      storage.roomBytes.set(512 << 10);
      written.addAll(new Records(9).append(journal, 50, 2_000));
      journal.force();
      assertThat(Records.replay(journal)).containsExactlyElementsOf(written);
    }
  }

  @Test
  void opensOnAFullDiskAndServesWhatIsThere() {
    FaultyStorage storage = new FaultyStorage();
    List<Written> written;
    try (Journal journal = ChronicleJournal.open(root, SMALL, storage, Runnable::run)) {
      written = new ArrayList<>(new Records(1).append(journal, 100, 2_000));
    }
    storage.roomBytes.set(0);
    try (Journal journal = ChronicleJournal.open(root, SMALL, storage, Runnable::run)) {
      assertThat(Records.replay(journal)).containsExactlyElementsOf(written);
      assertThatThrownBy(() -> Records.append(journal, new byte[] {1}))
          .isInstanceOf(JournalFullException.class);
      storage.roomBytes.set(1 << 20);
      written.add(Records.append(journal, new byte[] {1}));
      assertThat(Records.replay(journal)).containsExactlyElementsOf(written);
    }
  }

  /** Appends until the journal is full. */
  private static List<Written> fill(Journal journal, Space space, int bytes) {
    List<Written> written = new ArrayList<>();
    byte[] body = new byte[bytes];
    for (int i = 0; i < 1_000_000; i++) {
      Arrays.fill(body, (byte) i);
      try {
        long position = journal.append(ByteBuffer.wrap(body), space);
        written.add(new Written(position, body.clone()));
      } catch (JournalFullException e) {
        return written;
      }
      if (i % 16 == 0) {
        journal.force();
      }
    }
    throw new AssertionError("the disk never filled up");
  }

  @Test
  void onASmallTmpfs() throws Exception {
    try (SmallDisk disk = SmallDisk.tmpfs(root, 8)) {
      fillsAndGoesOn(disk.path());
    }
  }

  @Test
  void onASmallExt4Image() throws Exception {
    try (SmallDisk disk = SmallDisk.ext4(root, 24)) {
      fillsAndGoesOn(disk.path());
    }
  }

  private static void fillsAndGoesOn(Path mount) throws IOException {
    Storage storage = new FileStorage();
    Path ballast = mount.resolve("ballast");
    try (StorageFile file = storage.create(ballast)) {
      file.reserve(0, 2 << 20);
    }
    List<Written> written;
    try (Journal journal =
        ChronicleJournal.open(mount.resolve("journal"), SMALL, storage, Runnable::run)) {
      written = fill(journal, Space.NORMAL, 2_000);
      assertThat(written).hasSizeGreaterThan(500);
      List<Written> deletes = fill(journal, Space.RESERVE, 100);
      assertThat(deletes).hasSizeGreaterThan((64 << 10) / 200);
      written.addAll(deletes);
      assertThat(Records.replay(journal)).containsExactlyElementsOf(written);
      storage.delete(ballast);
      written.addAll(new Records(3).append(journal, 100, 2_000));
      journal.force();
    }
    try (Journal journal =
        ChronicleJournal.open(mount.resolve("journal"), SMALL, storage, Runnable::run)) {
      assertThat(Records.replay(journal)).containsExactlyElementsOf(written);
    }
  }
}
