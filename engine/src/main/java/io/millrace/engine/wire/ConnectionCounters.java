package io.millrace.engine.wire;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the endpoint's connections did since it opened. Event loops write, any thread reads. */
public final class ConnectionCounters {

  /** Connections accepted, the refused ones included. */
  public final LongAdder accepted = new LongAdder();

  /** Connections turned away with 503 because the bound on open connections was reached. */
  public final LongAdder turnedAway = new LongAdder();

  /** Requests refused before their action was known: no HTTP, too long, wrong method. */
  public final LongAdder refused = new LongAdder();

  /** Connections closed because a request came too slowly (408). */
  public final LongAdder timedOut = new LongAdder();

  /** Polls withdrawn because their connection closed. */
  public final LongAdder cancelledPolls = new LongAdder();

  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong unfinishedInputBytes = new AtomicLong();
  private final AtomicLong heldReplyBytes = new AtomicLong();

  /** Connections open now. */
  public int open() {
    return open.get();
  }

  /** Bytes held of bodies that have not come to their end, of all connections together. */
  public long unfinishedInputBytes() {
    return unfinishedInputBytes.get();
  }

  /** Takes room for bytes of an unfinished body; whether there was any. */
  boolean takeInput(int bytes, long max) {
    if (unfinishedInputBytes.addAndGet(bytes) <= max) {
      return true;
    }
    unfinishedInputBytes.addAndGet(-bytes);
    return false;
  }

  void returnInput(int bytes) {
    unfinishedInputBytes.addAndGet(-bytes);
  }

  /** Bytes of received messages that their clients have not taken yet, of all connections. */
  public long heldReplyBytes() {
    return heldReplyBytes.get();
  }

  void holdReply(long bytes) {
    heldReplyBytes.addAndGet(bytes);
  }

  void letReplyGo(long bytes) {
    heldReplyBytes.addAndGet(-bytes);
  }

  int opened() {
    accepted.increment();
    return open.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }
}
