package io.millrace.chaos.figures;

import io.millrace.chaos.attribution.Attribution;
import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.MergedHistory;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.Second;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What a run's history says in figures: latencies by phase, the timeline, and counts that are no
 * checker's business.
 */
public final class RunFigures {

  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;

  private final RunPhases phases;
  private final Attribution attribution;
  private final LatencyLog latencies;
  private final Histogram sendDelayNs = LatencyLog.newHistogram();
  private final Passages passages = new Passages(this::count);
  private final Buckets intended = new Buckets(SECOND);
  private final Buckets acknowledged = new Buckets(SECOND);
  private final Buckets delivered = new Buckets(SECOND);
  private final Buckets queueChanges = new Buckets(SECOND);
  private final BitSet orders = new BitSet();
  private final BitSet present = new BitSet();
  private final BitSet deletedOnce = new BitSet();
  private final SortedMap<String, Long> errors = new TreeMap<>();
  private long ordersSent;
  private long receivedBeforeAck;
  private long unknownSends;
  private long unknownSendsDelivered;
  private long unknownDeletes;

  private RunFigures(RunPhases phases, Attribution attribution) {
    this.phases = phases;
    this.attribution = attribution;
    this.latencies = new LatencyLog(phases.windows());
  }

  /**
   * Reads the logs in a directory.
   *
   * @param phases as found in the same logs
   * @param attribution told of every message of the steady phase
   * @throws IOException if a log cannot be read
   */
  public static RunFigures read(Path directory, RunPhases phases, Attribution attribution)
      throws IOException {
    RunFigures figures = new RunFigures(phases, attribution);
    try (MergedHistory history = MergedHistory.open(directory)) {
      Optional<Entry> next = history.next();
      while (next.isPresent()) {
        figures.take(next.get());
        next = history.next();
      }
    }
    figures.passages.finish();
    return figures;
  }

  /** Publish, receive and end-to-end latencies by phase and second. */
  public LatencyLog latencies() {
    return latencies;
  }

  /** Intended to actual send instant of each order's first attempt in the steady phase, in ns. */
  public Histogram sendDelayNs() {
    return sendDelayNs;
  }

  /** Failed and unknown operations by error code. */
  public SortedMap<String, Long> errors() {
    return Collections.unmodifiableSortedMap(errors);
  }

  /**
   * Orders whose send was acknowledged or of unknown outcome; an order that was only ever refused
   * was not sent.
   */
  public long ordersSent() {
    return ordersSent;
  }

  /** Attempts with a confirmed delete, each once. */
  public long deletedMessages() {
    return deletedOnce.cardinality();
  }

  /** Messages received before their sender had the answer; their receive latency counts as 0. */
  public long receivedBeforeAck() {
    return receivedBeforeAck;
  }

  /** Sends of unknown outcome that were under way between kill and recovery. */
  public long unknownSends() {
    return unknownSends;
  }

  /** Those of them that were received after all. */
  public long unknownSendsDelivered() {
    return unknownSendsDelivered;
  }

  /** Deletes of unknown outcome that were under way between kill and recovery. */
  public long unknownDeletes() {
    return unknownDeletes;
  }

  /** The run second by second. */
  public List<Second> timeline(int windowSeconds) {
    return latencies.timeline(
        windowSeconds,
        intended.counts(),
        acknowledged.counts(),
        delivered.counts(),
        queueChanges.sums());
  }

  private void take(Entry entry) {
    passages.take(entry);
    // The entries of a batch are counted one by one; the batch as a whole is no further error.
    if (entry.ending() != Ending.OK && !(entry instanceof Entry.Batch)) {
      errors.merge(entry.reason(), 1L, Long::sum);
    }
    if (entry instanceof Entry.Send send) {
      takeSend(send);
    } else if (entry instanceof Entry.Receive poll) {
      delivered.add(poll.returnedNs(), poll.deliveries().size());
      for (Delivery delivery : poll.deliveries()) {
        if (isCountable(delivery.attempt())) {
          setPresent(delivery.attempt(), true, poll.returnedNs());
        }
      }
    } else if (entry instanceof Entry.Delete delete) {
      takeDelete(delete);
    }
  }

  private void takeSend(Entry.Send send) {
    if (!orders.get(Math.toIntExact(send.order()))) {
      orders.set((int) send.order());
      intended.add(send.intendedNs(), 1);
      if (latencies.phaseOf(send.intendedNs() / MS) == Phase.STEADY) {
        sendDelayNs.recordValue(Math.max(0, send.invokedNs() - send.intendedNs()));
      }
    }
    if (send.ending() != Ending.FAIL) {
      ordersSent++;
    }
    if (send.ending() == Ending.OK) {
      acknowledged.add(send.returnedNs(), 1);
      long intendedMs = send.intendedNs() / MS;
      latencies.record(Kind.PUBLISH, intendedMs, send.returnedNs() - send.intendedNs());
      latencies.record(Kind.SERVICE, intendedMs, send.returnedNs() - send.invokedNs());
      if (!deletedOnce.get((int) send.attempt())) {
        setPresent(send.attempt(), true, send.returnedNs());
      }
    }
  }

  private void takeDelete(Entry.Delete delete) {
    if (delete.ending() == Ending.INFO && isOfTheKill(delete)) {
      unknownDeletes++;
    }
    if (delete.ending() != Ending.FAIL && isCountable(delete.attempt())) {
      setPresent(delete.attempt(), false, delete.returnedNs());
      if (delete.ending() == Ending.OK) {
        deletedOnce.set((int) delete.attempt());
      }
    }
  }

  private void count(Passage passage) {
    Entry.Send send = passage.send();
    if (send.ending() == Ending.INFO && isOfTheKill(send)) {
      unknownSends++;
      if (passage.wasReceived()) {
        unknownSendsDelivered++;
      }
    }
    long intendedMs = send.intendedNs() / MS;
    if (latencies.phaseOf(intendedMs) == Phase.STEADY) {
      attribution.note(instants(passage));
    }
    if (!passage.wasReceived()) {
      return;
    }
    latencies.record(Kind.END_TO_END, intendedMs, passage.receivedNs() - send.intendedNs());
    long visibleNs = send.ending() == Ending.OK ? send.returnedNs() : send.invokedNs();
    long waitedNs = passage.receivedNs() - Math.max(visibleNs, passage.polledNs());
    if (waitedNs < 0) {
      receivedBeforeAck++;
    }
    latencies.record(Kind.RECEIVE, intendedMs, Math.max(0, waitedNs));
  }

  private static Attribution.Passage instants(Passage passage) {
    Entry.Send send = passage.send();
    return new Attribution.Passage(
        send.intendedNs(),
        send.invokedNs(),
        send.ending() == Ending.OK ? send.returnedNs() : Attribution.NEVER,
        passage.polledNs(),
        passage.receivedNs());
  }

  private boolean isOfTheKill(Entry entry) {
    return phases.kill().isPresent()
        && entry.returnedNs() >= phases.kill().get().invokedNs()
        && entry.invokedNs() <= phases.recoveredNs().orElse(Long.MAX_VALUE);
  }

  private void setPresent(long attempt, boolean now, long atNs) {
    if (present.get((int) attempt) != now) {
      present.set((int) attempt, now);
      queueChanges.add(atNs, now ? 1 : -1);
    }
  }

  private static boolean isCountable(long attempt) {
    return attempt >= 0 && attempt <= Integer.MAX_VALUE;
  }
}
