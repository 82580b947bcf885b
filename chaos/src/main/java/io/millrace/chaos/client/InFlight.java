package io.millrace.chaos.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests are without an answer right now. Written by every client thread, read by
 * whoever wants to strike while something is under way.
 */
public final class InFlight {

  private final AtomicInteger sends = new AtomicInteger();
  private final AtomicInteger receives = new AtomicInteger();
  private final AtomicInteger deletes = new AtomicInteger();
  private final AtomicInteger messages = new AtomicInteger();

  /**
   * The counts at one instant.
   *
   * @param sends sends without an answer
   * @param receives polls without an answer
   * @param deletes delete requests without an answer
   * @param messages messages received whose delete has not ended
   */
  public record Snapshot(int sends, int receives, int deletes, int messages) {

    /** Requests that change the queue. */
    public int changes() {
      return sends + deletes;
    }
  }

  /** Now; each count is exact, the four need not be of the very same instant. */
  public Snapshot snapshot() {
    return new Snapshot(sends.get(), receives.get(), deletes.get(), messages.get());
  }

  /** Requests that change the queue and have no answer yet. */
  public int changes() {
    return sends.get() + deletes.get();
  }

  AtomicInteger sends() {
    return sends;
  }

  AtomicInteger receives() {
    return receives;
  }

  AtomicInteger deletes() {
    return deletes;
  }

  AtomicInteger messages() {
    return messages;
  }
}
