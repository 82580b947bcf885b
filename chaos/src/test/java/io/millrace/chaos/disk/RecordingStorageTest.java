package io.millrace.chaos.disk;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.journal.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of forces, as Linux has them. */
class RecordingStorageTest {

  private final AtomicBoolean fails = new AtomicBoolean();

  @TempDir Path base;

  @Test
  void tellsAFailedForceOnceToEachWhoHasTheFileOpen() throws IOException {
    Path name = base.resolve("file");
    try (RecordingStorage storage = open();
        StorageFile one = storage.create(name);
        StorageFile two = storage.open(name)) {
      one.write(ByteBuffer.wrap(new byte[] {1}), 0);
      fails.set(true);
      assertThatThrownBy(one::force).isInstanceOf(IOException.class);
      fails.set(false);

      try (StorageFile later = storage.open(name)) {
        assertThatCode(later::force).doesNotThrowAnyException();
      }
      assertThatThrownBy(two::force)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("earlier");
      assertThatCode(one::force).doesNotThrowAnyException();
      assertThatCode(two::force).doesNotThrowAnyException();
    }
  }

  private RecordingStorage open() throws IOException {
    return new RecordingStorage(
        base,
        CrashProfile.EXT4,
        path -> fails.get() ? Device.ForceFate.FAILS : Device.ForceFate.SUCCEEDS,
        LabClock.started());
  }
}
