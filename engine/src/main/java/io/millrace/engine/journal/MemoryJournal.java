package io.millrace.engine.journal;

import io.millrace.engine.journal.ReplayReport.Ending;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.zip.CRC32C;

/**
 * A journal in memory, for simulation and tests: the same contract, the same frames, no disk.
 *
 * <p>What a disk does to a journal is asked for: {@link #crash} is a power cut, {@link #flip} a
 * decayed bit, {@link #failNextForce} a failing device, {@link #limitTo} a disk that others fill.
 * Any thread; one lock, since nothing here waits.
 */
public final class MemoryJournal implements Journal {

  private static final long FIRST_OFFSET = 64;

  private final long segmentBytes;
  private long capacityBytes;
  private long reserveBytes;
  private final CRC32C crc = new CRC32C();
  private final TreeMap<Long, MemorySegment> segments = new TreeMap<>();
  private int generation = 1;
  private long lastNumber;

  /** Segments whose records all went elsewhere when the tail was written again, or were torn. */
  private final Set<Long> emptied = new ConcurrentSkipListSet<>();

  /** The lowest segment ever dropped. */
  private long firstDropped = Long.MAX_VALUE;

  private long active = NO_POSITION;
  private long tail;
  private long durable;

  /** What a power cut leaves: at first what it would have left of the journal reopened. */
  private long survivesPowerCut;

  private boolean cleanlyClosed;
  private boolean closed;
  private boolean torn;
  private boolean nextForceFails;
  private boolean segmentFailed;

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
    return crash(0);
  }

  /**
   * What a power cut leaves if some of what was not forced had reached the disk all the same.
   *
   * @param unforcedBytesKept how much of it, from its beginning on; a record that is cut in two
   *     ends the log
   */
  public synchronized MemoryJournal crash(long unforcedBytesKept) {
    return reopenedAt(after(Math.max(durable, survivesPowerCut), unforcedBytesKept));
  }

  /** The position so many bytes after another, or the tail. */
  private long after(long position, long bytes) {
    long left = bytes;
    long end = position;
    for (MemorySegment segment : segments.tailMap(Position.segment(position), true).values()) {
      boolean first = segment.number == Position.segment(position);
      long from = first ? Position.offset(position) : FIRST_OFFSET;
      long there = segment.bytes - from;
      if (left <= 0) {
        return end;
      }
      end = Position.of(segment.number, from + Math.min(left, there));
      left -= there;
    }
    return end;
  }

  /**
   * Flips one bit of a record, as a medium that decays would. Its length stays, so that what comes
   * after it can be found.
   *
   * @param position of the record
   * @param bit which, counted from the end of the length; taken modulo the bits there are
   */
  public synchronized void flip(long position, long bit) {
    MemorySegment segment = segments.get(Position.segment(position));
    if (segment == null) {
      throw new IllegalArgumentException("no segment holds " + Position.text(position));
    }
    int at = (int) Position.offset(position) + RecordFrame.EXCERPT_HEADER_BYTES;
    long bits = 8L * (RecordFrame.statedBytes(segment.memory, at) - RecordFrame.VERSION_OFFSET);
    long which = Math.floorMod(bit, bits);
    int byteAt = at + RecordFrame.VERSION_OFFSET + (int) (which / 8);
    segment.memory.put(byteAt, (byte) (segment.memory.get(byteAt) ^ 1 << which % 8));
  }

  /** Makes the next force fail, and with it the active segment. */
  public synchronized void failNextForce() {
    nextForceFails = true;
  }

  /** The disk holds more or less than before; parameters as of the constructor. */
  public synchronized void limitTo(long newCapacityBytes, long newReserveBytes) {
    capacityBytes = newCapacityBytes;
    reserveBytes = newReserveBytes;
  }

  /** What {@link #close} or a kill leaves: a new journal that holds every record. */
  public synchronized MemoryJournal reopen() {
    return reopenedAt(tail);
  }

  private MemoryJournal reopenedAt(long end) {
    MemoryJournal next = new MemoryJournal(segmentBytes, capacityBytes, reserveBytes);
    next.generation = generation + 1;
    next.lastNumber = lastNumber;
    next.firstDropped = firstDropped;
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
    if (segmentFailed) {
      throw new JournalForceException("memory: the segment has failed", null);
    }
    int excerptBytes = excerptBytes(bodyBytes);
    long reserve = space == Space.NORMAL ? reserveBytes : 0;
    if (capacityBytes - diskBytes() - reserve < excerptBytes + FIRST_OFFSET) {
      throw new JournalFullException("memory journal: " + capacityBytes + " bytes are full", null);
    }
    return appendFrame(body);
  }

  private static int excerptBytes(int bodyBytes) {
    return RecordFrame.EXCERPT_HEADER_BYTES
        + RecordFrame.paddedBytes(RecordFrame.HEADER_BYTES + bodyBytes);
  }

  private long appendFrame(ByteBuffer body) {
    int excerptBytes = excerptBytes(body.remaining());
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
    if (nextForceFails) {
      nextForceFails = false;
      segmentFailed = true;
    }
    if (segmentFailed) {
      throw new JournalForceException("memory: the force failed", null);
    }
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
  public synchronized boolean needsRewrite() {
    return segmentFailed;
  }

  @Override
  public synchronized void rewriteTail(TailVisitor visitor) {
    if (!segmentFailed) {
      return;
    }
    List<Long> oldPositions = positions(durable, tail);
    List<ByteBuffer> bodies = new ArrayList<>();
    for (long position : oldPositions) {
      ByteBuffer body = read(position, new ReadBuffer());
      bodies.add(body);
    }
    cutAt(durable);
    active = NO_POSITION;
    segmentFailed = false;
    for (int i = 0; i < bodies.size(); i++) {
      ByteBuffer body = bodies.get(i);
      long newPosition = appendFrame(body.duplicate());
      visitor.moved(oldPositions.get(i), newPosition, body);
    }
    durable = tail;
  }

  /** Forgets every record from a position on. */
  private void cutAt(long position) {
    SortedMap<Long, MemorySegment> beyond = segments.tailMap(Position.segment(position), false);
    emptied.addAll(beyond.keySet());
    beyond.clear();
    MemorySegment last = segments.get(Position.segment(position));
    if (last != null) {
      last.bytes = (int) Position.offset(position);
      if (last.bytes <= FIRST_OFFSET) {
        segments.remove(last.number);
        emptied.add(last.number);
      }
    }
    tail = position;
  }

  @Override
  public synchronized ByteBuffer read(long position, ReadBuffer into) {
    MemorySegment segment = segments.get(Position.segment(position));
    int at = (int) Position.offset(position);
    if (segment == null || at < FIRST_OFFSET || at >= segment.bytes) {
      throw new DamagedRecordException(position, "memory", "no record begins here", null);
    }
    int frameAt = at + RecordFrame.EXCERPT_HEADER_BYTES;
    int frameBytes =
        frameAt + RecordFrame.HEADER_BYTES > segment.bytes
            ? 0
            : RecordFrame.statedBytes(segment.memory, frameAt);
    if (frameBytes == 0 || frameAt + frameBytes > segment.bytes) {
      throw new DamagedRecordException(position, "memory", "no record begins here", null);
    }
    if (!RecordFrame.isIntact(segment.memory, frameAt, frameBytes, crc)) {
      throw new DamagedRecordException(position, "memory", "checksum differs", null);
    }
    into.forget(position);
    ByteBuffer frame = into.grownTo(frameBytes).clear();
    frame.put(0, segment.memory, frameAt, frameBytes);
    return frame.limit(frameBytes).position(RecordFrame.HEADER_BYTES);
  }

  @Override
  public ReplayReport replay(long fromPosition, RecordVisitor visitor) {
    endAtFirstBadRecord();
    return visit(fromPosition, tailPosition(), visitor);
  }

  @Override
  public ReplayReport scanSegment(long segment, RecordVisitor visitor) {
    if (emptied.contains(segment)) {
      return new ReplayReport(0, 0, durablePosition(), tailPosition(), Ending.OPEN, List.of());
    }
    if (segments().stream().noneMatch(each -> each.number() == segment)) {
      throw new IllegalArgumentException("no segment " + segment);
    }
    long end = Math.min(tailPosition(), Position.of(segment + 1, 0));
    return visit(Position.of(segment, 0), end, visitor);
  }

  /** A bad record that was never promised is the end of the log; any other is damage. */
  private synchronized void endAtFirstBadRecord() {
    if (active != NO_POSITION || cleanlyClosed) {
      return;
    }
    ReadBuffer buffer = new ReadBuffer();
    for (long position : positions(survivesPowerCut, tail)) {
      try {
        read(position, buffer);
      } catch (DamagedRecordException bad) {
        cutAt(position);
        torn = true;
        return;
      }
    }
  }

  /** Visits outside the lock, so that a visitor may append. */
  private ReplayReport visit(long from, long to, RecordVisitor visitor) {
    ReadBuffer buffer = new ReadBuffer();
    List<ReplayReport.Damage> damaged = new ArrayList<>();
    long records = 0;
    long bytes = 0;
    for (long position : positions(from, to)) {
      ByteBuffer body;
      try {
        body = read(position, buffer);
      } catch (DamagedRecordException bad) {
        damaged.add(new ReplayReport.Damage(position, position + Integer.BYTES, "memory"));
        continue;
      }
      int frameBytes = RecordFrame.HEADER_BYTES + body.remaining();
      records++;
      bytes += frameBytes;
      visitor.record(position, frameBytes, body);
    }
    Ending ending = cleanlyClosed ? Ending.CLEAN : torn ? Ending.TORN : Ending.OPEN;
    return new ReplayReport(records, bytes, durablePosition(), to, ending, damaged);
  }

  private synchronized List<Long> positions(long from, long to) {
    List<Long> positions = new ArrayList<>();
    for (MemorySegment segment : segments.tailMap(Position.segment(from), true).values()) {
      int at = (int) FIRST_OFFSET;
      while (at < segment.bytes && Position.of(segment.number, at) < to) {
        if (Position.of(segment.number, at) >= from) {
          positions.add(Position.of(segment.number, at));
        }
        int frameAt = at + RecordFrame.EXCERPT_HEADER_BYTES;
        if (frameAt + RecordFrame.HEADER_BYTES > segment.bytes) {
          break; // cut in two
        }
        int frameBytes = RecordFrame.statedBytes(segment.memory, frameAt);
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
    boolean whole = segments.isEmpty() || firstDropped > segments.firstKey();
    return whole ? 0 : Position.of(segments.firstKey(), 0);
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
    firstDropped = Math.min(firstDropped, segment);
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
