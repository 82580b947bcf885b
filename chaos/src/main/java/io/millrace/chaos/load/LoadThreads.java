package io.millrace.chaos.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads of one kind, started together and joined together; the first that dies of an error is
 * remembered.
 */
public final class LoadThreads {

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private LoadThreads() {}

  /** Starts a daemon thread for each worker. */
  public static <T> LoadThreads start(String name, List<T> workers, Consumer<T> work) {
    LoadThreads started = new LoadThreads();
    for (T worker : workers) {
      Thread thread = new Thread(() -> work.accept(worker), name + "-" + started.threads.size());
      thread.setDaemon(true);
      thread.setUncaughtExceptionHandler(
          (dead, reason) -> started.failure.compareAndSet(null, reason));
      started.threads.add(thread);
    }
    started.threads.forEach(Thread::start);
    return started;
  }

  /** Whether any of them still runs. */
  public boolean anyAlive() {
    return threads.stream().anyMatch(Thread::isAlive);
  }

  /**
   * Waits for all of them to end.
   *
   * @throws IOException if they do not end in time, one had died of an error, or this thread is
   *     interrupted
   */
  public void join(Duration timeout) throws IOException {
    long deadlineNs = System.nanoTime() + timeout.toNanos();
    try {
      for (Thread thread : threads) {
        thread.join(Math.max(1, (deadlineNs - System.nanoTime()) / 1_000_000));
        if (thread.isAlive()) {
          throw new IOException(thread.getName() + " did not end within " + timeout);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for load threads", e);
    }
    check();
  }

  /**
   * Looks whether they are well.
   *
   * @throws IOException if one had died of an error
   */
  public void check() throws IOException {
    Throwable reason = failure.get();
    if (reason != null) {
      throw new IOException("a load thread died: " + reason, reason);
    }
  }
}
