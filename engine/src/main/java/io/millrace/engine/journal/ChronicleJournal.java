package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.zip.CRC32C;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import org.jspecify.annotations.Nullable;

/**
 * The durable journal, on Chronicle Queue.
 *
 * <p>Chronicle appends; everything that correctness rests on is ours. Each start makes a fresh
 * directory (a generation) and Chronicle opens only that, so no lock, half-made file or damaged
 * table of an earlier process can matter. Old segments are read by {@link LogReader} from frames
 * alone. Durability is our own force of segment file and directory. Space is reserved and zeroed
 * before Chronicle's map reaches it, so a full disk is an exception and not a fault.
 *
 * <p>A new segment begins when the active one is full, or prepared no further while the next one is
 * prepared to its end; at each start; and after a failure. Its first records, an opening in two
 * copies, say where the log before it ends; see {@link SegmentMark}.
 *
 * <p>A failure of the active segment (a force the device refused, a fault in Chronicle's map, an
 * I/O error in preparation) condemns it: appends and forces are refused until {@link #rewriteTail}
 * has copied what was not durable from memory into a new generation and forced that. If this fails
 * too, the journal has failed for good.
 */
public final class ChronicleJournal implements Journal {

  /** Chronicle writes an end mark and clears a few bytes behind the last record. */
  private static final long END_SLACK_BYTES = 64;

  /** Chronicle's tables and the two openings at the start of a segment, with slack. */
  private static final long SEGMENT_HEAD_BYTES =
      SegmentScanner.TABLES_END + 2L * (SegmentMark.BODY_BYTES_MAX + 256);

  private final JournalConfig config;
  private final Storage storage;
  private final Executor background;
  private final SegmentCatalog catalog;
  private final LogReader reader;
  private final ReadChannels channels;
  private final RecoveredLog recovered;
  private final SegmentRemoval removal;
  private final TailBuffer kept;
  private final FrameMemory control =
      new FrameMemory(RecordFrame.HEADER_BYTES + SegmentMark.BODY_BYTES_MAX);
  private final CRC32C crc = new CRC32C();

  /** Made beside the opener's replay, since Chronicle's first open takes half a second. */
  private Upcoming upcoming;

  /** What appends go to, from the first on; appender writes, anyone reads. */
  private volatile @Nullable Generation generation;

  // Of the appender thread.
  private long offset;
  private boolean segmentIsEmpty;
  private long appended;
  private boolean closed;

  /** Segments with bytes that may not be durable; appender adds, force removes. */
  private final CopyOnWriteArrayList<PreparedSegment> unforced = new CopyOnWriteArrayList<>();

  /** Held by whoever forces or rewrites, and no longer; never by an append. */
  private final Object forceLock = new Object();

  /** Appender writes, anyone reads. */
  private volatile long tail;

  /** Appender writes, before {@link #tail}; the flusher reads it first. */
  private volatile long appendedBytes;

  /** Written under {@link #forceLock}, anyone reads. */
  private volatile long durable;

  private volatile long forcedBytes;

  /** The active segment's number, or NO_POSITION; appender writes. */
  private volatile long active = NO_POSITION;

  /** Why the active segment is condemned; whoever meets the trouble writes, rewriteTail clears. */
  private volatile @Nullable Throwable condemnedBy;

  /** Why the journal has failed for good. */
  private volatile @Nullable Throwable failedBy;

  private ChronicleJournal(
      JournalConfig config, Storage storage, Executor background, SegmentCatalog catalog) {
    this.config = config;
    this.storage = storage;
    this.background = background;
    this.catalog = catalog;
    this.reader = new LogReader(storage, catalog);
    this.channels = new ReadChannels(storage, catalog);
    this.recovered = new RecoveredLog(catalog, storage, reader, config.unforcedBytesMax() > 0);
    this.removal = new SegmentRemoval(catalog, storage, channels);
    this.kept = new TailBuffer(config.unforcedBytesMax() > 0);
    this.upcoming = upcomingGeneration();
  }

  /**
   * Opens a journal; quick, whatever its size.
   *
   * @param root directory of the generations, made if missing; the caller owns it exclusively
   * @param background runs steps that may block: preparation, and at first Chronicle's class
   *     loading
   * @throws JournalFailedException if the directory cannot be read or this JVM lacks Chronicle's
   *     flags
   */
  public static ChronicleJournal open(
      Path root, JournalConfig config, Storage storage, Executor background) {
    ChronicleFlags.require();
    // Chronicle adds a shutdown hook when it is first used, which throws once the JVM is going
    // down:
    // a server stopped right after its start would end with a stack trace.
    var unused = BackgroundResourceReleaser.isOnBackgroundResourceReleaserThread();
    try {
      storage.createDirectories(root);
      SegmentCatalog catalog = SegmentCatalog.read(root, storage);
      ChronicleJournal journal = new ChronicleJournal(config, storage, background, catalog);
      background.execute(journal.upcoming);
      return journal;
    } catch (IOException e) {
      throw new JournalFailedException(root + ": the journal cannot be opened", e);
    }
  }

  private Upcoming upcomingGeneration() {
    return new Upcoming(() -> Generation.make(catalog, storage, config, background));
  }

  // Appending.

  @Override
  public long append(ByteBuffer body, Space space) {
    int bodyBytes = body.remaining();
    if (bodyBytes < 1 || bodyBytes > RECORD_BYTES_MAX) {
      throw new IllegalArgumentException("record of " + bodyBytes + " bytes");
    }
    requireHealthy();
    int frameBytes = RecordFrame.HEADER_BYTES + bodyBytes;
    int paddedBytes = RecordFrame.paddedBytes(frameBytes);
    if (config.unforcedBytesMax() > 0
        && unforcedBytes() + paddedBytes > config.unforcedBytesMax()) {
      throw new JournalBusyException(unforcedBytes() + " bytes wait for a force");
    }
    Generation current = makeRoom(paddedBytes, space);
    long mark = durable;
    kept.release(mark);
    kept.begin(paddedBytes);
    int at = kept.frameAt();
    RecordFrame.encode(kept.memory().buffer(), at, (byte) 0, mark, body, crc);
    long position = write(current, kept.memory(), at, paddedBytes);
    kept.commit(position, paddedBytes);
    body.position(body.limit());
    return position;
  }

  /** Writes an encoded frame; what it throws has condemned the segment. */
  private long write(Generation current, FrameMemory memory, int at, int paddedBytes) {
    long excerptOffset;
    try {
      excerptOffset = current.writer().write(memory, at, paddedBytes);
    } catch (RuntimeException | InternalError | AssertionError e) {
      // InternalError is a fault in Chronicle's map, which JDK 17 may report a call late.
      throw condemn("segment " + active + " cannot be written", e);
    }
    if (offset != 0 && excerptOffset != offset) {
      throw condemn(
          "segment " + active + ": wrote at " + excerptOffset + " instead of " + offset,
          new AssertionError(offset));
    }
    offset = excerptOffset + RecordFrame.EXCERPT_HEADER_BYTES + paddedBytes;
    appended += RecordFrame.EXCERPT_HEADER_BYTES + paddedBytes;
    appendedBytes = appended;
    tail = Position.of(active, offset);
    current.preparer().poke(offset);
    return Position.of(active, excerptOffset);
  }

  /** Makes sure that a frame fits: prepared space, in a new segment if need be. */
  private Generation makeRoom(int paddedBytes, Space space) {
    Generation current = generation;
    if (current == null) {
      current = start();
    }
    try {
      long frameEnd = RecordFrame.EXCERPT_HEADER_BYTES + paddedBytes + END_SLACK_BYTES;
      long reserve = space == Space.NORMAL ? config.reserveBytes() : 0;
      long segmentBytes = config.segmentBytes();
      boolean full =
          offset + frameEnd > segmentBytes
              || current.preparer().endsBefore(offset + frameEnd + reserve);
      if (full && !segmentIsEmpty) {
        current.preparer().require(0, SEGMENT_HEAD_BYTES + frameEnd + reserve);
        roll(current);
      } else {
        long end = offset + frameEnd;
        long activeTo = Math.min(end + reserve, Math.max(end, segmentBytes));
        long beyond = end + reserve - activeTo;
        current.preparer().require(activeTo, beyond == 0 ? 0 : SEGMENT_HEAD_BYTES + beyond);
      }
      segmentIsEmpty = false;
      return current;
    } catch (NoSpaceException e) {
      throw new JournalFullException(catalog.root() + ": the disk is full", e);
    } catch (JournalException e) {
      throw e;
    } catch (IOException | RuntimeException | InternalError e) {
      throw condemn("segment " + active + " cannot be prepared", e);
    }
  }

  /** Begins this process's part of the log. What it throws leaves the next append free to try. */
  private Generation start() {
    if (!recovered.isForced()) {
      forceAll();
    }
    Generation made;
    try {
      removal.removeVoid();
      made = upcoming.get();
    } catch (NoSpaceException e) {
      upcoming = upcomingGeneration();
      throw new JournalFullException(catalog.root() + ": the disk is full", e);
    } catch (IOException e) {
      upcoming = upcomingGeneration();
      throw new JournalFailedException(catalog.root() + ": the journal cannot start", e);
    }
    beginSegment(made, made.first(), tail);
    generation = made;
    return made;
  }

  private void roll(Generation current) {
    SegmentCatalog.Entry full = catalog.find(active);
    if (full != null) {
      full.limit = offset;
    }
    beginSegment(current, current.preparer().takeNext(), tail);
    if (config.unforcedBytesMax() == 0) {
      // Nobody else forces at this level; a rolled segment is forced once, behind the appender.
      try {
        background.execute(this::forceBehind);
      } catch (RejectedExecutionException e) {
        // The executor is shut down, so a close is near, and that forces.
        return;
      }
    }
  }

  private void beginSegment(Generation current, PreparedSegment segment, long previousTail) {
    catalog.add(
        new SegmentCatalog.Entry(
            segment.number(), current.number(), segment.path(), previousTail, durable));
    unforced.add(segment);
    current.writer().turnTo(segment.number());
    active = segment.number();
    offset = 0;
    segmentIsEmpty = true;
    SegmentMark opening =
        new SegmentMark(SegmentMark.Kind.OPENING, current.number(), segment.number(), previousTail);
    writeMark(current, opening, true);
    writeMark(current, opening, false);
    current.writer().releaseStoresBefore(segment.number());
  }

  private void writeMark(Generation current, SegmentMark mark, boolean padded) {
    ByteBuffer body = mark.body(padded);
    int paddedBytes = RecordFrame.paddedBytes(RecordFrame.HEADER_BYTES + body.remaining());
    RecordFrame.encode(control.buffer(), 0, RecordFrame.CONTROL, durable, body, crc);
    write(current, control, 0, paddedBytes);
  }

  private JournalForceException condemn(String what, Throwable cause) {
    condemnedBy = cause;
    return new JournalForceException(catalog.root() + ": " + what, cause);
  }

  private void requireHealthy() {
    Throwable failure = failedBy;
    if (failure != null) {
      throw new JournalFailedException(catalog.root() + ": the journal has failed", failure);
    }
    Throwable condemned = condemnedBy;
    if (condemned != null) {
      throw new JournalForceException(
          catalog.root() + ": the unforced tail must be rewritten first", condemned);
    }
    if (closed) {
      throw new IllegalStateException("the journal is closed");
    }
  }

  @Override
  public long tailPosition() {
    return tail;
  }

  @Override
  public long durablePosition() {
    return durable;
  }

  @Override
  public long unforcedBytes() {
    return appendedBytes - forcedBytes;
  }

  @Override
  public boolean needsRewrite() {
    return condemnedBy != null;
  }

  // Forcing.

  @Override
  public long force() {
    synchronized (forceLock) {
      requireHealthy();
      return forceUnderLock();
    }
  }

  private long forceUnderLock() {
    long bytes = appendedBytes;
    long target = tail;
    if (target <= durable) {
      return durable;
    }
    long last = Position.segment(target);
    for (PreparedSegment segment : unforced) {
      if (segment.number() <= last) {
        try {
          segment.forceRecords();
          if (segment.number() < last) {
            unforced.remove(segment);
            segment.close();
          }
        } catch (IOException e) {
          throw condemn("force of segment " + segment.number() + " failed", e);
        }
      }
    }
    forcedBytes = bytes;
    durable = target;
    return target;
  }

  private void forceBehind() {
    synchronized (forceLock) {
      if (condemnedBy == null && failedBy == null && !closed) {
        try {
          forceUnderLock();
        } catch (JournalForceException e) {
          // Recorded in condemnedBy; the appender's next call reports it.
          return;
        }
      }
    }
  }

  @Override
  public void rewriteTail(TailVisitor visitor) {
    synchronized (forceLock) {
      Throwable cause = condemnedBy;
      if (cause == null || failedBy != null) {
        requireHealthy();
        return;
      }
      try {
        moveTail(visitor);
        condemnedBy = null;
        forceUnderLock();
      } catch (IOException | RuntimeException | InternalError e) {
        e.addSuppressed(cause);
        failedBy = e;
        throw new JournalFailedException(
            catalog.root() + ": the unforced tail could not be rewritten", e);
      }
    }
  }

  private void moveTail(TailVisitor visitor) throws IOException {
    long from = durable;
    long oldTail = tail;
    Generation condemned = generation;
    if (condemned != null) {
      generation = null;
      condemned.close();
    }
    for (PreparedSegment segment : unforced) {
      segment.close();
    }
    unforced.clear();
    condemnedBy = null;
    forcedBytes = appendedBytes;
    Generation fresh = Generation.make(catalog, storage, config, background);
    generation = fresh;
    beginSegment(fresh, fresh.first(), from);
    if (config.unforcedBytesMax() > 0) {
      kept.forEachFrom(
          from,
          (oldPosition, memory, at, frameBytes) -> {
            int paddedBytes = RecordFrame.paddedBytes(frameBytes);
            RecordFrame.remark(memory.buffer(), at, frameBytes, from, crc);
            long newPosition = write(makeRoom(paddedBytes, Space.RESERVE), memory, at, paddedBytes);
            visitor.moved(oldPosition, newPosition, bodyOf(memory.buffer(), at, frameBytes));
            return newPosition;
          });
    } else {
      ReplayReport read =
          reader.replay(
              from,
              oldTail,
              (oldPosition, frameBytes, body) ->
                  visitor.moved(oldPosition, append(body.duplicate(), Space.RESERVE), body));
      if (!read.damaged().isEmpty()) {
        throw new IOException("the page cache lost records: " + read.damaged());
      }
    }
    catalog.endAt(from, fresh.first().number());
  }

  private static ByteBuffer bodyOf(ByteBuffer memory, int at, int frameBytes) {
    return memory
        .duplicate()
        .order(ByteOrder.LITTLE_ENDIAN)
        .limit(at + frameBytes)
        .position(at + RecordFrame.HEADER_BYTES);
  }

  // Reading.

  @Override
  public ByteBuffer read(long position, ReadBuffer into) {
    return channels.read(position, tail, into);
  }

  @Override
  public ReplayReport replay(long fromPosition, RecordVisitor visitor) {
    if (generation != null) {
      return reader.replay(fromPosition, tail, visitor);
    }
    ReplayReport report = recovered.replay(fromPosition, visitor);
    tail = report.tailPosition();
    return report;
  }

  @Override
  public void forceAll() {
    if (generation != null) {
      force(); // What was there before was forced by the first append.
      return;
    }
    tail = recovered.tail();
    synchronized (forceLock) {
      try {
        recovered.force();
      } catch (IOException e) {
        throw new JournalFailedException(catalog.root() + ": what was replayed is not durable", e);
      }
      durable = tail;
    }
  }

  @Override
  public ReplayReport scanSegment(long segment, RecordVisitor visitor) {
    if (generation == null) {
      tail = recovered.tail();
    }
    SegmentCatalog.Entry entry = catalog.find(segment);
    if (entry == null) {
      throw new IllegalArgumentException("no segment " + segment);
    }
    return reader.scan(entry, tail, visitor);
  }

  // Segments.

  @Override
  public long startPosition() {
    for (SegmentCatalog.Entry entry : catalog.all()) {
      // One without an opening is no witness: most likely a start that was killed before it wrote.
      if (entry.limit > 0 && entry.previousTail != NO_POSITION) {
        return entry.previousTail == 0 ? 0 : Position.of(entry.number, 0);
      }
    }
    return 0;
  }

  @Override
  public List<Segment> segments() {
    long end = tail;
    List<Segment> segments = new ArrayList<>();
    for (SegmentCatalog.Entry entry : catalog.all()) {
      long bytes =
          entry.number == Position.segment(end)
              ? Math.min(entry.limit, Position.offset(end))
              : entry.limit;
      if (bytes > 0 && bytes != SegmentScanner.UNKNOWN_END) {
        segments.add(new Segment(entry.number, bytes, entry.generation));
      }
    }
    return segments;
  }

  @Override
  public long activeSegment() {
    return active;
  }

  @Override
  public long diskBytes() {
    long sum = 0;
    for (SegmentCatalog.Entry entry : catalog.all()) {
      sum += entry.limit == SegmentScanner.UNKNOWN_END ? 0 : entry.limit;
    }
    for (PreparedSegment segment : unforced) {
      if (segment.number() == active) {
        sum += segment.preparedTo();
      }
    }
    Generation current = generation;
    return current == null ? sum : sum + current.preparer().nextBytes();
  }

  @Override
  public long reservedBytes() {
    Generation current = generation;
    long sum = current == null ? 0 : current.preparer().nextBytes();
    for (PreparedSegment segment : unforced) {
      if (segment.number() == active && Position.segment(tail) == active) {
        sum += Math.max(0, segment.preparedTo() - Position.offset(tail));
      }
    }
    return sum;
  }

  @Override
  public void dropSegment(long segment) {
    SegmentCatalog.Entry entry = catalog.find(segment);
    if (entry == null) {
      return;
    }
    if (segment == active) {
      throw new IllegalArgumentException("segment " + segment + " is the active one");
    }
    try {
      forget(segment);
      // Without the lock: a file system takes tens of milliseconds to let a segment's pages go.
      Generation current = generation;
      removal.remove(entry, current == null ? SegmentRemoval.NONE : current.number());
    } catch (IOException e) {
      throw new JournalFailedException(entry.path + ": cannot be deleted", e);
    }
  }

  /** Nobody forces a segment that goes. */
  private void forget(long segment) throws IOException {
    synchronized (forceLock) {
      for (PreparedSegment each : unforced) {
        if (each.number() == segment) {
          unforced.remove(each);
          each.close();
        }
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    try {
      Generation current = generation;
      if (current != null && condemnedBy == null && failedBy == null) {
        closeCleanly(current);
      } else if (current != null) {
        current.close();
      } else {
        upcoming.discard();
      }
      closed = true;
      for (PreparedSegment segment : unforced) {
        segment.close();
      }
      channels.close();
    } catch (IOException e) {
      throw new JournalFailedException(catalog.root() + ": closing failed", e);
    }
  }

  private void closeCleanly(Generation current) throws IOException {
    long end = force();
    SegmentMark closing = new SegmentMark(SegmentMark.Kind.CLOSING, current.number(), active, end);
    int paddedBytes =
        RecordFrame.paddedBytes(RecordFrame.HEADER_BYTES + closing.body(false).remaining());
    try {
      writeMark(makeRoom(paddedBytes, Space.RESERVE), closing, false);
      force();
    } catch (JournalFullException e) {
      // No room even for the mark: the next start finds an unclean end, which costs it nothing.
    }
    current.close();
    synchronized (forceLock) {
      for (PreparedSegment segment : unforced) {
        if (segment.number() == active) {
          segment.endAt(offset);
        }
      }
      storage.forceDirectory(current.directory());
    }
  }
}
