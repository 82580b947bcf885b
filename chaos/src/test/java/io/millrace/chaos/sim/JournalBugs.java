package io.millrace.chaos.sim;

import io.millrace.chaos.check.Invariant;
import io.millrace.chaos.sim.PlantedBug.Door;
import io.millrace.engine.journal.DamagedRecordException;
import io.millrace.engine.journal.ForwardingStorage;
import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.ReadBuffer;
import io.millrace.engine.journal.RecordVisitor;
import io.millrace.engine.journal.ReplayReport;
import io.millrace.engine.journal.Segment;
import io.millrace.engine.journal.Space;
import io.millrace.engine.journal.Storage;
import io.millrace.engine.journal.StorageFile;
import io.millrace.engine.journal.TailVisitor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Bugs below the shard: what is written, forced, read back and thrown away. */
final class JournalBugs {

  // The kinds of the records, their first byte.
  private static final int RECEIVED = 6;
  private static final int DELETED = 7;
  private static final int VISIBILITY = 8;

  private JournalBugs() {}

  static List<PlantedBug> all() {
    List<PlantedBug> bugs = new ArrayList<>();
    add(bugs, "reply-before-force", Invariant.LOSS, journal -> new LyingForce(journal));
    add(
        bugs,
        "skip-journal-on-delete",
        Invariant.DELETE_DURABILITY,
        journal -> new Skipping(journal, DELETED));
    add(
        bugs,
        "skip-journal-on-receive",
        Invariant.EXCLUSIVITY,
        journal -> new Skipping(journal, RECEIVED));
    add(
        bugs,
        "skip-journal-on-visibility-change",
        Invariant.CHANGE_VISIBILITY,
        journal -> new Skipping(journal, VISIBILITY));
    add(bugs, "drop-the-next-segment-too", Invariant.LOSS, journal -> new GreedyDrop(journal));
    add(
        bugs,
        "recovery-misses-the-last-record",
        Invariant.LOSS,
        journal -> new ShortReplay(journal));
    bugs.add(
        new PlantedBug(
            "checksum-ignored", Door.JOURNAL, Invariant.INTEGRITY, ChecksumIgnored::new));
    bugs.add(
        new PlantedBug("append-to-dirty-segment", Door.JOURNAL, Invariant.LOSS, DirtySegment::new));
    bugs.add(
        new PlantedBug(
            "files-never-forced",
            Door.STORAGE,
            SimRun.TROUBLE,
            () ->
                new SimWorld() {
                  @Override
                  public Storage storage(Storage storage) {
                    return new UnforcedStorage(storage);
                  }
                }));
    bugs.add(
        new PlantedBug(
            "time-runs-too-fast",
            Door.CLOCK,
            Invariant.EXCLUSIVITY,
            () ->
                new SimWorld() {
                  @Override
                  public long nowMs(long nowMs) {
                    return nowMs + (nowMs - SimClock.ORIGIN_MS) / 2;
                  }
                }));
    return bugs;
  }

  private static void add(
      List<PlantedBug> bugs, String name, Invariant expected, Function<Journal, Journal> bug) {
    bugs.add(
        new PlantedBug(
            name,
            Door.JOURNAL,
            expected,
            () ->
                new SimWorld() {
                  @Override
                  public Journal journal(Journal journal) {
                    return bug.apply(journal);
                  }
                }));
  }

  /** Says that everything is durable and forces nothing. */
  private static final class LyingForce extends Forwarding {
    LyingForce(Journal to) {
      super(to);
    }

    @Override
    public long durablePosition() {
      return to.tailPosition();
    }

    @Override
    public long force() {
      return to.tailPosition();
    }
  }

  /** Does not write records of one kind. */
  private static final class Skipping extends Forwarding {
    private final int kind;

    Skipping(Journal to, int kind) {
      super(to);
      this.kind = kind;
    }

    @Override
    public long append(ByteBuffer body, Space space) {
      if (body.get(body.position()) == kind) {
        body.position(body.limit());
        return to.tailPosition();
      }
      return to.append(body, space);
    }
  }

  /** Drops one segment more than it is asked to. */
  private static final class GreedyDrop extends Forwarding {
    GreedyDrop(Journal to) {
      super(to);
    }

    @Override
    public void dropSegment(long segment) {
      to.dropSegment(segment);
      for (Segment next : to.segments()) {
        if (next.number() > segment && next.number() != to.activeSegment()) {
          to.dropSegment(next.number());
          return;
        }
      }
    }
  }

  /** Stops one record before the end. */
  private static final class ShortReplay extends Forwarding {
    ShortReplay(Journal to) {
      super(to);
    }

    @Override
    public ReplayReport replay(long fromPosition, RecordVisitor visitor) {
      List<Runnable> held = new ArrayList<>();
      return to.replay(
          fromPosition,
          (position, frameBytes, body) -> {
            if (!held.isEmpty()) {
              held.remove(0).run();
            }
            ByteBuffer copy = copy(body);
            held.add(() -> visitor.record(position, frameBytes, copy));
          });
    }
  }

  /** Hands out the bytes of a record whose checksum does not match. */
  private static final class ChecksumIgnored implements SimWorld {
    private final Map<Long, ByteBuffer> written = new HashMap<>();

    @Override
    public Journal journal(Journal journal) {
      return new Forwarding(journal) {
        @Override
        public long append(ByteBuffer body, Space space) {
          ByteBuffer record = copy(body);
          long position = to.append(body, space);
          written.put(position, record);
          return position;
        }

        @Override
        public ByteBuffer read(long position, ReadBuffer into) {
          try {
            return to.read(position, into);
          } catch (DamagedRecordException damaged) {
            ByteBuffer record = written.get(position);
            if (record == null) {
              throw damaged;
            }
            ByteBuffer bad = copy(record.duplicate());
            int last = bad.limit() - 10;
            bad.put(last, (byte) (bad.get(last) ^ 1));
            return bad;
          }
        }
      };
    }
  }

  /** What is written after a torn record stands behind it, where no later recovery gets. */
  private static final class DirtySegment implements SimWorld {
    private long tornAt = Long.MAX_VALUE;

    @Override
    public Journal journal(Journal journal) {
      return new Forwarding(journal) {
        @Override
        public ReplayReport replay(long fromPosition, RecordVisitor visitor) {
          long hole = tornAt;
          ReplayReport report =
              to.replay(
                  fromPosition,
                  (position, frameBytes, body) -> {
                    if (position < hole) {
                      visitor.record(position, frameBytes, body);
                    }
                  });
          if (report.ending() == ReplayReport.Ending.TORN) {
            tornAt = Math.min(tornAt, report.tailPosition());
          }
          return report;
        }
      };
    }
  }

  private static ByteBuffer copy(ByteBuffer body) {
    ByteBuffer copy = ByteBuffer.allocate(body.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    copy.put(body.duplicate());
    return copy.flip();
  }

  /** A journal that does as another. */
  private abstract static class Forwarding implements Journal {
    final Journal to;

    Forwarding(Journal to) {
      this.to = to;
    }

    @Override
    public long append(ByteBuffer body, Space space) {
      return to.append(body, space);
    }

    @Override
    public long tailPosition() {
      return to.tailPosition();
    }

    @Override
    public long durablePosition() {
      return to.durablePosition();
    }

    @Override
    public long force() {
      return to.force();
    }

    @Override
    public long unforcedBytes() {
      return to.unforcedBytes();
    }

    @Override
    public boolean needsRewrite() {
      return to.needsRewrite();
    }

    @Override
    public void rewriteTail(TailVisitor visitor) {
      to.rewriteTail(visitor);
    }

    @Override
    public ByteBuffer read(long position, ReadBuffer into) {
      return to.read(position, into);
    }

    @Override
    public ReplayReport replay(long fromPosition, RecordVisitor visitor) {
      return to.replay(fromPosition, visitor);
    }

    @Override
    public void forceAll() {
      to.forceAll();
    }

    @Override
    public ReplayReport scanSegment(long segment, RecordVisitor visitor) {
      return to.scanSegment(segment, visitor);
    }

    @Override
    public long startPosition() {
      return to.startPosition();
    }

    @Override
    public List<Segment> segments() {
      return to.segments();
    }

    @Override
    public long activeSegment() {
      return to.activeSegment();
    }

    @Override
    public void dropSegment(long segment) {
      to.dropSegment(segment);
    }

    @Override
    public long diskBytes() {
      return to.diskBytes();
    }

    @Override
    public void close() {
      to.close();
    }
  }

  /** Files that are never forced. */
  private static final class UnforcedStorage extends ForwardingStorage {
    UnforcedStorage(Storage to) {
      super(to);
    }

    @Override
    protected StorageFile wrap(StorageFile file) {
      return new ForwardingFile(file) {
        @Override
        public void force() {
          // The bug.
        }
      };
    }

    @Override
    public void forceDirectory(Path directory) {
      // The bug.
    }
  }
}
