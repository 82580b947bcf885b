package io.millrace.engine.shard;

import io.millrace.engine.journal.ForwardingJournal;
import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.Space;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A journal that can crash before an append, a force or a drop, and sums up what was appended. */
final class FusedJournal extends ForwardingJournal {

  private final Fuse fuse;
  private final CRC32C sum;

  FusedJournal(Journal journal, Fuse fuse, CRC32C sum) {
    super(journal);
    this.fuse = fuse;
    this.sum = sum;
  }

  @Override
  public long append(ByteBuffer body, Space space) {
    fuse.step("an append");
    sum.update(body.duplicate());
    return super.append(body, space);
  }

  @Override
  public long force() {
    fuse.step("a force");
    return super.force();
  }

  @Override
  public void forceAll() {
    fuse.step("the force of a recovery");
    super.forceAll();
  }

  @Override
  public void dropSegment(long segment) {
    fuse.step("dropping a segment");
    super.dropSegment(segment);
  }
}
