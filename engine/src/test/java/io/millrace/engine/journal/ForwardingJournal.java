package io.millrace.engine.journal;

import java.nio.ByteBuffer;
import java.util.List;

/** A journal that passes everything on, for tests to override what shall go wrong. */
public abstract class ForwardingJournal implements Journal {

  private final Journal journal;

  protected ForwardingJournal(Journal journal) {
    this.journal = journal;
  }

  @Override
  public long append(ByteBuffer body, Space space) {
    return journal.append(body, space);
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
    journal.forceAll();
  }

  @Override
  public ReplayReport scanSegment(long segment, RecordVisitor visitor) {
    return journal.scanSegment(segment, visitor);
  }

  @Override
  public long startPosition() {
    return journal.startPosition();
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
