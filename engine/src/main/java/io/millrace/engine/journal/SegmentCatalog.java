package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The segment files of a journal's directory.
 *
 * <pre>
 *   root/00000001/19700101-01F.cq4      generation 1, segment 1
 *   root/00000001/19700101-02F.cq4      generation 1, segment 2
 *   root/00000002/19700101-03F.cq4      generation 2, segment 3
 * </pre>
 *
 * <p>Any thread; entries change as their fields say.
 */
final class SegmentCatalog {

  /** One file. */
  static final class Entry {
    final long number;
    final int generation;
    final Path path;

    /**
     * Offset where its records are known to end, by an opening that came later or by this process's
     * own writing; {@link SegmentScanner#UNKNOWN_END} before. Written by the opener and the
     * appender.
     */
    volatile long limit = SegmentScanner.UNKNOWN_END;

    /** Where the log before it ends, by its opening, or NO_POSITION if that cannot be read. */
    final long previousTail;

    /** The durable mark of its opening, or 0 if that cannot be read. */
    final long openingMark;

    Entry(long number, int generation, Path path, long previousTail, long openingMark) {
      this.number = number;
      this.generation = generation;
      this.path = path;
      this.previousTail = previousTail;
      this.openingMark = openingMark;
    }
  }

  /** Enough for both copies of an opening. */
  private static final int PEEK_BYTES = 16 << 10;

  private final Path root;
  private final Storage storage;
  private final ConcurrentSkipListMap<Long, Entry> entries = new ConcurrentSkipListMap<>();

  /** Generations found without a segment: a start that never appended, and was killed. */
  private final List<Integer> emptyGenerations = new ArrayList<>();

  private int lastGeneration;
  private long lastNumber;

  private SegmentCatalog(Path root, Storage storage) {
    this.root = root;
    this.storage = storage;
  }

  /** Lists what is there and reads each segment's opening. */
  static SegmentCatalog read(Path root, Storage storage) throws IOException {
    ScanWindow window = new ScanWindow(PEEK_BYTES, PEEK_BYTES);
    SegmentCatalog catalog = new SegmentCatalog(root, storage);
    for (Path directory : storage.list(root)) {
      if (!directory.getFileName().toString().matches("[0-9a-f]{8}")) {
        continue;
      }
      int generation = Integer.parseInt(directory.getFileName().toString(), 16);
      catalog.lastGeneration = Math.max(catalog.lastGeneration, generation);
      boolean empty = true;
      for (Path path : storage.list(directory)) {
        long number = ChronicleWriter.segmentOf(path.getFileName().toString());
        if (number >= 0) {
          catalog.addExisting(number, generation, path, window);
          empty = false;
        }
      }
      if (empty) {
        catalog.emptyGenerations.add(generation);
      }
    }
    catalog.applyLimits();
    return catalog;
  }

  private void addExisting(long number, int generation, Path path, ScanWindow window)
      throws IOException {
    lastNumber = Math.max(lastNumber, number);
    long previousTail = Journal.NO_POSITION;
    long mark = 0;
    try (StorageFile file = storage.open(path)) {
      Opening opening = Opening.find(file, number, window);
      if (opening != null) {
        previousTail = opening.mark().previousTail();
        mark = opening.durableMark();
      }
    }
    entries.put(number, new Entry(number, generation, path, previousTail, mark));
  }

  /** An opening ends every segment before it, at the position it names. */
  private void applyLimits() {
    long tail = Long.MAX_VALUE;
    for (Entry entry : entries.descendingMap().values()) {
      if (tail != Long.MAX_VALUE) {
        endAt(entry, tail);
      }
      if (entry.previousTail != Journal.NO_POSITION) {
        tail = Math.min(tail, entry.previousTail);
      }
    }
  }

  /** Ends the log's part before a segment at a position: what lies between is void. */
  void endAt(long tail, long beforeNumber) {
    entries.headMap(beforeNumber, false).values().forEach(entry -> endAt(entry, tail));
  }

  private static void endAt(Entry entry, long tail) {
    long segmentOfTail = Position.segment(tail);
    if (entry.number > segmentOfTail) {
      entry.limit = 0;
    } else if (entry.number == segmentOfTail) {
      entry.limit = Math.min(entry.limit, Position.offset(tail));
    }
  }

  Path directory(int generation) {
    return root.resolve(String.format(Locale.ROOT, "%08x", generation));
  }

  Path root() {
    return root;
  }

  /** A number for a fresh directory; never given twice. */
  synchronized int nextGeneration() {
    return ++lastGeneration;
  }

  /** A number for a new segment; never given twice to segments that hold records. */
  synchronized long nextNumber() {
    long number = ++lastNumber;
    if (number > Position.SEGMENT_MAX) {
      throw new JournalFailedException("segment numbers are used up", null);
    }
    return number;
  }

  /** Takes back a number whose segment could not be made, if none was given since. */
  synchronized void returnNumber(long number) {
    if (number == lastNumber) {
      lastNumber--;
    }
  }

  void add(Entry entry) {
    entries.put(entry.number, entry);
  }

  void remove(long number) {
    entries.remove(number);
  }

  @Nullable Entry find(long number) {
    return entries.get(number);
  }

  /** Segments from a number on, oldest first. */
  Collection<Entry> from(long number) {
    return entries.tailMap(number, true).values();
  }

  /** Segments from a number down, newest first. */
  Collection<Entry> downFrom(long number) {
    return entries.headMap(number, true).descendingMap().values();
  }

  /** Where the log before the newest generation ends, or 0 if that cannot be told. */
  long endBeforeLastGeneration() {
    List<Integer> generations = generations();
    for (Entry entry : entries.values()) {
      if (entry.generation == generations.get(generations.size() - 1)) {
        return Math.max(0, entry.previousTail);
      }
    }
    return 0;
  }

  /** Whether a generation holds no segment. */
  boolean isEmpty(int generation) {
    return entries.values().stream().noneMatch(entry -> entry.generation == generation);
  }

  /** Generations found without a segment, to be removed by the caller. */
  List<Integer> takeEmptyGenerations() {
    List<Integer> empty = List.copyOf(emptyGenerations);
    emptyGenerations.clear();
    return empty;
  }

  Collection<Entry> all() {
    return entries.values();
  }

  /** The generations that hold a segment, oldest first. */
  List<Integer> generations() {
    return entries.values().stream().map(entry -> entry.generation).distinct().sorted().toList();
  }

  /** An opening as it was found in a file. */
  private record Opening(SegmentMark mark, long durableMark) {

    /** Reads whichever copy is intact. */
    static @Nullable Opening find(StorageFile file, long number, ScanWindow window)
        throws IOException {
      SegmentScanner scanner =
          new SegmentScanner(window, file, number, 0, SegmentScanner.UNKNOWN_END);
      SegmentScanner.Step step = scanner.next();
      if (step == SegmentScanner.Step.BAD) {
        scanner = new SegmentScanner(window, file, number, 0, PEEK_BYTES);
        step = scanner.resynchronise();
      }
      if (step != SegmentScanner.Step.FRAME || !scanner.isControl()) {
        return null;
      }
      SegmentMark mark = SegmentMark.of(scanner.body());
      boolean ours = mark.kind() == SegmentMark.Kind.OPENING && mark.segment() == number;
      return ours ? new Opening(mark, scanner.durableMark()) : null;
    }
  }
}
