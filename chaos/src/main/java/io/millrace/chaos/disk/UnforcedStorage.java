package io.millrace.chaos.disk;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.ForwardingStorage;
import io.millrace.engine.journal.StorageFile;
import java.nio.file.Path;

/**
 * Real files whose forces cost nothing, for an engine whose machine will not lose power: the page
 * cache keeps what the disk need not.
 */
final class UnforcedStorage extends ForwardingStorage {

  UnforcedStorage() {
    super(new FileStorage());
  }

  @Override
  protected StorageFile wrap(StorageFile file) {
    return new ForwardingFile(file) {
      @Override
      public void force() {
        // The page cache is disk enough.
      }
    };
  }

  @Override
  public void forceDirectory(Path directory) {
    // The same of names.
  }
}
