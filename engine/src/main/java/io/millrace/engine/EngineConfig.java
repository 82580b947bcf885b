package io.millrace.engine;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.JournalConfig;
import io.millrace.engine.journal.Storage;
import io.millrace.engine.queue.DeliveryPolicy;
import io.millrace.engine.shard.Durability;
import io.millrace.engine.shard.ShardConfig;
import io.millrace.engine.shard.ShardObserver;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.QueueName;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * What an engine is opened with. Start from {@link #at} and replace what differs:
 *
 * <pre>{@code
 * EngineConfig config = EngineConfig.at(Path.of("data")).withDurability(Durability.PROCESS_CRASH);
 * }</pre>
 *
 * @param data directory; made if it is missing, locked while the engine is open
 * @param durability what an acknowledged change survives
 * @param limits of messages and batches
 * @param account of queue ARNs, twelve digits
 * @param region of queue ARNs
 * @param segmentBytes size of a journal segment, 64 KiB to 1 GiB
 * @param preparedBytes how far ahead of the writer the journal's disk space is made ready at least,
 *     from 64 KiB; while demand lasts the lead grows to 16 MiB if that is more
 * @param pendingBytesMax requests in progress may hold so many bytes; beyond it they are refused
 * @param checkpointBytes journal bytes between two checkpoints: what a recovery replays at most,
 *     about twice
 * @param carryBytesPerSecond how fast sparse segments are carried forward
 * @param time makes the clock, given the latest moment on record in ms since the epoch
 * @param callbacks completes callers' futures; empty for a thread of the engine's own
 * @param loop a single-threaded executor that turns the shard between its other tasks; empty for a
 *     thread of the engine's own. It must outlive the engine
 * @param storage the port all file operations pass
 * @param observer told of appends and forces
 * @param delivery decides, by queue, which of the waiting messages a receive takes; asked at each
 *     receive, by the shard's thread
 */
public record EngineConfig(
    Path data,
    Durability durability,
    Limits limits,
    String account,
    String region,
    long segmentBytes,
    long preparedBytes,
    long pendingBytesMax,
    long checkpointBytes,
    long carryBytesPerSecond,
    LongFunction<Time> time,
    Optional<Executor> callbacks,
    Optional<ScheduledExecutorService> loop,
    Storage storage,
    ShardObserver observer,
    Function<QueueName, DeliveryPolicy> delivery) {

  public static final String DEFAULT_REGION = "us-east-1";

  private static final long SEGMENT_BYTES = 128L << 20;
  private static final long PENDING_BYTES_MAX = 32L << 20;
  private static final long CHECKPOINT_BYTES = 32L << 20;
  private static final long CARRY_BYTES_PER_SECOND = 16L << 20;

  public EngineConfig {
    if (!Caller.isAccount(account)) {
      throw new IllegalArgumentException("an account is twelve digits, not '" + account + "'");
    }
  }

  /** The defaults, over a data directory. */
  public static EngineConfig at(Path data) {
    return new EngineConfig(
        data,
        Durability.POWER_LOSS,
        Limits.CURRENT,
        Caller.DEFAULT_ACCOUNT,
        DEFAULT_REGION,
        SEGMENT_BYTES,
        JournalConfig.LEAD_BYTES_MIN,
        PENDING_BYTES_MAX,
        CHECKPOINT_BYTES,
        CARRY_BYTES_PER_SECOND,
        Time::system,
        Optional.empty(),
        Optional.empty(),
        new FileStorage(),
        ShardObserver.NONE,
        ShardConfig.QUEUE_ORDER);
  }

  public EngineConfig withDurability(Durability level) {
    return with(draft -> draft.durability = level);
  }

  public EngineConfig withLimits(Limits newLimits) {
    return with(draft -> draft.limits = newLimits);
  }

  /** Other names in queue ARNs. */
  public EngineConfig withIdentity(String newAccount, String newRegion) {
    return with(
        draft -> {
          draft.account = newAccount;
          draft.region = newRegion;
        });
  }

  /** Other sizes of the journal's segments and of the stretch between checkpoints. */
  public EngineConfig withJournal(long newSegmentBytes, long newCheckpointBytes) {
    return with(
        draft -> {
          draft.segmentBytes = newSegmentBytes;
          draft.checkpointBytes = newCheckpointBytes;
        });
  }

  /**
   * Keeps more of the disk ready ahead of the writer: bursts of so much prepare nothing beside it.
   */
  public EngineConfig withPrepared(long newPreparedBytes) {
    return with(draft -> draft.preparedBytes = newPreparedBytes);
  }

  /** A clock of the caller's; it is read by one thread, and must not go back. */
  public EngineConfig withTime(Time clock) {
    return withTimeFrom(notBefore -> clock);
  }

  /** The same, made once the latest moment on record is known, in ms since the epoch. */
  public EngineConfig withTimeFrom(LongFunction<Time> clock) {
    return with(draft -> draft.time = clock);
  }

  /**
   * Completes futures on this executor; {@code Runnable::run} means on the engine's own threads.
   */
  public EngineConfig withCallbacks(Executor executor) {
    return with(draft -> draft.callbacks = Optional.of(executor));
  }

  /**
   * Turns the shard on an event loop: a request decided where it was decoded needs no thread to
   * wake.
   */
  public EngineConfig withLoop(ScheduledExecutorService eventLoop) {
    return with(draft -> draft.loop = Optional.of(eventLoop));
  }

  public EngineConfig withStorage(Storage port) {
    return with(draft -> draft.storage = port);
  }

  public EngineConfig withObserver(ShardObserver newObserver) {
    return with(draft -> draft.observer = newObserver);
  }

  /** Another order of delivery; the function may answer differently from one call to the next. */
  public EngineConfig withDelivery(Function<QueueName, DeliveryPolicy> policies) {
    return with(draft -> draft.delivery = policies);
  }

  private EngineConfig with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finished(data);
  }

  /**
   * What may differ between two configurations of one data directory, while it is being changed.
   */
  private static final class Draft {
    private Durability durability;
    private Limits limits;
    private String account;
    private String region;
    private long segmentBytes;
    private long preparedBytes;
    private final long pendingBytesMax;
    private long checkpointBytes;
    private final long carryBytesPerSecond;
    private LongFunction<Time> time;
    private Optional<Executor> callbacks;
    private Optional<ScheduledExecutorService> loop;
    private Storage storage;
    private ShardObserver observer;
    private Function<QueueName, DeliveryPolicy> delivery;

    private Draft(EngineConfig from) {
      durability = from.durability;
      limits = from.limits;
      account = from.account;
      region = from.region;
      segmentBytes = from.segmentBytes;
      preparedBytes = from.preparedBytes;
      pendingBytesMax = from.pendingBytesMax;
      checkpointBytes = from.checkpointBytes;
      carryBytesPerSecond = from.carryBytesPerSecond;
      time = from.time;
      callbacks = from.callbacks;
      loop = from.loop;
      storage = from.storage;
      observer = from.observer;
      delivery = from.delivery;
    }

    private EngineConfig finished(Path data) {
      return new EngineConfig(
          data,
          durability,
          limits,
          account,
          region,
          segmentBytes,
          preparedBytes,
          pendingBytesMax,
          checkpointBytes,
          carryBytesPerSecond,
          time,
          callbacks,
          loop,
          storage,
          observer,
          delivery);
    }
  }
}
