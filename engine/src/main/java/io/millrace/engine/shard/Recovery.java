package io.millrace.engine.shard;

import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.Position;
import io.millrace.engine.journal.ReplayReport;
import io.millrace.engine.queue.QueueMachine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a shard's queues back: the newest checkpoint that can be used, then the journal from
 * there, then a force of all that was replayed, so that the first reply rests on what is durable.
 * Damage is named in the log, record by record.
 *
 * <p>Threads: whoever opens.
 */
final class Recovery {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final long NANOS_PER_MS = 1_000_000;

  private final Journal journal;
  private final BlockFile blocks;
  private final Catalogue catalogue;
  private final CheckpointFiles files;
  private final ShardCounters counters;

  /** Records for queues that are gone, or whose creation was damaged. */
  private long orphans;

  Recovery(
      Journal journal,
      BlockFile blocks,
      Catalogue catalogue,
      CheckpointFiles files,
      ShardCounters counters) {
    this.journal = journal;
    this.blocks = blocks;
    this.catalogue = catalogue;
    this.files = files;
    this.counters = counters;
  }

  /**
   * Fills the catalogue.
   *
   * @return the checkpoints that are kept, oldest first
   * @throws IOException if the directory cannot be read, or no checkpoint can that the journal
   *     needs, or the disk has no room for what is replayed
   */
  List<CheckpointImage> run() throws IOException {
    long startedAt = System.nanoTime();
    List<CheckpointImage> kept = restoreNewest();
    long replayFrom = kept.isEmpty() ? 0 : kept.get(kept.size() - 1).replayFrom();
    ReplayReport report;
    try {
      report = journal.replay(replayFrom, this::replay);
    } catch (BacklogFullException full) {
      throw new IOException(full.getMessage() + ": make room and start again", full);
    }
    for (ReplayReport.Damage damage : report.damaged()) {
      LOG.error("the journal is damaged in {}; what stood there is lost", damage);
    }
    journal.forceAll();
    catalogue.startCounting();
    counters.recoveryRecords.set(report.records());
    counters.recoveryQuarantined.set(report.damaged().size());
    counters.recoveryMs.set((System.nanoTime() - startedAt) / NANOS_PER_MS);
    LOG.info(
        "recovered {} queues in {} ms: {} records replayed, {} for queues since deleted, log ended {}",
        catalogue.queues().size(),
        counters.recoveryMs.get(),
        report.records(),
        orphans,
        report.ending());
    return kept;
  }

  /** Restores from the newest checkpoint and returns those that are kept, oldest first. */
  private List<CheckpointImage> restoreNewest() throws IOException {
    List<CheckpointImage> images = new ArrayList<>();
    for (CheckpointImage image : files.readAll()) {
      if (images.size() < 2 && reachable(image)) {
        images.add(image);
      } else {
        files.delete(image.ordinal());
      }
    }
    if (images.isEmpty()) {
      if (journal.startPosition() > 0) {
        throw new IOException(
            "no checkpoint can be read, and the journal before segment "
                + Position.segment(journal.startPosition())
                + " is gone");
      }
      return List.of();
    }
    CheckpointImage newest = images.get(0);
    blocks.resumeAt(newest.ordinal());
    restore(newest);
    if (images.size() == 1) {
      return List.of(newest);
    }
    keep(images.get(1));
    return List.of(images.get(1), newest);
  }

  private boolean reachable(CheckpointImage image) {
    for (CheckpointImage.Queue queue : image.queues()) {
      for (int block : queue.backlog().blocks()) {
        if (block != BlockFile.NO_BLOCK && !blocks.reaches(block)) {
          LOG.warn("checkpoint {} names blocks that are not there", image.ordinal());
          return false;
        }
      }
    }
    return true;
  }

  private void restore(CheckpointImage image) {
    BitSet seen = new BitSet();
    catalogue.restore(
        image.nextQueueNumber(), image.nowMs(), image.deletions(), image.namesOfDeleted());
    for (CheckpointImage.Queue queue : image.queues()) {
      for (int block : queue.backlog().blocks()) {
        if (block != BlockFile.NO_BLOCK) {
          if (seen.get(block)) {
            throw new AssertionError("block " + block + " belongs to two queues");
          }
          seen.set(block);
          blocks.adopt(block);
        }
      }
      MappedBacklog backlog = new MappedBacklog(blocks, catalogue.live());
      backlog.restore(queue.backlog());
      QueueMachine machine =
          QueueMachine.restore(
              queue.number(),
              queue.name(),
              queue.attributes(),
              queue.machine(),
              catalogue.inFlightMax(),
              backlog);
      catalogue.add(machine, backlog, queue.appliedBelow());
    }
  }

  /**
   * The older checkpoint's blocks stay as they are, in case the newest cannot be read next time.
   */
  private void keep(CheckpointImage older) {
    for (CheckpointImage.Queue queue : older.queues()) {
      for (int block : queue.backlog().blocks()) {
        if (block != BlockFile.NO_BLOCK) {
          blocks.adoptReleased(block, older.ordinal());
        }
      }
    }
  }

  private void replay(long position, int frameBytes, ByteBuffer record) {
    boolean applied =
        catalogue.apply(
            EventCodec.decode(record), EventCodec.nowMs(record), position, record.remaining());
    if (!applied) {
      orphans++;
    }
  }
}
