package io.millrace.engine.journal;

import io.millrace.engine.journal.ReplayReport.Ending;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A journal in memory, for simulation and tests: the same contract, the same frames, no disk.
 *
 * <p>{@link #crash} is its power cut: it returns a journal with the durable prefix alone. Any
 * thread; one lock, since nothing here waits.
 */
public final class MemoryJournal implements Journal {

  private static final long FIRST_OFFSET = 64;

  private final long segmentBytes;
  private final long capacityBytes;
  private final long reserveBytes;
  private final CRC32C crc = new CRC32C();
  private final TreeMap<Long, MemorySegment> segments = new TreeMap<>();
  private int generation = 1;
  private long lastNumber;
  private long active = NO_POSITION;
  private long tail;
  private long durable;

  /** What a power cut leaves: at first what it would have left of the journal reopened. */
  private long survivesPowerCut;

  private boolean cleanlyClosed;
  private boolean closed;

  /** An empty journal with 16 MiB segments and no bound. */
  public MemoryJournal() {
    this(16L << 20, Long.MAX_VALUE, 0);
  }

  /**
   * An empty journal.
   *
   * @param segmentBytes size at which a segment ends; a larger record has a segment of its own
   * @param capacityBytes bytes that all segments together may hold, the disk's size so to speak
   * @param reserveBytes the part of it that only {@link Space#RESERVE} appends may use
   */
  public MemoryJournal(long segmentBytes, long capacityBytes, long reserveBytes) {
    this.segmentBytes = segmentBytes;
    this.capacityBytes = capacityBytes;
    this.reserveBytes = reserveBytes;
  }

  /** What a power cut leaves: a new journal that holds every durable record and no other. */
  public synchronized MemoryJournal crash() {
    return reopenedAt(Math.max(durable, survivesPowerCut));
  }

  /** What {@link #close} or a kill leaves: a new journal that holds every record. */
  public synchronized MemoryJournal reopen() {
    return reopenedAt(tail);
  }

  private MemoryJournal reopenedAt(long end) {
    MemoryJournal next = new MemoryJournal(segmentBytes, capacityBytes, reserveBytes);
    next.generation = generation + 1;
    next.lastNumber = lastNumber;
    next.tail = end;
    next.survivesPowerCut = Math.min(end, Math.max(durable, survivesPowerCut));
    next.cleanlyClosed = cleanlyClosed;
    for (MemorySegment segment : segments.values()) {
      if (segment.number <= Position.segment(end)) {
        int bytes =
            segment.number == Position.segment(end) ? (int) Position.offset(end) : segment.bytes;
        next.segments.put(segment.number, segment.copy(bytes));
      }
    }
    return next;
  }

  @Override
  public synchronized long append(ByteBuffer body, Space space) {
    int bodyBytes = body.remaining();
    if (bodyBytes < 1 || bodyBytes > RECORD_BYTES_MAX) {
      throw new IllegalArgumentException("record of " + bodyBytes + " bytes");
    }
    if (closed) {
      throw new IllegalStateException("the journal is closed");
    }
    int paddedBytes = RecordFrame.paddedBytes(RecordFrame.HEADER_BYTES + bodyBytes);
    int excerptBytes = RecordFrame.EXCERPT_HEADER_BYTES + paddedBytes;
    long reserve = space == Space.NORMAL ? reserveBytes : 0;
    if (capacityBytes - diskBytes() - reserve < excerptBytes + FIRST_OFFSET) {
      throw new JournalFullException("memory journal: " + capacityBytes + " bytes are full", null);
    }
    MemorySegment segment = segmentFor(excerptBytes);
    int at = segment.grow(excerptBytes);
    RecordFrame.encode(
        segment.memory, at + RecordFrame.EXCERPT_HEADER_BYTES, (byte) 0, durable, body, crc);
    body.position(body.limit());
    tail = Position.of(active, segment.bytes);
    return Position.of(active, at);
  }

  private MemorySegment segmentFor(int excerptBytes) {
    MemorySegment current = segments.get(active);
    if (current != null
        && (current.bytes == FIRST_OFFSET || current.bytes + excerptBytes <= segmentBytes)) {
      return current;
    }
    active = ++lastNumber;
    MemorySegment fresh = new MemorySegment(active, generation);
    segments.put(active, fresh);
    return fresh;
  }

  @Override
  public synchronized long tailPosition() {
    return tail;
  }

  @Override
  public synchronized long durablePosition() {
    return durable;
  }

  @Override
  public synchronized long force() {
    durable = tail;
    return durable;
  }

  @Override
  public synchronized long unforcedBytes() {
    long sum = 0;
    for (MemorySegment segment :
        segments.tailMap(Math.max(Position.segment(durable), 0L), true).values()) {
      boolean holdsMark = segment.number == Position.segment(durable);
      sum += segment.bytes - (holdsMark ? Position.offset(durable) : FIRST_OFFSET);
    }
    return sum;
  }

  @Override
  public boolean needsRewrite() {
    return false;
  }

  @Override
  public void rewriteTail(TailVisitor visitor) {
    // Memory does not fail.
  }

  @Override
  public synchronized ByteBuffer read(long position, ReadBuffer into) {
    MemorySegment segment = segments.get(Position.segment(position));
    int at = (int) Position.offset(position);
    if (segment == null || at < FIRST_OFFSET || at >= segment.bytes) {
      throw new DamagedRecordException(position, "memory", "no record begins here", null);
    }
    int frameAt = at + RecordFrame.EXCERPT_HEADER_BYTES;
    int frameBytes = RecordFrame.statedBytes(segment.memory, frameAt);
    if (frameBytes == 0) {
      throw new DamagedRecordException(position, "memory", "no record begins here", null);
    }
    if (!RecordFrame.isIntact(segment.memory, frameAt, frameBytes, crc)) {
      throw new DamagedRecordException(position, "memory", "checksum differs", null);
    }
    into.cleared().limit(0);
    ByteBuffer frame = into.grownTo(frameBytes).clear();
    frame.put(0, segment.memory, frameAt, frameBytes);
    return frame.limit(frameBytes).position(RecordFrame.HEADER_BYTES);
  }

  @Override
  public ReplayReport replay(long fromPosition, RecordVisitor visitor) {
    return visit(fromPosition, tailPosition(), visitor);
  }

  @Override
  public ReplayReport scanSegment(long segment, RecordVisitor visitor) {
    if (segments().stream().noneMatch(each -> each.number() == segment)) {
      throw new IllegalArgumentException("no segment " + segment);
    }
    long end = Math.min(tailPosition(), Position.of(segment + 1, 0));
    return visit(Position.of(segment, 0), end, visitor);
  }

  /** Visits outside the lock, so that a visitor may append. */
  private ReplayReport visit(long from, long to, RecordVisitor visitor) {
    ReadBuffer buffer = new ReadBuffer();
    long records = 0;
    long bytes = 0;
    for (long position : positions(from, to)) {
      ByteBuffer body = read(position, buffer);
      int frameBytes = RecordFrame.HEADER_BYTES + body.remaining();
      records++;
      bytes += frameBytes;
      visitor.record(position, frameBytes, body);
    }
    Ending ending = cleanlyClosed ? Ending.CLEAN : Ending.OPEN;
    return new ReplayReport(records, bytes, to, ending, List.of());
  }

  private synchronized List<Long> positions(long from, long to) {
    List<Long> positions = new ArrayList<>();
    for (MemorySegment segment : segments.tailMap(Position.segment(from), true).values()) {
      int at = (int) FIRST_OFFSET;
      while (at < segment.bytes && Position.of(segment.number, at) < to) {
        if (Position.of(segment.number, at) >= from) {
          positions.add(Position.of(segment.number, at));
        }
        int frameBytes =
            RecordFrame.statedBytes(segment.memory, at + RecordFrame.EXCERPT_HEADER_BYTES);
        at += RecordFrame.EXCERPT_HEADER_BYTES + RecordFrame.paddedBytes(frameBytes);
      }
    }
    return positions;
  }

  @Override
  public synchronized void forceAll() {
    durable = tail;
  }

  @Override
  public synchronized long startPosition() {
    return segments.isEmpty() || segments.firstKey() == 1 ? 0 : Position.of(segments.firstKey(), 0);
  }

  @Override
  public synchronized List<Segment> segments() {
    return segments.values().stream()
        .map(segment -> new Segment(segment.number, segment.bytes, segment.generation))
        .toList();
  }

  @Override
  public synchronized long activeSegment() {
    return active;
  }

  @Override
  public synchronized void dropSegment(long segment) {
    if (segment == active) {
      throw new IllegalArgumentException("segment " + segment + " is the active one");
    }
    segments.remove(segment);
  }

  @Override
  public synchronized long diskBytes() {
    return segments.values().stream().mapToLong(segment -> segment.bytes).sum();
  }

  @Override
  public synchronized void close() {
    durable = tail;
    cleanlyClosed = true;
    closed = true;
  }

  private static final class MemorySegment {
    private static final int INITIAL_BYTES = 4096;

    final long number;
    final int generation;
    ByteBuffer memory = allocate(INITIAL_BYTES);
    int bytes = (int) FIRST_OFFSET;

    MemorySegment(long number, int generation) {
      this.number = number;
      this.generation = generation;
    }

    /** Makes room and returns the offset of what was asked for. */
    int grow(int count) {
      int at = bytes;
      if (at + count > memory.capacity()) {
        ByteBuffer larger = allocate(Math.max(at + count, memory.capacity() * 2));
        larger.put(0, memory, 0, at);
        memory = larger;
      }
      bytes = at + count;
      return at;
    }

    MemorySegment copy(int upTo) {
      MemorySegment copy = new MemorySegment(number, generation);
      copy.memory = allocate(Math.max(upTo, INITIAL_BYTES));
      copy.memory.put(0, memory, 0, upTo);
      copy.bytes = upTo;
      return copy;
    }

    private static ByteBuffer allocate(int bytes) {
      return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
