package io.millrace.engine.shard;

import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.ReadBuffer;
import io.millrace.engine.journal.RecordVisitor;
import io.millrace.engine.journal.ReplayReport;
import io.millrace.engine.journal.Segment;
import io.millrace.engine.journal.Space;
import io.millrace.engine.journal.TailVisitor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** A journal that can crash before an append, a force or a drop, and sums up what was appended. */
final class FusedJournal implements Journal {

  private final Journal journal;
  private final Fuse fuse;
  private final CRC32C sum;

  FusedJournal(Journal journal, Fuse fuse, CRC32C sum) {
    this.journal = journal;
    this.fuse = fuse;
    this.sum = sum;
  }

  @Override
  public long append(ByteBuffer body, Space space) {
    fuse.step("an append");
    sum.update(body.duplicate());
    return journal.append(body, space);
  }

  @Override
  public long startPosition() {
    return journal.startPosition();
  }

  @Override
  public long tailPosition() {
    return journal.tailPosition();
  }

  @Override
  public long durablePosition() {
    return journal.durablePosition();
  }

  @Override
  public long force() {
    fuse.step("a force");
    return journal.force();
  }

  @Override
  public long unforcedBytes() {
    return journal.unforcedBytes();
  }

  @Override
  public boolean needsRewrite() {
    return journal.needsRewrite();
  }

  @Override
  public void rewriteTail(TailVisitor visitor) {
    journal.rewriteTail(visitor);
  }

  @Override
  public ByteBuffer read(long position, ReadBuffer into) {
    return journal.read(position, into);
  }

  @Override
  public ReplayReport replay(long fromPosition, RecordVisitor visitor) {
    return journal.replay(fromPosition, visitor);
  }

  @Override
  public void forceAll() {
    fuse.step("the force of a recovery");
    journal.forceAll();
  }

  @Override
  public ReplayReport scanSegment(long segment, RecordVisitor visitor) {
    return journal.scanSegment(segment, visitor);
  }

  @Override
  public List<Segment> segments() {
    return journal.segments();
  }

  @Override
  public long activeSegment() {
    return journal.activeSegment();
  }

  @Override
  public void dropSegment(long segment) {
    fuse.step("dropping a segment");
    journal.dropSegment(segment);
  }

  @Override
  public long diskBytes() {
    return journal.diskBytes();
  }

  @Override
  public void close() {
    journal.close();
  }
}
