package io.millrace.engine.journal;

import io.millrace.engine.journal.ReplayReport.Damage;
import io.millrace.engine.journal.ReplayReport.Ending;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/**
 * Reads the log in order and decides, at each place that holds no intact record, whether the log
 * ends there or was damaged.
 *
 * <p>The rule: a place is damage if it lies before a position that is known to have been durable.
 * That is known from this process's own writing, from the openings of later segments, or from any
 * later intact record whose durable mark lies beyond the place. Otherwise nothing after it was ever
 * promised to anyone (records become durable in order), so the log ends there; whatever else a
 * power cut left behind is discarded, intact or not, because its predecessor is gone.
 *
 * <p>One thread at a time; the others wait.
 */
final class LogReader {

  private final Storage storage;
  private final SegmentCatalog catalog;
  private final ScanWindow window =
      new ScanWindow(ScanWindow.LARGE_READ_BYTES, ScanWindow.LARGEST_FRAME_BYTES);

  LogReader(Storage storage, SegmentCatalog catalog) {
    this.storage = storage;
    this.catalog = catalog;
  }

  /**
   * Visits the records from a position to the end of the log.
   *
   * @param knownTail where the log is known to end, or {@link Journal#NO_POSITION} if reading must
   *     tell
   */
  synchronized ReplayReport replay(long fromPosition, long knownTail, RecordVisitor visitor) {
    Reading reading = new Reading(knownTail, fromPosition, visitor);
    Collection<SegmentCatalog.Entry> entries = catalog.from(Position.segment(fromPosition));
    for (SegmentCatalog.Entry entry : entries) {
      reading.durable = Math.max(reading.durable, entry.openingMark);
    }
    for (SegmentCatalog.Entry entry : entries) {
      long from =
          entry.number == Position.segment(fromPosition) ? Position.offset(fromPosition) : 0;
      if (reading.limitOf(entry) > from && !reading.segment(entry, from)) {
        break;
      }
    }
    return reading.report();
  }

  /** Visits the records of one segment whose end is known. */
  synchronized ReplayReport scan(
      SegmentCatalog.Entry entry, long knownTail, RecordVisitor visitor) {
    Reading reading = new Reading(knownTail, Position.of(entry.number, 0), visitor);
    if (reading.limitOf(entry) > 0) {
      reading.segment(entry, 0);
    }
    return reading.report();
  }

  private final class Reading {
    final RecordVisitor visitor;
    final long knownTail;
    final List<Damage> damaged = new ArrayList<>();
    long durable;
    long records;
    long bytes;
    long tail;
    Ending ending = Ending.OPEN;

    Reading(long knownTail, long fromPosition, RecordVisitor visitor) {
      this.visitor = visitor;
      this.knownTail = knownTail;
      this.durable = knownTail;
      this.tail = fromPosition;
    }

    /** Offset where a segment's records end, or {@link SegmentScanner#UNKNOWN_END}. */
    long limitOf(SegmentCatalog.Entry entry) {
      if (knownTail == Journal.NO_POSITION || entry.number < Position.segment(knownTail)) {
        return entry.limit;
      }
      // The next segment may be made already; nothing is in it.
      return entry.number == Position.segment(knownTail) ? Position.offset(knownTail) : 0;
    }

    /** Reads one segment; false if the log ends in it. */
    boolean segment(SegmentCatalog.Entry entry, long fromOffset) {
      long limit = limitOf(entry);
      try (StorageFile file = storage.open(entry.path)) {
        SegmentScanner scanner = new SegmentScanner(window, file, entry.number, fromOffset, limit);
        SegmentScanner.Step step = scanner.next();
        while (step != SegmentScanner.Step.END) {
          if (step == SegmentScanner.Step.FRAME) {
            frame(scanner);
            step = scanner.next();
            continue;
          }
          long badOffset = Position.offset(scanner.position());
          if (scanner.position() >= durable && !provedDurable(entry, file, badOffset)) {
            return false;
          }
          // The search used the window; begin again at the bad place.
          scanner = new SegmentScanner(window, file, entry.number, badOffset, limit);
          step = scanner.resynchronise();
          damaged.add(
              new Damage(
                  Position.of(entry.number, badOffset),
                  scanner.position(),
                  file.path().getFileName().toString()));
          tail = scanner.position();
        }
        return true;
      } catch (IOException e) {
        throw new JournalFailedException(entry.path + ": cannot be read", e);
      }
    }

    private void frame(SegmentScanner scanner) {
      durable = Math.max(durable, scanner.durableMark());
      tail = scanner.end();
      if (scanner.isControl()) {
        boolean closing = SegmentMark.of(scanner.body()).kind() == SegmentMark.Kind.CLOSING;
        ending = closing ? Ending.CLEAN : Ending.OPEN;
        return;
      }
      ending = Ending.OPEN;
      records++;
      bytes += scanner.frameBytes();
      visitor.record(scanner.position(), scanner.frameBytes(), scanner.body());
    }

    /** Looks for a later record that was written when the bad place was durable. */
    private boolean provedDurable(SegmentCatalog.Entry entry, StorageFile file, long badOffset)
        throws IOException {
      if (knownTail != Journal.NO_POSITION) {
        return true;
      }
      long bad = Position.of(entry.number, badOffset);
      boolean anythingFollows =
          searchMark(new SegmentScanner(window, file, entry.number, badOffset, entry.limit), bad);
      if (durable > bad) {
        return true;
      }
      Iterator<SegmentCatalog.Entry> later = catalog.from(entry.number + 1).iterator();
      while (later.hasNext() && durable <= bad) {
        SegmentCatalog.Entry other = later.next();
        if (other.limit > 0) {
          try (StorageFile otherFile = storage.open(other.path)) {
            // Chronicle's tables at its start are no records, so begin behind them.
            anythingFollows |=
                searchMark(
                    new SegmentScanner(
                        window, otherFile, other.number, SegmentScanner.TABLES_END, other.limit),
                    bad);
          }
        }
      }
      if (durable > bad) {
        return true;
      }
      ending = anythingFollows ? Ending.TORN : ending;
      return false;
    }

    /** Raises {@link #durable} by the marks found; true if anything but zeros was met. */
    private boolean searchMark(SegmentScanner scanner, long bad) throws IOException {
      SegmentScanner.Step step = scanner.resynchronise();
      boolean anything = !scanner.passedOnlyZeros();
      while (step == SegmentScanner.Step.FRAME && durable <= bad) {
        anything = true;
        durable = Math.max(durable, scanner.durableMark());
        step = scanner.next();
        if (step == SegmentScanner.Step.BAD) {
          step = scanner.resynchronise();
        }
      }
      return anything;
    }

    ReplayReport report() {
      return new ReplayReport(records, bytes, durable, tail, ending, damaged);
    }
  }
}
