package io.millrace.chaos.scenario;

import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.serve.ChaosAdmin;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sets a server's faults, and hears of every one that fires there. The two processes share the
 * machine's monotonic clock, so instants need no translation.
 *
 * <p>Threads: opened, set and closed by one; it listens on one of its own.
 */
final class FaultFeed implements AutoCloseable {

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final ChaosAdmin setting;
  private final Consumer<FaultLog.Line> listener;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "fault-feed");
            thread.setDaemon(true);
            return thread;
          });

  /** Of the listening thread; and of the closing one, once that has ended. */
  private final ChaosAdmin listening;

  /** Written by the listening thread, read by the closing one. */
  private volatile @Nullable IOException broken;

  private FaultFeed(URI admin, Consumer<FaultLog.Line> listener) {
    this.setting = new ChaosAdmin(admin);
    this.listening = new ChaosAdmin(admin);
    this.listener = listener;
  }

  /** Listens from the first fault on. */
  static FaultFeed open(URI admin, Consumer<FaultLog.Line> listener) {
    FaultFeed feed = new FaultFeed(admin, listener);
    var unused =
        feed.timer.scheduleWithFixedDelay(feed::listen, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return feed;
  }

  /** Puts a policy in force. */
  void set(ChaosPolicy policy) throws IOException {
    setting.set(policy);
  }

  /**
   * Hears everything that fired so far, and no more.
   *
   * @throws IOException if something may have been missed
   */
  @Override
  public void close() throws IOException {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("the server's faults are not told in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while listening to faults", e);
    }
    IOException before = broken;
    if (before != null) {
      throw before;
    }
    listening.news().forEach(listener);
  }

  private void listen() {
    try {
      if (broken == null) {
        listening.news().forEach(listener);
      }
    } catch (IOException e) {
      broken = e;
    }
  }
}
