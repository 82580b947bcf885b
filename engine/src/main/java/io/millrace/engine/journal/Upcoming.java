package io.millrace.engine.journal;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A generation on its way: made by whoever comes first, a background thread or the one that needs
 * it. Any thread.
 */
final class Upcoming implements Runnable {

  private final AtomicBoolean begun = new AtomicBoolean();
  private final FutureTask<Generation> making;

  Upcoming(Callable<Generation> maker) {
    this.making = new FutureTask<>(maker);
  }

  /** Makes it, unless another thread has begun to. */
  @Override
  public void run() {
    if (begun.compareAndSet(false, true)) {
      making.run();
    }
  }

  /**
   * Returns it, made here or waited for.
   *
   * @throws IOException if the file system refused
   * @throws JournalException if Chronicle did
   */
  Generation get() throws IOException {
    run();
    try {
      return making.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof JournalException cause) {
        throw cause;
      }
      throw new JournalFailedException("Chronicle does not start", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Removes it if it was made, and sees to it that it is not made any more. */
  void discard() throws IOException {
    if (begun.compareAndSet(false, true)) {
      return;
    }
    Generation unused;
    try {
      unused = get();
    } catch (IOException | JournalException e) {
      return; // It was never needed, and what failed left nothing behind.
    }
    unused.discard();
  }
}
