package io.millrace.chaos.load;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * What a run shows of itself while it runs. Written by every load thread; read by the progress line
 * and by scrapes. The figures of the report come from the history instead.
 */
public final class LiveFigures {

  /** Operations by their ending. */
  public static final class Tally {
    private final LongAdder ok = new LongAdder();
    private final LongAdder fail = new LongAdder();
    private final LongAdder unknown = new LongAdder();

    void add(Ending ending) {
      switch (ending) {
        case OK -> ok.increment();
        case FAIL -> fail.increment();
        case INFO -> unknown.increment();
      }
    }

    /** Ended with yes. */
    public long ok() {
      return ok.sum();
    }

    /** Surely had no effect. */
    public long fail() {
      return fail.sum();
    }

    /** Ended with nobody knowing. */
    public long unknown() {
      return unknown.sum();
    }
  }

  private static final long HIGHEST_NS = 3_600_000_000_000L;
  private static final int DIGITS = 2;

  private final Tally sends = new Tally();
  private final Tally polls = new Tally();
  private final Tally deletes = new Tally();
  private final LongAdder deliveries = new LongAdder();
  private final LongAdder repeats = new LongAdder();
  private final AtomicLong lastChangeNs = new AtomicLong();
  private final AtomicLong lastEmptyPollNs = new AtomicLong(-1);
  private final Recorder publishNs = new Recorder(HIGHEST_NS, DIGITS);

  void sent(Entry.Send send) {
    sends.add(send.ending());
    if (send.ending() != Ending.FAIL) {
      noteChange(send.returnedNs());
    }
    if (send.ending() == Ending.OK) {
      publishNs.recordValue(Math.max(0, send.returnedNs() - send.intendedNs()));
    }
  }

  void polled(Entry.Receive poll) {
    polls.add(poll.ending());
    if (!poll.deliveries().isEmpty()) {
      deliveries.add(poll.deliveries().size());
      poll.deliveries()
          .forEach(
              delivery -> {
                if (delivery.receiveCount() > 1) {
                  repeats.increment();
                }
              });
      noteChange(poll.returnedNs());
    } else if (poll.ending() == Ending.OK) {
      lastEmptyPollNs.accumulateAndGet(poll.invokedNs(), Math::max);
    }
  }

  void deleted(Entry.Delete delete) {
    deletes.add(delete.ending());
  }

  /** Sends by their ending. */
  public Tally sends() {
    return sends;
  }

  /** Polls by their ending. */
  public Tally polls() {
    return polls;
  }

  /** Deletes by their ending. */
  public Tally deletes() {
    return deletes;
  }

  /** Messages received, repeats included. */
  public long deliveries() {
    return deliveries.sum();
  }

  /** Messages received whose count was above one. */
  public long repeats() {
    return repeats.sum();
  }

  /** When the last send ended that may have added a message, or the last message was received. */
  public long lastChangeNs() {
    return lastChangeNs.get();
  }

  /** When the latest of the polls began that were answered with nothing; -1 before the first. */
  public long lastEmptyPollNs() {
    return lastEmptyPollNs.get();
  }

  /** Publish latencies since the last call, in ns. */
  public Histogram takePublishNs() {
    return publishNs.getIntervalHistogram();
  }

  private void noteChange(long atNs) {
    lastChangeNs.accumulateAndGet(atNs, Math::max);
  }
}
