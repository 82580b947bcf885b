package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Deletes segments, so that no power cut brings back what later segments have made void.
 *
 * <p>Any thread; one at a time does it. A rewrite of the tail may go on beside it: that ends
 * segments behind what is durable, and none of these is removed, nor any before it looked at.
 */
final class SegmentRemoval {

  /** No generation is in use. */
  static final int NONE = -1;

  private final SegmentCatalog catalog;
  private final Storage storage;
  private final ReadChannels channels;

  SegmentRemoval(SegmentCatalog catalog, Storage storage, ReadChannels channels) {
    this.catalog = catalog;
    this.storage = storage;
    this.channels = channels;
  }

  /**
   * Removes a segment, durably.
   *
   * @param inUse the generation whose directory stays even if it is empty, or {@link #NONE}
   */
  synchronized void remove(SegmentCatalog.Entry entry, int inUse) throws IOException {
    settleVoidBefore(entry, inUse);
    delete(entry, inUse);
  }

  /** A segment's opening makes void what lies before it; once it is gone that must be gone too. */
  private void settleVoidBefore(SegmentCatalog.Entry entry, int inUse) throws IOException {
    Collection<SegmentCatalog.Entry> earlier = catalog.downFrom(entry.number - 1);
    for (SegmentCatalog.Entry before : earlier) {
      if (before.limit == 0) {
        delete(before, inUse);
        continue;
      }
      if (before.generation != entry.generation) {
        try (StorageFile file = storage.open(before.path)) {
          if (file.bytes() > before.limit) {
            file.truncate(before.limit);
            file.force();
          }
        }
      }
      return;
    }
  }

  private void delete(SegmentCatalog.Entry entry, int inUse) throws IOException {
    channels.drop(entry.number);
    storage.delete(entry.path);
    catalog.remove(entry.number);
    Path directory = catalog.directory(entry.generation);
    storage.forceDirectory(directory);
    if (entry.generation != inUse && catalog.isEmpty(entry.generation)) {
      Generation.removeDirectory(storage, directory);
      storage.forceDirectory(catalog.root());
    }
  }

  /**
   * Removes what a crash left of segments that hold nothing: prepared ahead, or never promised. No
   * generation is in use yet.
   */
  synchronized void removeVoid() throws IOException {
    for (SegmentCatalog.Entry entry : catalog.all()) {
      if (entry.limit == 0) {
        delete(entry, NONE);
      }
    }
    for (int empty : catalog.takeEmptyGenerations()) {
      Generation.removeDirectory(storage, catalog.directory(empty));
    }
  }
}
