package io.millrace.engine.shard;

import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalFailedException;
import io.millrace.engine.journal.Position;
import io.millrace.engine.journal.Segment;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes checkpoints without stopping the shard, and drops journal segments that no checkpoint
 * needs.
 *
 * <pre>
 *   IDLE ──due──► CAPTURING ──all queues──► AWAITING ──journal durable──► WRITING ──────► DISCARDING ──► IDLE
 *   room made,    some queues a turn                                      blocks forced,  old file gone,
 *   a step a turn                                                         file written    then its blocks
 * </pre>
 *
 * <p>It begins only when every block it may capture could be copied: what comes after must not find
 * the disk full. Where there is no such room it is put off.
 *
 * <p>A checkpoint becomes visible only when everything it refers to is durable: the journal up to
 * the last capture, and the captured blocks. It goes in the opposite order: first its file, and
 * only then what it referred to. The deletion is not forced: after a power cut the file may be
 * there again. A segment goes when it held nothing live at the capture and every event in it lies
 * before the older of the two checkpoints kept: its deletes may concern older segments that live
 * on.
 *
 * <p>What cannot be deleted stays kept, with all it refers to, and is tried again after the next
 * checkpoint.
 *
 * <p>Threads: the shard's; writing and discarding are one step each of the background executor.
 */
final class Checkpointer {

  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  /** The newest, and one more in case the newest turns out damaged. */
  private static final int KEPT = 2;

  /** How long a checkpoint for which there was no room is put off. */
  private static final long PUT_OFF_MS = 1_000;

  private static final long WHENEVER = Long.MIN_VALUE;

  private enum Phase {
    IDLE,
    CAPTURING,
    AWAITING,
    WRITING,
    DISCARDING
  }

  private final Journal journal;
  private final BlockFile blocks;
  private final Catalogue catalogue;
  private final CheckpointFiles files;
  private final Flusher flusher;
  private final ShardCounters counters;
  private final Executor background;
  private final long intervalBytes;
  private final long captureNanosPerTurn;

  private Phase phase = Phase.IDLE;
  private int ordinal;
  private boolean asked;

  /** Whether room is being made for the checkpoint that is due. */
  private boolean makingRoom;

  /** No checkpoint begins before this time, in ms since the epoch; {@link #WHENEVER} if any may. */
  private long putOffUntilMs = WHENEVER;

  private long bytesAtBegin;
  private long replayFrom;
  private long capturedTo;
  private final ArrayDeque<QueueEntry> toCapture = new ArrayDeque<>();
  private List<CheckpointImage.Queue> captured = new ArrayList<>();
  private @Nullable CheckpointImage skeleton;
  private List<Long> deadSegments = List.of();

  /** Checkpoints that may be on disk, oldest first: two, and those that are still to go. */
  private final ArrayDeque<Kept> kept = new ArrayDeque<>();

  /**
   * How the background step ended; written there as its last act, read and cleared by the shard.
   */
  private volatile Outcome outcome = Outcome.NONE;

  /** What the background step did and what broke it; written there, read once it has ended. */
  private int checkpointsDeleted;

  private int segmentsDropped;
  private @Nullable Throwable broken;

  private enum Outcome {
    NONE,
    DONE,
    FAILED,
    BROKEN
  }

  private record Kept(int ordinal, long replayFrom) {}

  Checkpointer(ShardContext context, CheckpointFiles files, Flusher flusher) {
    this.journal = context.journal();
    this.blocks = context.blocks();
    this.catalogue = context.catalogue();
    this.files = files;
    this.flusher = flusher;
    this.counters = context.counters();
    this.background = context.background();
    this.intervalBytes = context.config().checkpointBytes();
    this.captureNanosPerTurn = context.config().captureNanosPerTurn();
  }

  /** Checkpoints found at start, oldest first. */
  void resume(List<CheckpointImage> images) {
    for (CheckpointImage image : images) {
      kept.add(new Kept(image.ordinal(), image.replayFrom()));
      ordinal = Math.max(ordinal, image.ordinal());
    }
  }

  /** Asks for a checkpoint as soon as possible. */
  void ask() {
    asked = true;
  }

  /** Whether nothing is under way. */
  boolean isIdle() {
    return phase == Phase.IDLE && !asked && !makingRoom;
  }

  /** Whether room is being made or queues are being captured, some of it a turn. */
  boolean isCapturing() {
    return makingRoom || phase == Phase.CAPTURING;
  }

  /** Whether the next step waits for the journal to become durable. */
  boolean awaitsDurable() {
    return phase == Phase.AWAITING;
  }

  /** One step of the work that is due, if any. Returns whether something was done. */
  boolean step(long atMs) {
    return switch (phase) {
      case IDLE -> begin(atMs);
      case CAPTURING -> capture(atMs);
      case AWAITING -> startWriting();
      case WRITING -> finishWriting(atMs);
      case DISCARDING -> finishDiscarding();
    };
  }

  private boolean begin(long atMs) {
    boolean due = counters.journalBytes.get() - bytesAtBegin >= intervalBytes;
    if ((!due && !asked) || atMs < putOffUntilMs) {
      return false;
    }
    BlockFile.Room room = blocks.roomForCheckpoint();
    makingRoom = room == BlockFile.Room.GROWING;
    if (makingRoom) {
      return true;
    }
    if (room == BlockFile.Room.REFUSED) {
      if (putOffUntilMs == WHENEVER) {
        LOG.warn("no checkpoint: the disk has no room for the copies it would force");
      }
      asked = false;
      putOffUntilMs = atMs + PUT_OFF_MS;
      return false;
    }
    putOffUntilMs = WHENEVER;
    asked = false;
    bytesAtBegin = counters.journalBytes.get();
    ordinal = blocks.beginCheckpoint();
    replayFrom = journal.tailPosition();
    toCapture.addAll(catalogue.snapshot());
    captured = new ArrayList<>(toCapture.size());
    phase = Phase.CAPTURING;
    return true;
  }

  private boolean capture(long atMs) {
    long startedAt = System.nanoTime();
    boolean room = true;
    while (!toCapture.isEmpty() && room) {
      QueueEntry entry = toCapture.remove();
      if (catalogue.find(entry.machine.queueNumber()) != entry) {
        continue; // deleted meanwhile
      }
      captured.add(
          new CheckpointImage.Queue(
              entry.machine.queueNumber(),
              entry.machine.name(),
              entry.machine.attributes(),
              journal.tailPosition(),
              entry.machine.snapshot(),
              entry.backlog.capture()));
      room = System.nanoTime() - startedAt < captureNanosPerTurn;
    }
    if (toCapture.isEmpty()) {
      // Only now: queues captured last know of a later moment than those captured first, and a
      // queue that was deleted before its capture is known by its name alone.
      skeleton =
          new CheckpointImage(
              ordinal,
              replayFrom,
              atMs,
              catalogue.nextQueueNumber(),
              new LinkedHashMap<>(catalogue.deletions()),
              new LinkedHashMap<>(catalogue.namesOfDeleted()),
              List.of());
      blocks.endCapture();
      capturedTo = journal.tailPosition();
      deadSegments = deadSegments();
      flusher.requestForce();
      phase = Phase.AWAITING;
    }
    return true;
  }

  private List<Long> deadSegments() {
    List<Long> dead = new ArrayList<>();
    for (Segment segment : journal.segments()) {
      if (segment.number() != journal.activeSegment()
          && catalogue.live().bytes(segment.number()) == 0) {
        dead.add(segment.number());
      }
    }
    return dead;
  }

  /**
   * The journal's tail was written again at other positions: what was captured names the old ones.
   * A checkpoint under way is given up, and another asked for.
   */
  void tailRewritten() {
    if (phase == Phase.CAPTURING || phase == Phase.AWAITING) {
      toCapture.clear();
      captured = new ArrayList<>();
      skeleton = null;
      blocks.endCapture();
      phase = Phase.IDLE;
      asked = true;
    }
  }

  private boolean startWriting() {
    if (journal.durablePosition() < capturedTo) {
      return false;
    }
    CheckpointImage begun = skeleton;
    if (begun == null) {
      throw new AssertionError("no checkpoint was captured");
    }
    CheckpointImage image =
        new CheckpointImage(
            begun.ordinal(),
            begun.replayFrom(),
            begun.nowMs(),
            begun.nextQueueNumber(),
            begun.deletions(),
            begun.namesOfDeleted(),
            captured);
    captured = List.of();
    skeleton = null;
    phase = Phase.WRITING;
    inBackground(() -> write(image));
    return true;
  }

  private Outcome write(CheckpointImage image) {
    try {
      blocks.force();
      files.write(image);
      return Outcome.DONE;
    } catch (IOException e) {
      LOG.warn("checkpoint {} could not be written: {}", image.ordinal(), e.toString());
      return Outcome.FAILED;
    }
  }

  private boolean finishWriting(long atMs) {
    switch (ended()) {
      case NONE -> {
        return false;
      }
      case DONE -> {
        kept.add(new Kept(ordinal, replayFrom));
        counters.checkpoints.increment();
        counters.checkpointAtMs.set(atMs);
        startDiscarding();
      }
      default -> phase = Phase.IDLE; // the next interval tries again; the kept checkpoints stay
    }
    return true;
  }

  private void startDiscarding() {
    List<Kept> surplus = new ArrayList<>(kept);
    int keep = Math.min(KEPT, surplus.size());
    Kept oldest = surplus.get(surplus.size() - keep);
    surplus.subList(surplus.size() - keep, surplus.size()).clear();
    List<Long> droppable = new ArrayList<>();
    for (long segment : deadSegments) {
      if (keep == KEPT && segment < Position.segment(oldest.replayFrom())) {
        droppable.add(segment);
      }
    }
    phase = Phase.DISCARDING;
    inBackground(() -> discard(surplus, droppable));
  }

  /** Deletes checkpoints, then the segments that only they needed. */
  private Outcome discard(List<Kept> surplus, List<Long> droppable) {
    checkpointsDeleted = 0;
    segmentsDropped = 0;
    try {
      for (Kept old : surplus) {
        files.delete(old.ordinal());
        checkpointsDeleted++;
      }
      for (long segment : droppable) {
        journal.dropSegment(segment);
        segmentsDropped++;
      }
      return Outcome.DONE;
    } catch (IOException | JournalFailedException e) {
      LOG.warn("what is no longer needed could not be deleted: {}", e.toString());
      return Outcome.FAILED;
    }
  }

  private boolean finishDiscarding() {
    if (ended() == Outcome.NONE) {
      return false;
    }
    for (int i = 0; i < checkpointsDeleted; i++) {
      kept.remove();
    }
    blocks.oldestKept(kept.getFirst().ordinal());
    counters.segmentsDropped.add(segmentsDropped);
    phase = Phase.IDLE;
    return true;
  }

  private void inBackground(Supplier<Outcome> step) {
    background.execute(
        () -> {
          Outcome how = Outcome.BROKEN;
          try {
            how = step.get();
          } catch (RuntimeException | Error e) {
            broken = e;
            throw e;
          } finally {
            outcome = how;
          }
        });
  }

  /** How the background step ended, told once; our own bug there stops the shard. */
  private Outcome ended() {
    Outcome how = outcome;
    outcome = Outcome.NONE;
    if (how == Outcome.BROKEN) {
      throw new AssertionError("the background step of checkpoint " + ordinal + " broke", broken);
    }
    return how;
  }
}
