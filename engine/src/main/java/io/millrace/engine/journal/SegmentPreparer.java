package io.millrace.engine.journal;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps prepared space ahead of the writer: in the active segment, then a next segment.
 *
 * <p>The lead over the writer, which comes on top of the reserve, grows to 16 MiB while demand
 * lasts, so that an idle journal holds little disk and a busy one never waits. Once half of it is
 * used up it is made whole again, in steps of at most 1 MiB on a handed-in executor: the zeros are
 * dirty pages, and a force that meets them has to write them too. Where a step comes too late the
 * appender does what it needs itself, or waits for the part of a running step it needs.
 *
 * <p>Where replies wait for forces, a lead that is fully grown means more: a next segment is zeroed
 * and forced from end to end while the active one is written, a small piece for each stretch of
 * records, and the active one, if it is not whole itself, ends where its zeros end. A force that
 * meets new zeros in its own file writes them, and commits the file's new length too; these meet
 * none, and share the device with one small piece at a time.
 *
 * <p>Threads: {@link #require}, {@link #poke} and {@link #takeNext} by the appender, {@link #step}
 * and {@link #piece} by the executor, one at a time.
 */
final class SegmentPreparer {

  /** Makes the file of the next segment, ready to append to. */
  @FunctionalInterface
  interface SegmentMaker {
    PreparedSegment make(long bytes) throws IOException;
  }

  /** How far the lead grows while demand lasts. */
  private static final long GROWN_LEAD_BYTES = 16L << 20;

  private static final long STEP_BYTES_MAX = 1L << 20;

  /** How much of a next segment is zeroed and forced at once beside the forces of an active one. */
  private static final long PIECE_BYTES = 256L << 10;

  /** So a next segment is whole when a quarter of its length has been written. */
  private static final long PIECES_A_STRETCH = 4;

  private static final long WAIT_NANOS = 20_000;

  private final JournalConfig config;
  private final SegmentMaker maker;
  private final Executor background;

  /** Guards all preparation; never held while anyone waits for a device's cache to be flushed. */
  private final ReentrantLock work = new ReentrantLock();

  /** Whether a step is handed to the executor and not done. */
  private final AtomicBoolean stepDue = new AtomicBoolean();

  /**
   * Written by the appender under {@link #work}; read by steps under it, by the appender freely.
   */
  private volatile PreparedSegment active;

  /** Written under {@link #work}. */
  private volatile @Nullable PreparedSegment next;

  /**
   * How far preparation shall be ahead, the reserve not counted; written under {@link #work}, read
   * by the appender.
   */
  private volatile long leadBytes;

  /** How far the active segment is written; appender writes, steps read. */
  private volatile long writtenTo;

  /** The offset from which on another piece is due; the appender's. */
  private long pieceDueAt;

  /** Set when the file system refused; the appender's own attempt is then the judge. */
  private volatile boolean refused;

  /** Why a segment that was prepared cannot be trusted; the appender is told. */
  private volatile @Nullable IOException broken;

  private volatile boolean closed;

  SegmentPreparer(
      PreparedSegment first, JournalConfig config, SegmentMaker maker, Executor background) {
    this.active = first;
    this.config = config;
    this.leadBytes = config.leadBytes();
    this.maker = maker;
    this.background = background;
  }

  /**
   * Returns when the active segment is prepared to one offset and the next to another.
   *
   * @param nextTo 0 if no next segment is needed yet
   * @throws NoSpaceException if there is no room
   */
  void require(long activeTo, long nextTo) throws IOException {
    IOException failure = broken;
    if (failure != null) {
      throw new IOException("prepared space could not be forced", failure);
    }
    while (!isReady(activeTo, nextTo)) {
      if (!work.tryLock()) {
        // A step is running; it publishes as it goes.
        LockSupport.parkNanos(WAIT_NANOS);
        continue;
      }
      try {
        active.prepareTo(activeTo);
        if (nextTo > 0) {
          PreparedSegment ahead = next;
          if (ahead == null) {
            next = maker.make(nextTo);
          } else {
            ahead.prepareTo(nextTo);
          }
        }
        refused = false;
      } finally {
        work.unlock();
      }
    }
  }

  private boolean isReady(long activeTo, long nextTo) {
    if (active.preparedTo() < activeTo) {
      return false;
    }
    PreparedSegment ahead = next;
    return nextTo == 0 || (ahead != null && ahead.preparedTo() >= nextTo);
  }

  /** Hands a step to the executor if the writer comes near the end of what is prepared. */
  void poke(long offset) {
    writtenTo = offset;
    if (refused || broken != null) {
      return;
    }
    if (isBelow(leadBytes / 2)) {
      if (stepDue.compareAndSet(false, true)) {
        handOver(this::firstStep);
      }
    } else if (isWhole()
        && offset >= pieceDueAt
        && !isNextWhole()
        && stepDue.compareAndSet(false, true)) {
      pieceDueAt = offset + PIECE_BYTES / PIECES_A_STRETCH;
      handOver(this::piece);
    }
  }

  private void handOver(Runnable task) {
    try {
      background.execute(task);
    } catch (RejectedExecutionException e) {
      // An executor that is shut down: the appender prepares for itself from now on.
      stepDue.set(false);
    }
  }

  private boolean isBelow(long lead) {
    long activeTo = active.preparedTo();
    if (activeTo < config.segmentBytes()) {
      return !isNextWhole() && activeTo - writtenTo < config.reserveBytes() + lead;
    }
    // All of it is prepared: the next segment is due once this one is half full.
    PreparedSegment ahead = next;
    return !isWhole()
        && writtenTo > config.segmentBytes() / 2
        && (ahead == null || ahead.preparedTo() < headStart());
  }

  /** What a next segment is prepared to before it is needed, while demand is not lasting. */
  private long headStart() {
    return Math.min(config.segmentBytes(), config.reserveBytes() + leadBytes);
  }

  /** Whether segments are prepared from end to end: forces are waited for, and demand lasts. */
  private boolean isWhole() {
    return forcesAhead() && leadBytes >= GROWN_LEAD_BYTES;
  }

  private boolean isNextWhole() {
    PreparedSegment ahead = next;
    return ahead != null && ahead.preparedTo() >= config.segmentBytes();
  }

  /**
   * Whether the active segment ends before an offset: it is not prepared as far, and one that is
   * prepared from end to end stands ready. Any thread.
   */
  boolean endsBefore(long offset) {
    long activeTo = active.preparedTo();
    return activeTo < config.segmentBytes() && offset > activeTo && isNextWhole();
  }

  private boolean forcesAhead() {
    return config.unforcedBytesMax() > 0;
  }

  /** The writer came near: from now on it shall have further to go. */
  private void firstStep() {
    work.lock();
    try {
      leadBytes = Math.max(config.leadBytes(), Math.min(GROWN_LEAD_BYTES, leadBytes * 2));
    } finally {
      work.unlock();
    }
    step();
  }

  private void step() {
    boolean taken = attempt(this::prepareOneStep);
    if (taken && isBelow(leadBytes)) {
      handOver(this::step);
    } else {
      stepDue.set(false);
    }
  }

  /** A piece of the next segment. */
  private void piece() {
    attempt(this::preparePiece);
    stepDue.set(false);
  }

  /** A part of preparation, taken under {@link #work}, that says which segment it was taken in. */
  @FunctionalInterface
  private interface Part {
    PreparedSegment take() throws IOException;
  }

  /** Takes a part and forces what it zeroed; whether there may be another. */
  private boolean attempt(Part part) {
    PreparedSegment prepared;
    work.lock();
    try {
      if (closed) {
        return false;
      }
      prepared = part.take();
    } catch (IOException | RuntimeException | InternalError e) {
      // Not lost: the appender meets the same trouble when it needs the space, and reports it.
      refused = true;
      return false;
    } finally {
      work.unlock();
    }
    if (forcesAhead()) {
      force(prepared);
    }
    return !closed && broken == null;
  }

  private PreparedSegment prepareOneStep() throws IOException {
    long stepBytes = Math.min(STEP_BYTES_MAX, leadBytes);
    if (active.preparedTo() < config.segmentBytes()) {
      extend(active, stepBytes, config.segmentBytes());
      return active;
    }
    return prepareNext(stepBytes, headStart());
  }

  private PreparedSegment preparePiece() throws IOException {
    return prepareNext(PIECE_BYTES, config.segmentBytes());
  }

  /** Makes the next segment, or zeroes more of it. */
  private PreparedSegment prepareNext(long bytes, long limit) throws IOException {
    PreparedSegment ahead = next;
    if (ahead == null) {
      ahead = maker.make(JournalConfig.LEAD_BYTES_MIN);
      next = ahead;
    } else {
      extend(ahead, bytes, limit);
    }
    return ahead;
  }

  private static void extend(PreparedSegment segment, long bytes, long limit) throws IOException {
    segment.prepareTo(Math.min(limit, segment.preparedTo() + bytes));
  }

  /** Takes the zeros, and the change of the file's length, off the forces that replies wait for. */
  private void force(PreparedSegment prepared) {
    try {
      prepared.forceZeros();
    } catch (IOException e) {
      if (!closed && isAhead(prepared)) {
        broken = e; // The force of records would be told too: this spares them going there.
      }
    }
  }

  /**
   * Whether records still go there, or will; else all of it is forced by whoever forces records.
   */
  private boolean isAhead(PreparedSegment segment) {
    return segment == active || segment == next;
  }

  /** Makes the next segment the active one and returns it. */
  PreparedSegment takeNext() {
    work.lock();
    try {
      PreparedSegment ahead = next;
      if (ahead == null) {
        throw new IllegalStateException("no next segment was required");
      }
      active = ahead;
      next = null;
      writtenTo = 0;
      pieceDueAt = 0;
      return ahead;
    } finally {
      work.unlock();
    }
  }

  /** Bytes prepared in the next segment. */
  long nextBytes() {
    PreparedSegment ahead = next;
    return ahead == null ? 0 : ahead.preparedTo();
  }

  /** Ends all steps and returns the next segment, if there is one, for its maker to remove. */
  @Nullable PreparedSegment stop() {
    work.lock();
    try {
      closed = true;
      PreparedSegment ahead = next;
      next = null;
      return ahead;
    } finally {
      work.unlock();
    }
  }
}
