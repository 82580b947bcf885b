package io.millrace.engine;

import io.millrace.engine.journal.ChronicleJournal;
import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalConfig;
import io.millrace.engine.shard.Durability;
import io.millrace.engine.shard.ShardConfig;
import io.millrace.engine.shard.ShardCounters;
import io.millrace.engine.shard.ShardRuntime;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A durable set of standard queues with Amazon SQS semantics, in this process.
 *
 * <pre>{@code
 * try (Engine engine = Engine.open(EngineConfig.at(Path.of("data")))) {
 *   QueueName orders = new QueueName("orders");
 *   engine.submit(new Request.CreateQueue(Caller.LOCAL, orders, Map.of())).join();
 *   engine.submit(new Request.SendMessage(Caller.LOCAL, orders, OutgoingMessage.of("hello"))).join();
 *   Reply reply = engine.submit(new Request.ReceiveMessage(Caller.LOCAL, orders, 10, 20, 30)).join();
 *   for (ReceivedMessage message : ((Reply.MessagesReceived) reply).messages()) {
 *     engine.submit(new Request.DeleteMessage(Caller.LOCAL, orders, message.receiptHandle())).join();
 *   }
 * }
 * }</pre>
 *
 * <p>What an acknowledged change survives is the configuration's {@link Durability}; {@code
 * POWER_LOSS} is the default.
 *
 * <p>Threads: {@link #submit} may be called from any. The engine has a shard thread, a flusher, one
 * for background work and, unless callbacks were configured, one that completes futures. None of
 * them spins.
 *
 * <p>The JVM needs the flags Chronicle Queue needs; without them {@link #open} fails and names
 * them.
 */
public final class Engine implements QueueService, AutoCloseable {

  /** A checkpoint may take so much of one turn: other queues' requests wait no longer for it. */
  private static final long CAPTURE_NANOS_PER_TURN = 500_000;

  private final EngineConfig config;
  private final DataDirectory directory;
  private final ShardRuntime shard;
  private final ShardCounters counters;
  private final ReadTime time;
  private final ExecutorService background;
  private final @Nullable ExecutorService ownCallbacks;

  private Engine(
      EngineConfig config,
      DataDirectory directory,
      ShardRuntime shard,
      ShardCounters counters,
      ReadTime time,
      ExecutorService background,
      @Nullable ExecutorService ownCallbacks) {
    this.config = config;
    this.directory = directory;
    this.shard = shard;
    this.counters = counters;
    this.time = time;
    this.background = background;
    this.ownCallbacks = ownCallbacks;
  }

  /**
   * Opens a data directory, recovers what is in it, and serves.
   *
   * @throws DataDirectoryBusyException if another engine has it open
   * @throws IOException if the directory cannot be read or written, or what it holds cannot be
   *     recovered
   * @throws IllegalStateException if the JVM lacks the flags Chronicle Queue needs; the message
   *     names them
   */
  public static Engine open(EngineConfig config) throws IOException {
    DataDirectory directory = DataDirectory.open(config.data(), config.storage());
    ExecutorService background = Executors.newSingleThreadExecutor(daemon("millrace-background"));
    ExecutorService ownCallbacks =
        config.callbacks().isPresent()
            ? null
            : Executors.newSingleThreadExecutor(daemon("millrace-callbacks"));
    try {
      Journal journal =
          ChronicleJournal.open(
              directory.journal(), journalConfig(config), config.storage(), background);
      ShardCounters counters = new ShardCounters();
      Executor callbacks =
          Optional.<Executor>ofNullable(ownCallbacks)
              .or(config::callbacks)
              .orElseThrow(() -> new AssertionError("one of the two is there"));
      ShardRuntime shard;
      try {
        shard =
            ShardRuntime.open(
                shardConfig(config),
                directory.shard(),
                journal,
                config.storage(),
                directory.receiptSeal(),
                directory.starts(),
                counters,
                config.observer(),
                new SplittableRandom(new SecureRandom().nextLong()),
                background,
                callbacks);
      } catch (IOException | RuntimeException | Error e) {
        journal.close();
        throw e;
      }
      ReadTime time = new ReadTime(config.time().apply(shard.recoveredNowMs()));
      if (config.loop().isPresent()) {
        shard.startOn(config.loop().get(), time::nowMs);
      } else {
        shard.start(time::nowMs);
      }
      return new Engine(config, directory, shard, counters, time, background, ownCallbacks);
    } catch (IOException | RuntimeException | Error e) {
      background.shutdownNow();
      if (ownCallbacks != null) {
        ownCallbacks.shutdownNow();
      }
      directory.close();
      throw e;
    }
  }

  private static JournalConfig journalConfig(EngineConfig config) {
    JournalConfig journal =
        config.durability() == Durability.POWER_LOSS
            ? JournalConfig.powerLoss()
            : JournalConfig.processCrash();
    return journal.withSegmentBytes(config.segmentBytes()).withLeadBytes(config.preparedBytes());
  }

  private static ShardConfig shardConfig(EngineConfig config) {
    return new ShardConfig(
        config.durability(),
        config.limits(),
        config.region(),
        config.account(),
        config.pendingBytesMax(),
        config.checkpointBytes(),
        config.carryBytesPerSecond(),
        CAPTURE_NANOS_PER_TURN,
        config.delivery());
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public CompletableFuture<Reply> submit(Request request) {
    return shard.submit(request);
  }

  /** What the engine was opened with. */
  public EngineConfig config() {
    return config;
  }

  /** The engine's numbers; any thread may read them. */
  public ShardCounters counters() {
    return counters;
  }

  /**
   * The engine's time as of its last turn, at most a second ago, in ms since the epoch. Ages of its
   * messages are told by this clock, which need not be the machine's. Any thread.
   */
  public long nowMs() {
    return time.lastReadMs;
  }

  /** What broke the engine; empty while it is well. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(shard.failure());
  }

  /**
   * Stops: requests in progress are answered, waiting polls come back empty, a last checkpoint is
   * written and the journal ends cleanly.
   */
  @Override
  public void close() throws IOException {
    try {
      shard.close();
    } finally {
      stop(background);
      if (ownCallbacks != null) {
        stop(ownCallbacks);
      }
      directory.close();
    }
  }

  private static void stop(ExecutorService executor) {
    executor.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (executor.awaitTermination(10, TimeUnit.SECONDS)) {
          break;
        }
        executor.shutdownNow();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A clock that one thread reads, and what it read last for all others. */
  private static final class ReadTime {

    private final Time time;

    /** Written by the thread that turns the shard, read by any. */
    private volatile long lastReadMs;

    ReadTime(Time time) {
      this.time = time;
      this.lastReadMs = time.nowMs();
    }

    long nowMs() {
      long now = time.nowMs();
      if (now != lastReadMs) {
        lastReadMs = now;
      }
      return now;
    }
  }
}
