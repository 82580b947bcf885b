package io.millrace.engine.wire;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a connection waits for, and how much longer it will. One alarm a connection, re-armed only
 * when it rings or must ring earlier: a busy connection moves its deadline with every request and
 * touches no timer.
 *
 * <p>Threads: the connection's event loop.
 */
final class Patience {

  /** What is awaited, and so which bound applies. */
  enum Awaited {
    /** The service, or room in the pipeline: the client cannot be blamed. */
    NOTHING,
    REQUEST,
    HEAD,
    BODY,
    /** The client to take its answers. */
    OUTPUT,
    /** The client to hang up. */
    END
  }

  /** A body's rate is looked at this often, once its grace is over. */
  private static final int RATE_LOOK_MS = 1_000;

  private final EventLoop eventLoop;
  private final WireConfig.Times times;
  private final LongSupplier nanos;
  private final Runnable lost;

  private Awaited awaited = Awaited.REQUEST;
  private long sinceNanos;
  private int bodyBytes;
  private @Nullable ScheduledFuture<?> alarm;
  private long alarmAtNanos;

  /**
   * @param lost run on the loop when patience is lost; {@link #awaited} says over what
   */
  Patience(EventLoop eventLoop, WireConfig.Times times, LongSupplier nanos, Runnable lost) {
    this.eventLoop = eventLoop;
    this.times = times;
    this.nanos = nanos;
    this.lost = lost;
  }

  Awaited awaited() {
    return awaited;
  }

  /** Notes that the connection did something worth waiting for at that moment. */
  void renew(long nowNanos) {
    sinceNanos = nowNanos;
  }

  /** Notes how much of the body awaited has come. */
  void bodyBytes(int bytes) {
    bodyBytes = bytes;
  }

  /** Notes that what was awaited came: the next wait is a new one, also for the same. */
  void satisfied() {
    awaited = Awaited.NOTHING;
  }

  /** Waits for that from now on, unless it already does. */
  void await(Awaited what) {
    if (what != awaited) {
      awaited = what;
      // The wait for a request counts from the last answer; no clock is read for it.
      if (what != Awaited.REQUEST && what != Awaited.NOTHING) {
        sinceNanos = nanos.getAsLong();
      }
    }
    if (what != Awaited.NOTHING) {
      arm();
    }
  }

  /** Waits for nothing any more. */
  void stop() {
    awaited = Awaited.NOTHING;
    disarm();
  }

  private void arm() {
    long dueNanos = sinceNanos + TimeUnit.MILLISECONDS.toNanos(nextLookMs());
    if (alarm == null || alarmAtNanos - dueNanos > 0) {
      disarm();
      alarmAtNanos = dueNanos;
      alarm =
          eventLoop.schedule(
              this::ring, Math.max(0, dueNanos - nanos.getAsLong()), TimeUnit.NANOSECONDS);
    }
  }

  private void disarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  private void ring() {
    alarm = null;
    if (awaited == Awaited.NOTHING) {
      return;
    }
    if (isLost()) {
      lost.run();
    } else {
      arm();
    }
  }

  /** How long after its beginning the present wait is next looked at. */
  private long nextLookMs() {
    return switch (awaited) {
      case NOTHING, REQUEST, OUTPUT -> times.idleMax();
      case HEAD -> times.headMax();
      case END -> times.lingerMax();
      case BODY -> {
        long elapsedMs = elapsedMs();
        yield elapsedMs < times.bodyGrace()
            ? Math.min(times.bodyGrace(), times.bodyMax())
            : Math.min(times.bodyMax(), elapsedMs + RATE_LOOK_MS);
      }
    };
  }

  private boolean isLost() {
    long elapsedMs = elapsedMs();
    if (awaited != Awaited.BODY) {
      return elapsedMs >= nextLookMs();
    }
    return elapsedMs >= times.bodyMax()
        || (elapsedMs >= times.bodyGrace()
            && bodyBytes * 1000L < times.bodyBytesPerSecondMin() * elapsedMs);
  }

  private long elapsedMs() {
    return TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - sinceNanos);
  }
}
