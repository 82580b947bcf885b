package io.millrace.chaos.sim;

import io.millrace.chaos.check.RareState;
import io.millrace.chaos.check.RareStates;
import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalForceException;
import io.millrace.engine.journal.JournalFullException;
import io.millrace.engine.journal.MemoryJournal;
import io.millrace.engine.journal.Position;
import io.millrace.engine.journal.ReadBuffer;
import io.millrace.engine.journal.RecordVisitor;
import io.millrace.engine.journal.ReplayReport;
import io.millrace.engine.journal.Segment;
import io.millrace.engine.journal.Space;
import io.millrace.engine.journal.TailVisitor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The journal of one start: a journal in memory that passes the places where a crash may come, sums
 * up all that is appended, and remembers where each message stands.
 */
final class SimJournal implements Journal {

  /** The kind of a record that moves a message to its dead-letter queue, its first byte. */
  private static final byte MOVED = 9;

  /** Told of what the disk refused. */
  interface Disk {
    void refusedForFull();

    void failedForce();
  }

  private final MemoryJournal inner;
  private final CrashFuse fuse;
  private final CRC32C sum;
  private final RareStates rareStates;
  private final MessagePlaces places;
  private final Disk disk;
  private final TreeMap<Long, Integer> unforced = new TreeMap<>();
  private final Set<Long> carriedFrom = new HashSet<>();
  private boolean inBatch;
  private int batchRecords;

  SimJournal(
      MemoryJournal inner,
      CrashFuse fuse,
      CRC32C sum,
      RareStates rareStates,
      MessagePlaces places,
      Disk disk) {
    this.inner = inner;
    this.fuse = fuse;
    this.sum = sum;
    this.rareStates = rareStates;
    this.places = places;
    this.disk = disk;
  }

  MemoryJournal inner() {
    return inner;
  }

  /** From here on until {@link #batchEnds} all records are one batch's. */
  void batchBegins() {
    inBatch = true;
    batchRecords = 0;
  }

  void batchEnds() {
    inBatch = false;
  }

  /** Positions of whole records that no force has covered. */
  List<Long> unforcedPositions() {
    return new ArrayList<>(unforced.tailMap(inner.durablePosition(), true).keySet());
  }

  @Override
  public long append(ByteBuffer body, Space space) {
    if (inBatch && batchRecords > 0) {
      fuse.pass(CrashSite.BATCH, "after record " + batchRecords + " of a batch");
    }
    fuse.pass(CrashSite.APPEND, "before an append");
    ByteBuffer record = body.duplicate().order(body.order());
    long segmentBefore = inner.activeSegment();
    long position;
    try {
      position = inner.append(body, space);
    } catch (JournalFullException full) {
      disk.refusedForFull();
      throw full;
    }
    sum.update(record.duplicate());
    unforced.put(position, record.remaining());
    batchRecords++;
    boolean moved = record.get(record.position()) == MOVED;
    places.appended(record, position, this::carried);
    if (segmentBefore != NO_POSITION && inner.activeSegment() != segmentBefore) {
      fuse.pass(CrashSite.ROLL, "after the first record of segment " + Position.segment(position));
    }
    if (moved) {
      fuse.pass(CrashSite.DEAD_LETTER_MOVE, "after the record of a move");
    }
    fuse.pass(CrashSite.APPEND, "after an append");
    return position;
  }

  private void carried(long fromPosition) {
    carriedFrom.add(Position.segment(fromPosition));
  }

  @Override
  public long tailPosition() {
    return inner.tailPosition();
  }

  @Override
  public long durablePosition() {
    return inner.durablePosition();
  }

  @Override
  public long force() {
    fuse.pass(CrashSite.FORCE, "before a force");
    try {
      long durable = inner.force();
      unforced.headMap(durable).clear();
      return durable;
    } catch (JournalForceException failed) {
      disk.failedForce();
      throw failed;
    }
  }

  @Override
  public long unforcedBytes() {
    return inner.unforcedBytes();
  }

  @Override
  public boolean needsRewrite() {
    return inner.needsRewrite();
  }

  @Override
  public void rewriteTail(TailVisitor visitor) {
    fuse.pass(CrashSite.FORCE, "before the tail is written again");
    inner.rewriteTail(
        (oldPosition, newPosition, body) -> {
          places.moved(oldPosition, newPosition);
          visitor.moved(oldPosition, newPosition, body);
        });
    unforced.clear();
  }

  @Override
  public ByteBuffer read(long position, ReadBuffer into) {
    return inner.read(position, into);
  }

  @Override
  public ReplayReport replay(long fromPosition, RecordVisitor visitor) {
    return inner.replay(
        fromPosition,
        (position, frameBytes, body) -> {
          fuse.pass(
              CrashSite.RECOVERY, "before record " + Position.text(position) + " is replayed");
          visitor.record(position, frameBytes, body);
        });
  }

  @Override
  public void forceAll() {
    fuse.pass(CrashSite.RECOVERY, "before what was replayed is forced");
    inner.forceAll();
  }

  @Override
  public ReplayReport scanSegment(long segment, RecordVisitor visitor) {
    return inner.scanSegment(segment, visitor);
  }

  @Override
  public long startPosition() {
    return inner.startPosition();
  }

  @Override
  public List<Segment> segments() {
    return inner.segments();
  }

  @Override
  public long activeSegment() {
    return inner.activeSegment();
  }

  @Override
  public void dropSegment(long segment) {
    fuse.pass(CrashSite.DROP, "before segment " + segment + " is dropped");
    inner.dropSegment(segment);
    places.dropped(segment);
    if (carriedFrom.contains(segment)) {
      rareStates.occurred(RareState.SEGMENT_DROPPED_WITH_SURVIVORS);
    }
    fuse.pass(CrashSite.DROP, "after segment " + segment + " was dropped");
  }

  @Override
  public long diskBytes() {
    return inner.diskBytes();
  }

  @Override
  public void close() {
    inner.close();
  }
}
