package io.millrace.engine.shard;

import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalException;
import io.millrace.engine.journal.Storage;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.ReceiptSeal;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.millrace.engine.sqs.SqsError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard with everything it stands on: recovered from its directory ({@link Recovery}), then
 * turned by two threads, or by whoever calls {@link #turn} (a simulator, a test).
 *
 * <p>Threads: {@link #submit} any. With {@link #start} the threads {@code millrace-shard} and
 * {@code millrace-flusher} turn the shard and the flusher; without it both are turned by the caller
 * of {@link #turn}.
 */
public final class ShardRuntime implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardRuntime.class);
  private static final String BACKLOG_FILE = "backlog";
  private static final long NANOS_PER_MS = 1_000_000;

  /** How long a clean stop waits for the last checkpoint before it leaves the rest to recovery. */
  private static final long LAST_CHECKPOINT_MS = 10_000;

  private final Journal journal;
  private final BlockFile blocks;
  private final Inbox inbox;
  private final ReleaseQueue releases;
  private final Replies replies;
  private final Flusher flusher;
  private final Catalogue catalogue;
  private final Shard shard;

  private volatile boolean stopping;
  private volatile boolean shardStopped;
  private volatile boolean parked;
  private volatile @Nullable Throwable failure;
  private @Nullable Thread shardThread;

  /** Set once before the first request; read by whoever wakes the shard. */
  private volatile @Nullable LoopTurns loop;

  private @Nullable Thread flusherThread;

  private ShardRuntime(
      ShardContext context,
      CheckpointFiles files,
      List<CheckpointImage> checkpoints,
      int start,
      SplittableRandom ids,
      Executor callbacks) {
    this.journal = context.journal();
    this.blocks = context.blocks();
    this.catalogue = context.catalogue();
    this.inbox = new Inbox(context.config().pendingBytesMax());
    this.releases = new ReleaseQueue();
    this.replies = new Replies(callbacks, inbox);
    this.flusher =
        new Flusher(
            journal, releases, replies, context.counters(), context.observer(), this::wakeShard);
    Checkpointer checkpointer = new Checkpointer(context, files, flusher);
    checkpointer.resume(checkpoints);
    this.shard = new Shard(context, checkpointer, flusher, inbox, releases, replies, ids, start);
  }

  /**
   * Recovers a shard; nothing turns it yet.
   *
   * @param directory for the backlog and the checkpoints; made if it is missing
   * @param journal opened, not yet replayed; closed with the shard
   * @param start how many times the data was opened, this one included
   * @param ids message ids are drawn from it, on the thread that turns the shard
   * @param background runs what may block: checkpoint writing, segment deletion, listing
   * @param callbacks completes callers' futures, a batch a task
   * @throws IOException if the directory cannot be read or written, or no checkpoint can be read
   *     that the journal needs; then nothing is left open but the journal
   */
  public static ShardRuntime open(
      ShardConfig config,
      Path directory,
      Journal journal,
      Storage storage,
      ReceiptSeal seal,
      int start,
      ShardCounters counters,
      ShardObserver observer,
      SplittableRandom ids,
      Executor background,
      Executor callbacks)
      throws IOException {
    storage.createDirectories(directory);
    CheckpointFiles files = new CheckpointFiles(storage, directory);
    BlockFile blocks = BlockFile.open(storage, directory.resolve(BACKLOG_FILE));
    try {
      Catalogue catalogue = new Catalogue(blocks, counters, config.limits().inFlightMax());
      List<CheckpointImage> checkpoints =
          new Recovery(journal, blocks, catalogue, files, counters).run();
      ShardContext context =
          new ShardContext(
              config, journal, blocks, catalogue, seal, counters, observer, background);
      return new ShardRuntime(context, files, checkpoints, start, ids, callbacks);
    } catch (IOException | RuntimeException | Error e) {
      try {
        blocks.close();
      } catch (IOException inCleanup) {
        e.addSuppressed(inCleanup);
      }
      throw e;
    }
  }

  // ------------------------------------------------------------------------------------ serving

  /** The latest now on record: the clock must not start before it. */
  public long recoveredNowMs() {
    return catalogue.nowMs();
  }

  /** Leaves a request for the shard; see {@link io.millrace.engine.sqs.QueueService#submit}. */
  public CompletableFuture<Reply> submit(Request request) {
    Throwable broken = failure;
    if (broken != null) {
      return CompletableFuture.failedFuture(broken);
    }
    if (stopping) {
      return refused("The service is stopping.");
    }
    Call call = new Call(request, inbox);
    if (!inbox.offer(call)) {
      return refused("Too many requests are in progress.");
    }
    wakeShard();
    if (shardStopped) {
      drainAfterStop(); // the shard's last turn may have missed this call
    }
    return call;
  }

  private static CompletableFuture<Reply> refused(String why) {
    return CompletableFuture.completedFuture(
        new Reply.Failed(new SqsError(ErrorCode.SERVICE_UNAVAILABLE, why)));
  }

  private synchronized void drainAfterStop() {
    Throwable broken = failure;
    replies.fail(inbox.takeAll(), broken != null ? broken : new JournalStoppedException());
  }

  private void wakeShard() {
    LoopTurns turns = loop;
    if (turns != null) {
      turns.request();
    } else if (parked) {
      LockSupport.unpark(shardThread);
    }
  }

  /**
   * Turns the shard and the flusher once, for callers that turn them without threads.
   *
   * @return how much was done
   */
  public int turn(long nowMs) {
    return turnShard(nowMs) + turnFlusher();
  }

  /**
   * Turns the shard alone: the flusher may be in the middle of a force that takes its time.
   *
   * @return how much was done
   */
  public int turnShard(long nowMs) {
    return shard.doWork(nowMs);
  }

  /**
   * Turns the flusher until it has nothing left to do.
   *
   * @return how much was done
   */
  public int turnFlusher() {
    int done = 0;
    while (flusher.doWork()) {
      done++;
    }
    return done;
  }

  /** When a turn is due even if nothing comes in, in ms since the epoch. */
  public long nextDeadlineMs() {
    return shard.nextDeadlineMs();
  }

  /** Starts the two threads. */
  public void start(LongSupplier clock) {
    Thread flusherLoop = new Thread(this::runFlusher, "millrace-flusher");
    Thread shardLoop = new Thread(() -> run(clock), "millrace-shard");
    flusherThread = flusherLoop;
    shardThread = shardLoop;
    flusherLoop.setDaemon(true);
    shardLoop.setDaemon(true);
    flusherLoop.start();
    shardLoop.start();
  }

  /**
   * Lets an event loop turn the shard between its other tasks, so that a request which arrives
   * there is decided there without waking another thread. The flusher keeps a thread of its own.
   *
   * @param eventLoop runs one task at a time; it must outlive {@link #close}
   */
  public void startOn(ScheduledExecutorService eventLoop, LongSupplier clock) {
    Thread flusherLoop = new Thread(this::runFlusher, "millrace-flusher");
    flusherThread = flusherLoop;
    flusherLoop.setDaemon(true);
    flusherLoop.start();
    loop = new LoopTurns(eventLoop, clock);
    loop.request();
  }

  /**
   * Turns the shard on an event loop: one task however many requests asked for a turn, and a timer
   * for the next deadline. Everything but {@link #request} runs on the loop.
   */
  private final class LoopTurns {
    private final ScheduledExecutorService eventLoop;
    private final LongSupplier clock;
    private final AtomicBoolean requested = new AtomicBoolean();
    private long timerAtMs = Long.MAX_VALUE;

    private LoopTurns(ScheduledExecutorService eventLoop, LongSupplier clock) {
      this.eventLoop = eventLoop;
      this.clock = clock;
    }

    /** Asks for a turn; any thread. */
    private void request() {
      if (!requested.get() && requested.compareAndSet(false, true)) {
        eventLoop.execute(this::turn);
      }
    }

    private void onTimer() {
      timerAtMs = Long.MAX_VALUE;
      request();
    }

    private void turn() {
      requested.set(false);
      if (shardStopped) {
        return;
      }
      if (failure != null) {
        ended();
        return;
      }
      try {
        long nowMs = clock.getAsLong();
        shard.doWork(nowMs);
        if (shard.wantsAnotherTurn() || !shard.mayRest()) {
          request();
        }
        long deadlineMs = shard.nextDeadlineMs();
        if (deadlineMs < timerAtMs) {
          timerAtMs = deadlineMs;
          var unused =
              eventLoop.schedule(
                  this::onTimer, Math.max(1, deadlineMs - nowMs), TimeUnit.MILLISECONDS);
        }
      } catch (RuntimeException | Error e) {
        broke(e);
        ended();
      }
    }

    /** The last turns of a clean stop. */
    private void stop() {
      if (shardStopped) {
        return;
      }
      try {
        finish(clock);
      } catch (RuntimeException | Error e) {
        broke(e);
      } finally {
        ended();
      }
    }
  }

  private void broke(Throwable cause) {
    if (cause instanceof JournalException || cause instanceof BacklogFullException) {
      LOG.error("the shard has stopped: {}", cause.getMessage());
    } else {
      LOG.error("the shard has stopped", cause);
    }
    failure = cause;
  }

  /** No turn comes after this: whoever still waits learns why. */
  private void ended() {
    shardStopped = true;
    Throwable broken = failure;
    if (broken != null) {
      shard.failAll(broken);
    }
    flusher.wake();
  }

  private void run(LongSupplier clock) {
    try {
      while (!stopping && failure == null) {
        long nowMs = clock.getAsLong();
        if (shard.doWork(nowMs) == 0) {
          rest(shard.nextDeadlineMs() - nowMs);
        }
      }
      if (failure == null) {
        finish(clock);
      }
    } catch (RuntimeException | Error e) {
      broke(e);
    } finally {
      ended();
    }
  }

  private void runFlusher() {
    try {
      flusher.run(() -> shardStopped);
    } catch (RuntimeException | Error e) {
      LOG.error("the flusher has stopped", e);
      failure = e;
      wakeShard();
    }
    Throwable broken = failure;
    if (broken != null) {
      replies.fail(releases.takeAll(), broken);
    }
  }

  private void rest(long ms) {
    parked = true;
    if (shard.mayRest() && !stopping && ms > 0) {
      LockSupport.parkNanos(this, ms * NANOS_PER_MS);
    }
    parked = false;
  }

  /**
   * The last turns of a clean stop: answer the polls, then one checkpoint, so that the next start
   * is quick.
   */
  private void finish(LongSupplier clock) {
    shard.doWork(clock.getAsLong());
    shard.stopPolls();
    shard.checkpointer().ask();
    long giveUpAtMs = clock.getAsLong() + LAST_CHECKPOINT_MS;
    while (!shard.checkpointer().isIdle() && clock.getAsLong() < giveUpAtMs) {
      if (shard.doWork(clock.getAsLong()) == 0) {
        LockSupport.parkNanos(this, NANOS_PER_MS);
      }
    }
  }

  /** What broke the shard; null while it is well. Any thread. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Stops taking requests, answers those in progress, and closes the journal cleanly. */
  @Override
  public void close() throws IOException {
    stopping = true;
    LoopTurns turns = loop;
    if (turns != null) {
      CompletableFuture.runAsync(turns::stop, turns.eventLoop).join();
    }
    join(shardThread);
    shardStopped = true;
    flusher.wake();
    join(flusherThread);
    while (failure == null && flusher.doWork()) {
      // what the shard handed over last is still released
    }
    Throwable broken = failure;
    replies.fail(releases.takeAll(), broken != null ? broken : new JournalStoppedException());
    drainAfterStop();
    try {
      if (broken == null) {
        journal.close();
      }
    } finally {
      blocks.close();
    }
  }

  private static void join(@Nullable Thread thread) {
    boolean interrupted = false;
    while (thread != null && thread.isAlive()) {
      LockSupport.unpark(thread);
      try {
        thread.join(10);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
