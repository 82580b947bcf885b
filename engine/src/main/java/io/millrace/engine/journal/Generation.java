package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A fresh directory, Chronicle open in it, and its first segment ready: what a start of the journal
 * appends to, and what replaces it after a failed segment.
 */
final class Generation {

  /** What Chronicle's own table file takes, with slack; it is written through a map. */
  private static final long CHRONICLE_TABLE_BYTES = 64L << 10;

  /** What a new segment is prepared to: its head, and the first records. */
  private static final long FIRST_BYTES = 64L << 10;

  private final int number;
  private final Path directory;
  private final Storage storage;
  private final SegmentCatalog catalog;
  private final ChronicleWriter writer;
  private final int zeroedBytes;
  private final PreparedSegment first;
  private final SegmentPreparer preparer;

  private Generation(
      int number,
      Path directory,
      Storage storage,
      SegmentCatalog catalog,
      ChronicleWriter writer,
      JournalConfig config,
      Executor background)
      throws IOException {
    this.number = number;
    this.directory = directory;
    this.storage = storage;
    this.catalog = catalog;
    this.writer = writer;
    this.zeroedBytes = config.zeroedBytes();
    this.first = makeSegment(FIRST_BYTES);
    this.preparer = new SegmentPreparer(first, config, this::makeSegment, background);
  }

  /**
   * Makes a generation, durably; half a second for the first of a process.
   *
   * @throws NoSpaceException if there is no room; then nothing is left behind
   */
  static Generation make(
      SegmentCatalog catalog, Storage storage, JournalConfig config, Executor background)
      throws IOException {
    int number = catalog.nextGeneration();
    Path directory = catalog.directory(number);
    @Nullable ChronicleWriter writer = null;
    try {
      storage.createDirectories(directory);
      requireRoomForTable(storage, directory);
      writer = ChronicleWriter.open(directory, config.segmentBytes());
      Generation generation =
          new Generation(number, directory, storage, catalog, writer, config, background);
      storage.forceDirectory(catalog.root());
      return generation;
    } catch (IOException | RuntimeException | InternalError e) {
      if (writer != null) {
        writer.close();
      }
      try {
        removeDirectory(storage, directory);
      } catch (IOException inCleanup) {
        e.addSuppressed(inCleanup);
      }
      throw e;
    }
  }

  /** Chronicle's table file is sparse and mapped: without room for it the JVM would fault. */
  private static void requireRoomForTable(Storage storage, Path directory) throws IOException {
    Path probe = directory.resolve("room");
    PreparedSegment.create(storage, probe, 0, CHRONICLE_TABLE_BYTES, JournalConfig.PAGE_BYTES)
        .close();
    storage.delete(probe);
  }

  /** Removes a directory and the files in it. */
  static void removeDirectory(Storage storage, Path directory) throws IOException {
    for (Path file : storage.list(directory)) {
      storage.delete(file);
    }
    storage.delete(directory);
  }

  private PreparedSegment makeSegment(long bytes) throws IOException {
    long segment = catalog.nextNumber();
    Path path = directory.resolve(ChronicleWriter.fileName(segment));
    PreparedSegment prepared;
    try {
      prepared = PreparedSegment.create(storage, path, segment, bytes, zeroedBytes);
    } catch (IOException e) {
      catalog.returnNumber(segment);
      throw e;
    }
    writer.createStore(segment);
    storage.forceDirectory(directory);
    return prepared;
  }

  int number() {
    return number;
  }

  Path directory() {
    return directory;
  }

  ChronicleWriter writer() {
    return writer;
  }

  SegmentPreparer preparer() {
    return preparer;
  }

  PreparedSegment first() {
    return first;
  }

  /** Ends preparation, lets go of Chronicle, and removes the segment nothing was written to. */
  void close() throws IOException {
    PreparedSegment next = preparer.stop();
    writer.close();
    if (next != null) {
      next.close();
      storage.delete(next.path());
    }
  }

  /** Closes and removes a generation that was never appended to. */
  void discard() throws IOException {
    close();
    first.close();
    removeDirectory(storage, directory);
    storage.forceDirectory(catalog.root());
  }
}
