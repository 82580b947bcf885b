package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What earlier starts left of the log: read to its end, and made durable before this start builds
 * on it.
 *
 * <p>Belongs to the opener, before the first append.
 */
final class RecoveredLog {

  private static final int PIECE_BYTES = 256 << 10;

  private final SegmentCatalog catalog;
  private final Storage storage;
  private final LogReader reader;
  private final boolean writesAgain;

  private long tail = Journal.NO_POSITION;

  /** Up to where it proves itself durable. */
  private long proven;

  /** Whether nothing but prepared space lies behind the tail. */
  private boolean zerosFollow;

  private boolean forced;

  /**
   * @param writesAgain whether what nothing proves durable is written again before it is forced: an
   *     earlier process may have been told that the device lost it
   */
  RecoveredLog(SegmentCatalog catalog, Storage storage, LogReader reader, boolean writesAgain) {
    this.catalog = catalog;
    this.storage = storage;
    this.reader = reader;
    this.writesAgain = writesAgain;
  }

  /** Visits its records from a position on, and finds where it ends; {@link Journal#replay}. */
  ReplayReport replay(long fromPosition, RecordVisitor visitor) {
    ReplayReport report = reader.replay(fromPosition, Journal.NO_POSITION, visitor);
    tail = report.tailPosition();
    proven = report.durablePosition();
    zerosFollow = report.ending() == ReplayReport.Ending.OPEN;
    catalog.endAt(tail, Long.MAX_VALUE);
    return report;
  }

  /** Where it ends; reads it if nobody did. */
  long tail() {
    if (tail == Journal.NO_POSITION) {
      // Earlier generations need no reading: the opening of the last one says where they end.
      replay(catalog.endBeforeLastGeneration(), (position, frameBytes, body) -> {});
    }
    return tail;
  }

  /** Whether it is durable to its tail. */
  boolean isForced() {
    return forced;
  }

  /**
   * Makes it durable to its tail, files and names.
   *
   * @throws IOException if the device failed; it may be tried again
   */
  void force() throws IOException {
    long end = tail();
    for (SegmentCatalog.Entry entry : catalog.all()) {
      if (entry.limit > 0) { // Otherwise void.
        force(entry, end);
      }
    }
    for (int generation : catalog.generations()) {
      storage.forceDirectory(catalog.directory(generation));
    }
    storage.forceDirectory(catalog.root());
    forced = true;
  }

  private void force(SegmentCatalog.Entry entry, long end) throws IOException {
    try (StorageFile file = storage.open(entry.path)) {
      if (zerosFollow
          && entry.number == Position.segment(end)
          && file.bytes() > Position.offset(end)) {
        // Gives back the space a killed process had prepared.
        file.truncate(Position.offset(end));
      }
      if (writesAgain) {
        writeAgain(file, entry);
      }
      file.force();
    }
  }

  /** Makes pages dirty that may be clean and lost, from what nothing proves on. */
  private void writeAgain(StorageFile file, SegmentCatalog.Entry entry) throws IOException {
    long from = Math.max(0, proven - Position.of(entry.number, 0));
    long to = Math.min(entry.limit, file.bytes());
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    for (long at = from; at < to; at += piece.limit()) {
      piece.clear().limit((int) Math.min(piece.capacity(), to - at));
      file.write(piece.limit(file.read(piece, at)).flip(), at);
    }
  }
}
